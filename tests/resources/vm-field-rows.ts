/** For each argument of a Vm: what setting, changing and removing it sends to the node, call by call. */
import type { VmArgs } from "../../provider/resources/vm";
import {
  ASKED,
  call,
  changes,
  DETAIL,
  defaulted,
  type Given,
  hardware,
  LIST,
  live,
  modify,
  needsConsent,
  OFF,
  type Row,
  refuses,
  removes,
  START,
  sets,
  stateOnly,
} from "./vm-field-row";
import { FIXED, windows, windowsBody } from "./vm-fixed-rows";

const web = { protocol: "tcp", host: 8_080, guest: 80 } as const;
const game = { protocol: "both", host: "9000-9009" } as const;

const ssh = { direction: "in", protocol: "tcp", port: 22, cidr: "0.0.0.0/0", action: "accept" } as const;
const drop = {
  direction: "inout",
  protocol: "udp",
  port: "100-200",
  cidr: "10.1.2.3",
  action: "drop",
} as const;
const [sshText, dropText] = ["in,tcp,22,0.0.0.0/0,accept", "inout,udp,100-200,10.1.2.3/32,drop"];

const login = (password: string): Given => ({ login: { username: "root", password } });
const PASSWD = call("POST /tasks/passwd/<id>", { username: "root", password: "***" });

const ip = "198.51.100.9";
/** The node takes an increment, and the size is read from its list. */
const growth = [
  LIST,
  OFF,
  LIST,
  "POST /disk/list/<id>",
  call("POST /disk/resize/<id>", { disk: "vdb", size: 10 }),
  "POST /disk/list/<id>",
  LIST,
  START,
  LIST,
  DETAIL,
];

/** With a public address of its own a VM may do without a port of the node. */
const ownAddress = (field: "sshPort" | "rdpPort", usual: string, create: Row["create"], more: Given): Row => {
  const wire = field === "sshPort" ? "ssh_port" : "rdp_port";
  const to = (port: string) => live(modify({ new_public_ip: ip, [`new_${wire}`]: port }));
  return {
    from: { ...more, publicIp: ip },
    create,
    steps: [
      sets({ [field]: 20_122 }, to("20122")),
      changes({ [field]: 20_123 }, to("20123")),
      removes({ [field]: undefined }, to(usual)),
    ],
  };
};

export const ROWS: { readonly [Name in keyof VmArgs]-?: Row } = {
  ...FIXED,
  cpuCores: { ...hardware("cpuCores", "cpu_cores", 8, 2), required: true },
  memoryGib: { ...hardware("memoryGib", "mem_size", 16, 4), required: true },
  vncPort: { ...hardware("vncPort", "vnc_port", 5_902, 5_903), required: true },
  gpuCount: hardware("gpuCount", "gpu_count", 1, 2, undefined),
  dataDiskGib: {
    create: [{ dataDiskGib: 20 }, { disk_size: "20" }],
    steps: [
      refuses({ dataDiskGib: 20 }, needsConsent("dataDiskGib"), ...ASKED),
      changes({ dataDiskGib: 20, allowStop: true }, growth),
      refuses(
        { dataDiskGib: 15 },
        "dataDiskGib can't shrink: the disk has 20 GiB; make a new VM for a smaller one.",
      ),
      refuses(
        { dataDiskGib: undefined },
        "dataDiskGib is missing: the node makes a data disk for every VM, and needs its size in GiB.",
      ),
    ],
  },
  sshPort: ownAddress("sshPort", "22", [{ sshPort: 20_123 }, { ssh_port: "20123" }], { sshPort: undefined }),
  rdpPort: ownAddress("rdpPort", "3389", [windows, windowsBody], { ...windows, rdpPort: undefined }),
  portMaps: {
    create: [{ portMaps: [web] }, { custom_port: ["tcp,8080:80"] }],
    steps: [
      sets({ portMaps: [web] }, live(modify({ new_custom_port: ["tcp,8080:80"] }))),
      changes(
        { portMaps: [web, game] },
        live(modify({ new_custom_port: ["tcp,8080:80", "tcp,9000-9009", "udp,9000-9009"] })),
      ),
      removes({ portMaps: undefined }, live(modify({ new_custom_port: [] }))),
    ],
  },
  publicIp: {
    create: [{ publicIp: ip }, { public_ip: ip }],
    steps: [
      sets({ publicIp: ip }, live(modify({ new_public_ip: ip }))),
      changes({ publicIp: "198.51.100.10" }, live(modify({ new_public_ip: "198.51.100.10" }))),
      // leaving it out is how it is taken away
      removes({ publicIp: undefined }, live(modify({}))),
    ],
  },
  networkFilters: {
    create: [{ networkFilters: [ssh] }, { network_filters: [sshText] }],
    steps: [
      sets({ networkFilters: [ssh] }, live(modify({ new_network_filters: [sshText] }))),
      changes({ networkFilters: [ssh, drop] }, live(modify({ new_network_filters: [sshText, dropText] }))),
      removes({ networkFilters: undefined }, live(modify({ new_network_filters: [] }))),
    ],
  },
  powerState: {
    create: [{ powerState: "running" }, {}],
    steps: [
      sets({ powerState: "stopped" }, live(OFF)),
      changes({ powerState: "running" }, live(START)),
      removes({ powerState: undefined }, live()),
    ],
  },
  login: {
    create: [login("Correct-Horse1"), {}],
    steps: [
      sets(login("Correct-Horse1"), [LIST, PASSWD, DETAIL]),
      changes(login("Correct-Horse2"), [LIST, PASSWD, DETAIL]),
      removes({ login: undefined }, live()),
    ],
  },
  restartTrigger: {
    create: [{ restartTrigger: "1" }, {}],
    steps: [
      sets({ restartTrigger: "1" }, live("POST /tasks/restart/<id>")),
      changes(
        { restartTrigger: "2", restartMode: "force" },
        live("POST /tasks/restart/<id>?force_reboot=true"),
      ),
      changes({ restartTrigger: "3", restartMode: "reset" }, live("POST /tasks/reset/<id>")),
      removes({ restartTrigger: undefined }, live()),
    ],
  },
  restartMode: defaulted("restartMode", "guest", "force"),
  rentOrder: {
    create: [{ rentOrder: "77" }, {}],
    steps: [
      sets(
        { rentOrder: "77" },
        live().map((line) => `${line} for 77`),
      ),
      changes(
        { rentOrder: "78" },
        live().map((line) => `${line} for 78`),
      ),
      removes({ rentOrder: undefined }, live()),
    ],
  },
  description: { ...stateOnly("description", "a", "b"), create: [{ description: "a" }, { desc: "a" }] },
  timeouts: stateOnly("timeouts", { create: "1h" }, { create: "2h", delete: "90s" }),
  allowStop: defaulted("allowStop", false, true),
  waitFor: defaulted("waitFor", "running", "ssh"),
  deletionProtection: defaulted("deletionProtection", false, true),
  adoptTaskId: {
    create: undefined,
    steps: [
      refuses(
        { adoptTaskId: "someothervm" },
        "adoptTaskId is for a Vm that is not made yet, and this one stands for a VM already: leave it out here, and give it to a Vm of another name.",
      ),
    ],
  },
};
