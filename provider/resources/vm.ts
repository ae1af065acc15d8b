import { isIP, isIPv4 } from "node:net";
import * as z from "zod";
import { DURATION } from "../core/duration";
import { field, flag, list, nodeId, oneOf, port, text, whole } from "../core/fields";
import type { ArgsOf } from "../core/resource";
import { defineHolder } from "./holds";
import { factsIn } from "./power-book";
import { clashesBeside } from "./vm-beside";
import { changeVm } from "./vm-change";
import { createVm } from "./vm-create";
import { deleteVm } from "./vm-delete";
import { createLegacyVm } from "./vm-legacy";
import { vmPreflight } from "./vm-preview";
import { readVm } from "./vm-read";
import { refuse } from "./vm-refuse";
import { derive, rules } from "./vm-rules";
import { filesOf, thingOf } from "./vm-state";

const CREATE = "POST /tasks/start";
const MODIFY = "POST /tasks/modify/<task_id>";

const range = text(/^[1-9]\d{0,4}-[1-9]\d{0,4}$/, 'a port, or a range such as "8000-8010"');
const portOrRange = z.union([port(), range], { error: 'must be a port, or a range such as "8000-8010"' });
const duration = text(DURATION, 'a duration such as "90s" or "1h30m"').optional();
const qcow2 = text(/^(?!\.)[A-Za-z0-9._-]{1,200}\.qcow2$/, "the name of a .qcow2 file, without a folder");
const multicast = z.string({ error: 'must be text such as "230.0.0.1:5558"' }).refine(
  (value) => {
    const [ip = "", digits = "", ...rest] = value.split(":");
    const first = Number(ip.split(".")[0]);
    const at = Number(digits);
    return (
      rest.length === 0 &&
      isIPv4(ip) &&
      first >= 224 &&
      first <= 239 &&
      /^\d{1,5}$/.test(digits) &&
      at >= 1 &&
      at <= 65_535
    );
  },
  { error: 'must be a multicast address (224 to 239) and a port, such as "230.0.0.1:5558"' },
);

const portMap = z.strictObject(
  { protocol: oneOf(["tcp", "udp", "both"]), host: portOrRange, guest: portOrRange.optional() },
  { error: "must be an object { protocol, host, guest? }" },
);

const networkFilter = z.strictObject(
  {
    direction: oneOf(["in", "out", "inout"]),
    protocol: oneOf([
      "all",
      "tcp",
      "udp",
      "ssh",
      "rdp",
      "http",
      "https",
      "icmp",
      "ftp",
      "dns(udp)",
      "dns(tcp)",
    ]),
    port: z.union([port(), range, z.literal("all")], {
      error: 'must be a port, a range such as "8000-8010", or "all"',
    }),
    // the node ignores the mask: anything but "everything" and a single address would not do what it says
    cidr: text(
      /^(0\.0\.0\.0\/0|(\d{1,3}\.){3}\d{1,3}(\/32)?)$/,
      '"0.0.0.0/0" or a single IPv4 address (the node ignores other masks)',
    ),
    action: oneOf(["accept", "drop"]),
  },
  { error: "must be an object { direction, protocol, port, cidr, action }" },
);

/** Arguments of a VM. Order: where, what it boots, its size, its ports, its life. */
export const vmShape = {
  nodeId: field(
    { cost: "replace", wire: "peer_nodes_list", source: CREATE },
    nodeId().describe("Rented node that the VM runs on."),
  ),
  image: field(
    { cost: "replace", wire: "image_name", source: CREATE },
    qcow2.describe("Image on the node that the system disk is cloned from."),
  ),
  os: field(
    { cost: "replace", wire: "operation_system", source: CREATE },
    oneOf(["linux", "windows"]).default("linux").describe("Guest system; decides between SSH and RDP."),
  ),
  bios: field(
    { cost: "replace", wire: "bios_mode", source: CREATE },
    oneOf(["legacy", "uefi", "pxe"])
      .optional()
      .describe(
        "Firmware: `legacy` for Linux and `uefi` for Windows unless given; `pxe` boots from the network and has no disks, address or password.",
      ),
  ),
  lan: field(
    { cost: "replace", wire: "network_name", source: CREATE },
    text(/^[A-Za-z0-9]{6,10}$/, "the name of a LAN: 6 to 10 letters or digits")
      .optional()
      .describe("Private network to join."),
  ),
  multicast: field(
    { cost: "replace", wire: "multicast", source: CREATE },
    list(multicast).optional().describe("Multicast groups shared with other VMs, each as address:port."),
  ),
  dataFile: field(
    { cost: "replace", wire: "data_file_name", source: CREATE },
    z
      .strictObject(
        {
          name: qcow2,
          deletedWithVm: z.literal(true, {
            error: "must be written out as true: the node deletes the file together with the VM",
          }),
        },
        { error: "must be an object { name, deletedWithVm: true }" },
      )
      .optional()
      .describe(
        "Existing disk file in the node's /data to use as the data disk (vdb). The node deletes it with the VM.",
      ),
  ),
  interfaceModel: field(
    { cost: "replace", wire: "interface_model_type", source: CREATE },
    oneOf(["virtio", "e1000", "rtl8139"]).default("virtio").describe("Model of the network card."),
  ),
  cpuCores: field(
    { cost: "needsStop", wire: "cpu_cores", source: MODIFY },
    whole(1, 1_024).describe("Virtual CPU cores."),
  ),
  memoryGib: field(
    { cost: "needsStop", wire: "mem_size", source: MODIFY },
    whole(1, 65_536, "GiB").describe("Memory in GiB."),
  ),
  gpuCount: field(
    { cost: "needsStop", wire: "gpu_count", source: MODIFY },
    whole(0, 64).default(0).describe("Whole GPUs passed through."),
  ),
  dataDiskGib: field(
    { cost: "needsStop", wire: "disk_size", source: "POST /disk/resize/<task_id>" },
    whole(1, 1_048_576, "GiB")
      .optional()
      .describe("Size of the first data disk (vdb) in GiB; it can grow, never shrink."),
  ),
  vncPort: field(
    { cost: "needsStop", wire: "vnc_port", source: MODIFY },
    port(5_900).describe("Port of the VNC console on the node."),
  ),
  sshPort: field(
    { cost: "live", wire: "ssh_port", source: MODIFY },
    port()
      .optional()
      .describe(
        "Port of the node that leads to the VM's SSH (Linux). With `publicIp` it may be left out: 22.",
      ),
  ),
  rdpPort: field(
    { cost: "live", wire: "rdp_port", source: MODIFY },
    port()
      .optional()
      .describe(
        "Port of the node that leads to the VM's RDP (Windows). With `publicIp` it may be left out: 3389.",
      ),
  ),
  portMaps: field(
    { cost: "live", wire: "custom_port", source: MODIFY },
    list(portMap)
      .optional()
      .describe("More ports of the node that lead to the VM; `guest` is `host` unless given."),
  ),
  publicIp: field(
    { cost: "live", wire: "public_ip", source: MODIFY },
    z
      .string({ error: "must be an IP address" })
      .refine((ip) => isIP(ip) > 0, { error: "must be an IP address" })
      .optional()
      .describe("Public address of the VM's own."),
  ),
  networkFilters: field(
    { cost: "live", wire: "network_filters", source: MODIFY },
    list(networkFilter).optional().describe("Firewall rules of the VM."),
  ),
  powerState: field(
    { cost: "live", source: "POST /tasks/start/<task_id>, /tasks/poweroff/<task_id>" },
    oneOf(["running", "stopped"])
      .optional()
      .describe("Whether the VM runs; not managed unless given. Stopping is a hard power-off."),
  ),
  login: field(
    { cost: "live", source: "POST /tasks/passwd/<task_id>", secret: true },
    z
      .strictObject(
        {
          username: text(/^[A-Za-z_][A-Za-z0-9._-]{0,31}$/, "a user name"),
          // a quote or a backslash breaks the node's own answers
          password: text(
            /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/,
            "1 to 128 printable characters without spaces, double quotes or backslashes",
          ),
        },
        { error: "must be an object { username, password }" },
      )
      .optional()
      .describe("User and password to set in the guest; needs the guest agent."),
  ),
  restartTrigger: field(
    { cost: "live", source: "POST /tasks/restart/<task_id>" },
    z.string({ error: "must be text" }).optional().describe("Any text; a change of it restarts the VM."),
  ),
  restartMode: field(
    { cost: "stateOnly" },
    oneOf(["guest", "force", "reset"])
      .default("guest")
      .describe(
        "How `restartTrigger` restarts: by asking the guest, by power-off and start, or by the reset button.",
      ),
  ),
  rentOrder: field(
    { cost: "live", wire: "rent_order", source: CREATE },
    text(/^\d{1,20}$/, "the number of a rental order")
      .optional()
      .describe("Per-GPU rental order that the VM belongs to."),
  ),
  description: field(
    { cost: "stateOnly", wire: "desc", source: CREATE },
    z
      .string({ error: "must be text" })
      .max(500, { error: "must have at most 500 characters" })
      .optional()
      .describe("Free text. The node is told it once, at creation."),
  ),
  timeouts: field(
    { cost: "stateOnly" },
    z
      .strictObject(
        { create: duration, update: duration, delete: duration },
        { error: "must be an object { create?, update?, delete? }" },
      )
      .optional()
      .describe(
        "Deadlines: create 60 m, update 30 m, delete 20 m unless given. Filled from `customTimeouts`.",
      ),
  ),
  allowStop: field(
    { cost: "stateOnly" },
    flag().default(false).describe("Whether a running VM may be powered off for a change that needs it."),
  ),
  waitFor: field(
    { cost: "stateOnly" },
    oneOf(["running", "ssh"])
      .default("running")
      .describe("When a create counts as done: the VM runs and has an address, or its SSH answers as well."),
  ),
  deletionProtection: field(
    { cost: "stateOnly" },
    flag().default(false).describe("Refuses deletes and replacements."),
  ),
  adoptTaskId: field(
    { cost: "stateOnly" },
    text(/^[0-9A-Za-z]{1,64}$/, "a task id")
      .optional()
      .describe("Takes over this existing VM instead of creating one."),
  ),
} as const;

/** Arguments of a VM as a user may write them. */
export type VmGiven = z.input<z.ZodObject<typeof vmShape>>;

/** Checked arguments of a VM. */
export type VmArgs = ArgsOf<typeof vmShape>;

/** A virtual machine on a rented node. */
export const vm = defineHolder<typeof vmShape>(thingOf, {
  kind: "Vm",
  schemaVersion: 1,
  shape: vmShape,
  // the old VM holds the GPUs, the ports and the key that the new one needs
  deleteBeforeReplace: true,
  derive,
  rules,
  refuse,
  declared: clashesBeside,
  preflight: vmPreflight,
  costs: ({ status }) => (status === "closed" ? { needsStop: "changed while it is off" } : {}),
  lost: filesOf,
  // the node deletes a data file with its VM, so a failed VM that has one is started again instead of replaced
  keepsFailed: (state) => state.dataFile !== undefined,
  planned: (site, id, state, news, { replaces }) =>
    site.power.note(id, factsIn(news, state, { condemned: replaces.length > 0 })),
  async create(context, args) {
    const legacy = (await context.site.client.generation(args.nodeId)) === "legacy";
    const made = await (legacy ? createLegacyVm : createVm)(context, args);
    context.site.power.note(
      made.id,
      factsIn(made.state, made.state, { fresh: args.adoptTaskId === undefined }),
    );
    return made;
  },
  read: readVm,
  async update(context, id, state, args) {
    const { power } = context.site;
    const changed = await changeVm(context, id, state, args);
    power.note(id, factsIn(changed, changed, { fresh: power.facts(id)?.fresh ?? false }));
    return changed;
  },
  delete: deleteVm,
});
