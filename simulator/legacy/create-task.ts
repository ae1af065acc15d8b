import { base58Check } from "../base58check";
import { sentinelCreateFault } from "../fault";
import { stringOf } from "../json";
import { allocateCpu, allocateGpus, allocateMemory, freeDisk, systemDiskKib } from "../miner/accounting";
import type { Authority } from "../miner/authority";
import { generic, type NodeRequest, Refused } from "../miner/request";
import type { Site } from "../miner/site";
import { atoi, fileTime, gib, wallTime } from "../size";
import { isRenting, orderOf } from "../world/chain";
import type { CreateFault } from "../world/job";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function refuse(text: string): never {
  throw new Refused(generic, text);
}

/** A whole number of at least `least`, written with digits alone. */
function number(text: string, least: number, refusal: string): number {
  const value = atoi(text);
  if (!/^[0-9]+$/.test(text) || value < least) refuse(refusal);
  return value;
}

/**
 * POST /tasks/start of old: seven texts, in the node's order of checks. It looks for no conflict of ports, takes no id
 * and no description, and makes another VM of every order.
 */
export function createTask(site: Site, request: NodeRequest, authority: Authority): string {
  const { dice, faults } = site.engine;
  const text = (name: string) => stringOf(request.additional, name);
  const sshPort = number(text("ssh_port"), 1, "ssh_port is invalid");
  if (text("vnc_port") === "") refuse("vnc port is not specified");
  const outside = "vnc port out of range, it should be between 5900 and 6000";
  const vncPort = number(text("vnc_port"), 5900, outside);
  if (vncPort > 6000) refuse(outside);
  const image = text("image_name");
  if (!image.endsWith("qcow2")) refuse("image_name is empty or image_name is invalid");
  const file = [...site.node.images, ...site.node.files].find((item) => item.name === image);
  if (file === undefined && sentinelCreateFault(image) === undefined) refuse("image does not exist");
  const cores = number(text("cpu_cores"), 1, "cpu_cores is invalid");
  const gpuCount = number(text("gpu_count"), 0, "gpu_count is invalid");
  const memoryKib = number(text("mem_size"), 1, "mem_size is invalid") * gib;
  const diskKib = number(text("disk_size"), 1, "disk_size is invalid") * gib;
  const cpu = allocateCpu(site, cores, 1) ?? refuse("allocate cpu failed");
  const all = site.node.hardware.gpus.map((_, index) => index);
  const gpus = allocateGpus(site, gpuCount, all) ?? refuse("allocate gpu failed");
  if (!allocateMemory(site, memoryKib, 1)) refuse("allocate mem failed");
  if (diskKib > freeDisk(site)) refuse("allocate disk failed");

  const { now } = site;
  const id = base58Check(`${dice.below(1_000_000)}${dice.below(1_000_000)}`);
  const path = (kind: string) => `/data/${kind}_${dice.below(100_000)}_${fileTime(now)}.qcow2`;
  const password = dice.text(1, letters) + dice.text(15, `${letters}0123456789`);
  site.node.tasks[id] = {
    id,
    wallet: authority.wallet,
    rentOrder: "",
    description: "",
    os: "ubuntu",
    bios: "legacy",
    image,
    publicIp: "",
    sshPort,
    rdpPort: 0,
    vncPort,
    vncPassword: password,
    loginUser: "",
    loginPassword: password,
    cpu,
    memoryKib,
    gpus,
    customPorts: [],
    multicast: [],
    network: "",
    networkFilters: [],
    interfaceModel: "virtio",
    disks: [
      { name: "vda", file: path("vm"), shownKib: systemDiskKib, realKib: (file?.virtualGib ?? 40) * gib },
      { name: "vdb", file: path("data"), shownKib: diskKib, realKib: diskKib },
    ],
    snapshots: [],
    snapshotStatus: {},
    createdAt: now,
    status: "creating",
    domain: null,
    bootedWith: null,
    forwarded: false,
    mac: `52:54:00:${[0, 0, 0].map(() => dice.hex(1)).join(":")}`,
    localIp: `192.168.122.${2 + dice.below(250)}`,
    uuid: dice.uuid(),
    log: [],
  };
  site.node.walletTasks[authority.wallet] = [...(site.node.walletTasks[authority.wallet] ?? []), id];
  const order = orderOf(site.node.orders, "", authority.wallet);
  if (order !== undefined && isRenting(order)) site.node.rentEnds[authority.wallet] = order.endBlock;
  site.engine.miner(site.node.id).enqueue({ kind: "create", fault: faultOf() }, id);
  return `{"errcode":0, "message":{"task_id":"${id}", "create_time":"${wallTime(now)}", "status":"creating"}}`;

  function faultOf(): CreateFault | undefined {
    const kinds = ["define-error", "boot-error", "no-address", "iptables-error", "agent-absent"] as const;
    const struck = faults.strike(kinds, {
      operation: request.operation,
      nodeId: site.node.id,
      taskId: id,
    })?.kind;
    const fault = kinds.find((kind) => kind === struck) ?? sentinelCreateFault(image);
    // here a password that can't be set ends the create
    return fault === "agent-absent" || !site.node.guestAgent ? "iptables-error" : fault;
  }
}
