import type { Outcome } from "../../core/errors";
import { LEGACY_SAYS } from "./legacy/texts";

/** Fields of a modify in the order in which the node applies them; a refusal of one leaves those before it in place. */
export const MODIFY_ORDER = [
  "publicIp",
  "sshPort",
  "rdpPort",
  "customPorts",
  "networkFilters",
  "vncPort",
  "gpuCount",
  "cpuCores",
  "memoryGib",
] as const;
export type ModifyField = (typeof MODIFY_ORDER)[number];

export interface Rule {
  readonly outcome: Outcome;
  /** What the user can do, as a clause. */
  readonly remedy?: string;
  /** The field of a modify at which the node stopped. */
  readonly field?: ModifyField;
}

/** A text of the node with at most one `*`, which stands for anything, and what it means. */
export type Row = readonly [text: string, outcome: Outcome, remedy?: string | undefined, field?: ModifyField];

const NO_IMAGE =
  "check the name: getImages lists what the image server, or the node, has (a server that can't be reached has nothing)";
const OTHER_PORT = "choose a port that no other VM of the node uses";
const GPUS_LEFT = "ask for fewer GPUs, or free some by powering off or deleting another VM of this node";
const CORES_LEFT = "ask for fewer cores, or power off another VM of this node";
const MEMORY_LEFT = "ask for less memory, or power off another VM of this node";
const IMAGE = "choose an image that the node has (getNode lists them), or download it to the node first";
const CORE_COUNT =
  "choose a number of cores that is a multiple of the machine's sockets times its threads per core";
const POWER_OFF = "power the VM off first";
const TRY_LATER = "try again in a minute";
const SESSION =
  "check that session id and signature belong together, to this node and to the present renter's wallet";

/**
 * Everything that a mining node is known to say with HTTP 200 and an errcode other than 0. Only refusals that come
 * before any effect may stand here as `refused`; what isn't listed is of unknown outcome (api/v1, DBC 0.4.1.8).
 */
const NODE_SAYS: readonly Row[] = [
  // authority, checked before anything else
  [
    "check authority failed: query machine_status failed",
    "unavailable",
    `the node can't reach the chain; ${TRY_LATER}`,
  ],
  ["check authority failed: unknown machine status", "unavailable", TRY_LATER],
  [
    "check authority failed: machine is not be rented",
    "rental-over",
    "nobody rents this machine now: rent it, or check nodeId (a rental that ended and was given back looks the same)",
  ],
  [
    "check authority failed: wallet not rented",
    "rental-over",
    "the machine is rented, but not by this account: check nodeId and the wallet, or rent it again",
  ],
  [
    "check authority failed: machine has already expired",
    "rental-over",
    "this account's rental has ended, or rentOrder is missing or wrong: renew the rental or set rentOrder",
  ],
  ["check authority failed: nonce check failed", "unauthorised", "check the wallet's seed"],
  ["check authority failed: session_id is invalid", "unauthorised", SESSION],
  [
    "check authority failed: not in verify time",
    "unauthorised",
    "the machine is being verified by the network",
  ],
  ["check authority failed*", "unauthorised"],
  ["no session id", "unavailable", TRY_LATER],
  ["request no pub_key", "unavailable", TRY_LATER],
  ["pub_key or priv_key is empty", "unavailable", TRY_LATER],
  ["*, please try again in a minute", "unavailable", TRY_LATER],
  // bare-metal ids
  ["bare metal nodes are not supported", "refused", "nodeId names a bare-metal server, which holds no VMs"],
  ["bare metal node has no machine info for now", "refused", "nodeId names a manager of bare-metal servers"],
  // create, in the node's order of checks
  ["wrong task id length", "refused"],
  ["task id requires a combination of letters or numbers", "refused"],
  ["task id already existed", "refused", "a VM with this id is on the node already"],
  ["order gpu index is empty", "refused", "set rentOrder to a rental order that holds GPUs"],
  ["gpu_count is invalid*", "refused"],
  ["gpu_count exceeds number of leases", "refused", "ask for no more GPUs than you rent"],
  [
    "only use the number what you exactly rented",
    "refused",
    "set gpuCount to the number of GPUs of the rental order",
  ],
  ["get gpu info failed", "refused"],
  ["allocate gpu failed", "refused", GPUS_LEFT, "gpuCount"],
  ["unsupported operation system*", "refused"],
  ["unsupported bios mode*", "refused"],
  ["image_name is empty", "refused"],
  ["'image_name' extension name is invalid", "refused", "an image's name ends in .qcow2"],
  ["'image_name' is not exist (path:*", "refused", IMAGE],
  [
    "'image_name':* in downloading or uploading, please try again later",
    "refused",
    "wait for the transfer's end",
  ],
  [
    "image backfile not exist: *",
    "refused",
    "download the image that this one is based on to the node as well",
  ],
  ["invalid public ip", "refused", "publicIp is a plain IPv4 or IPv6 address", "publicIp"],
  ["public ip being used", "refused", "another VM or the node itself has this address", "publicIp"],
  ["ssh_port is empty", "refused", "set sshPort"],
  ["ssh_port is not digit", "refused"],
  ["rdp_port is empty", "refused", "set rdpPort"],
  ["rdp_port is not digit", "refused"],
  ["vnc_port is empty", "refused", "set vncPort"],
  ["vnc_port is not digit", "refused"],
  ["vnc_port is invalid*", "refused", "vncPort is from 5900 to 65535"],
  ["port conflict, exist *", "refused", OTHER_PORT],
  ["cpu_cores is invalid", "refused"],
  ["allocate cpu failed", "refused", CORES_LEFT, "cpuCores"],
  ["mem_size is invalid", "refused"],
  ["allocate mem failed", "refused", MEMORY_LEFT],
  ["allocate memory failed", "refused", MEMORY_LEFT, "memoryGib"],
  ["disk_size is invalid*", "refused"],
  ["allocate disk failed", "refused", "ask for a smaller data disk, or free space in the node's /data"],
  ["data_file_name is not exist*", "refused", "dataFile names a file that is in the node's /data already"],
  [
    "can not find network info",
    "refused",
    "the node doesn't know this LAN: create it first, or wait until it has spread",
  ],
  ["invalid network info", "refused"],
  ["multicast format: ip:port", "refused"],
  ["address is not a multicast address", "refused"],
  ["invalid multicast port", "refused"],
  ["invalid interface model type", "refused"],
  // verbs
  ["task is running", "refused", "the VM runs"],
  ["task is *", "refused"],
  ["check cpu failed", "refused", CORE_COUNT],
  ["cpu count exceeds the maximum", "refused", CORES_LEFT],
  ["get cpu tune failed", "refused"],
  ["check gpu failed", "refused", GPUS_LEFT],
  ["check memory failed", "refused", MEMORY_LEFT],
  ["check ssh_port failed", "refused", `another VM took its port while it was off; ${OTHER_PORT}`],
  ["check rdp_port failed", "refused", `another VM took its port while it was off; ${OTHER_PORT}`],
  ["check vnc_port failed", "refused", `another VM took its port while it was off; ${OTHER_PORT}`],
  // modify: not atomic, see MODIFY_ORDER
  ["additional parse failed", "refused"],
  ["can not find iptable info when modify public ip", "refused", undefined, "publicIp"],
  ["can not find iptable info when modify ssh port", "refused", undefined, "sshPort"],
  ["can not find iptable info when modify rdp port", "refused", undefined, "rdpPort"],
  ["can not find iptable info when modify custom port", "refused", undefined, "customPorts"],
  ["new_ssh_port and new_rdp_port are the same!", "refused", undefined, "rdpPort"],
  ["new_ssh_port *", "refused", OTHER_PORT, "sshPort"],
  ["new_rdp_port *", "refused", OTHER_PORT, "rdpPort"],
  ["modify network filter error", "refused", undefined, "networkFilters"],
  ["new_vnc_port *", "refused", OTHER_PORT, "vncPort"],
  ["new gpu count is invalid", "refused", undefined, "gpuCount"],
  ["gpu rent order is empty", "refused", "set rentOrder", "gpuCount"],
  ["can not modify gpu count", "refused", "a rental of single GPUs fixes it", "gpuCount"],
  ["can not modify cpu cores", "refused", "a rental of single GPUs fixes it", "cpuCores"],
  ["can not modify mem size", "refused", "a rental of single GPUs fixes it", "memoryGib"],
  // passwd; what the guest's agent itself says can't be listed
  ["Only the running task can change the password", "refused", "start the VM first"],
  ["password can not be empty", "refused"],
  ["user name can not be empty", "refused"],
  [
    "Guest agent is not responding: QEMU guest agent is not connected",
    "refused",
    "wait until the VM has booted; its image needs a running qemu-guest-agent",
  ],
  // logs
  ["task log not exist", "not-found"],
  // disks
  ["parse xml failed", "refused"],
  ["'disk' is empty", "refused"],
  ["'size' is invalid", "refused"],
  ["task have no disk*", "not-found"],
  ["task no disk", "not-found"],
  ["please close task first and try again", "refused", POWER_OFF],
  ["can not allowed to delete disk:'vda'", "refused", "the system disk goes with its VM"],
  [
    "mount directory:* have no enough space",
    "refused",
    "choose another directory, or free space in this one",
  ],
  ["not exist mount directory: *", "refused", "choose a directory that the node has (getNode lists them)"],
  ["/* is not exist", "refused", "choose a directory that the node has (getNode lists them)"],
  // LANs, before anything is begun
  ["network name can not be empty", "refused"],
  ["network name requires a combination of 6 to 10 letters or numbers", "refused"],
  ["network name already existed", "refused", "the machine room has a LAN of this name: choose another"],
  ["network vni is full", "refused", "the machine room has no room for another LAN: delete one"],
  ["ip cidr can not be empty", "refused"],
  ["ip cidr already exist", "refused", "the node itself uses 192.168.122.0/24: choose another range"],
  ["invalid ip cidr", "refused"],
  ["invalid additional param", "refused"],
  ["wallet error, you are not the owner of the network", "refused", "only the account that made it may"],
  [
    "network is in used, please delete task in the network first",
    "refused",
    "delete the VMs that use it first",
  ],
  // monitor servers, before anything is begun
  ["can not enter more than two servers", "refused", "give at most two"],
  ["server not match format ip:port", "refused", "write each as host:port"],
  ["servers must be an array", "refused"],
  // images and transfers, before anything is begun
  ["no image_server", "refused"],
  ["additional no image_filename", "refused"],
  ["additional no local_dir", "refused"],
  ["image_filename is empty", "refused"],
  ["image:* not exist", "refused", NO_IMAGE],
  ["image:* in downloading", "refused", "wait for the download's end"],
  ["image:* in uploading", "refused", "wait for the upload's end"],
  ["image server is invalid", "refused", "check the client node's image_server setting"],
  ["query image file size failed", "refused", "check that the image server can be reached from the node"],
  ["image file:* is not exist", "refused"],
  [
    "image file is in downloading or uploading, please try again later",
    "refused",
    "wait for the transfer's end",
  ],
  // snapshots
  ["'snapshot_name' is empty", "refused"],
  ["not found vda's root backfile", "refused", "the VM's system disk stands on a file that is gone"],
  ["snapshot_name not exist", "not-found"],
  ["pxe not support disk", "refused", "a VM with bios pxe has no disks"],
];

const BAD_TEXT =
  "one of its VMs has a description that breaks the node's JSON (a quote, a backslash or a line break): remove that VM with the tool that made it";
const GIVE_CREDENTIALS =
  "give a session (DBC_SESSION_ID and DBC_SESSION_SIGN) or a wallet (DBC_WALLET_SEED), or the same as dbc: config secrets";

/** What the client node says itself; which statuses these go with is in `outcome.ts`. */
/** What the client node says of a node that it has heard nothing of for five minutes, without asking it. */
export const NODE_LOST = "create node request failed";

const CLIENT_NODE_SAYS: readonly Row[] = [
  ["wallet_sign and multisig_wallets all invalid", "unauthorised", GIVE_CREDENTIALS],
  ["session_id and wallet all invalid", "unauthorised", GIVE_CREDENTIALS],
  ["image_server not exist", "refused", "choose an image server that getImageServers lists"],
  [
    NODE_LOST,
    "unavailable",
    "the client node doesn't know this node: check nodeId and that the machine is on line; a client node that was just started needs a few minutes",
  ],
  [
    "create request session failed",
    "unavailable",
    "the client node has too many requests open; restart it if this lasts",
  ],
  [
    "broadcast request failed",
    "unavailable",
    "the client node is not connected to the network; check it and its firewall",
  ],
  ["network name not exist", "not-found"],
];

/** What the client node says with HTTP 500, when the request may be with the node already. */
const CLIENT_NODE_LOST: readonly Row[] = [
  ["* timeout", "unknown", "the node is slow or off line: check that its machine is up, then try again"],
  ["response parse error", "unknown", BAD_TEXT],
  ["http response parse error", "unknown", BAD_TEXT],
  ["Unhandled request", "unknown", "the client node may be too old for this call, or be shutting down"],
];

const lookUp =
  (rows: readonly Row[]) =>
  (said: string): Rule | undefined => {
    for (const [text, outcome, remedy, field] of rows) {
      const [start = "", end] = text.split("*");
      const isIt = end === undefined ? said === text : said.startsWith(start) && said.endsWith(end);
      if (isIt) return { outcome, ...(remedy && { remedy }), ...(field && { field }) };
    }
    return undefined;
  };

/** Everything known to be said, by who says it: the source of docs/errors.md. */
export const KNOWN_TEXTS = {
  "a node": NODE_SAYS,
  "a node of the older generation": LEGACY_SAYS,
  "the client node": CLIENT_NODE_SAYS,
  "the client node, when the request may have arrived": CLIENT_NODE_LOST,
} as const;

export const nodeRule = lookUp([...NODE_SAYS, ...LEGACY_SAYS]);
export const clientNodeRule = lookUp(CLIENT_NODE_SAYS);
export const lostRule = lookUp(CLIENT_NODE_LOST);
