/** The resources that crash points are enumerated for: one row each. */
import type { Values } from "../../provider/core/check";
import type { Definition, Shape } from "../../provider/core/resource";
import { dataDisk } from "../../provider/resources/data-disk";
import { diskClaim } from "../../provider/resources/disk-claim";
import { lan } from "../../provider/resources/lan";
import type { Site } from "../../provider/resources/site";
import { vm } from "../../provider/resources/vm";
import { type Lab, NODE, type Recorded } from "../resources/lab";

export interface Subject {
  readonly kind: string;
  readonly definition: Definition<Shape, Site>;
  /** Makes what it stands on, by a process that nothing befalls; what comes back goes into its arguments. */
  readonly prepare?: (lab: Lab) => Promise<Values>;
  readonly args: Values;
  /** Differences that are made in place; none for what can only be replaced. */
  readonly changed?: Values;
  /** Differences that replace it alone. */
  readonly replaced?: Values;
  /** Leaves the create that is under way begun and unfinished, so that it ends as partial state. */
  readonly interrupt: (lab: Lab) => Promise<void>;
  /** Names of the lifecycles to enumerate; all unless given. */
  readonly lifecycles?: readonly string[];
  /** What is there of it: at most one at any time, none after a destroy. */
  readonly alive: (lab: Lab) => readonly unknown[];
  /** What the world has, in the words of the state; equal to the state before a destroy. */
  readonly world: (lab: Lab, recorded: Recorded) => Values;
}

const KEY = "pd1aaaaaaaaaaaaaaaaaaa";
/** What the sdk passes along of the VM that something stands on. */
const RUNNING = { allowStop: true, status: "running" };
const ours = (lab: Lab) =>
  [...lab.tasks(NODE)].filter(
    ({ id, status }) => id.startsWith(KEY.slice(0, 20)) && status !== "create error",
  );

const ofVm: Subject = {
  kind: "Vm",
  definition: vm as unknown as Definition<Shape, Site>,
  args: {
    __key: KEY,
    __urn: "urn:pulumi:s::p::pulumi-nodejs:dynamic/dbc:Vm::a",
    nodeId: NODE,
    image: "ubuntu.qcow2",
    cpuCores: 4,
    memoryGib: 8,
    dataDiskGib: 10,
    sshPort: 20_022,
    vncPort: 5_901,
    allowStop: true,
  },
  changed: { cpuCores: 8, memoryGib: 16, dataDiskGib: 20, sshPort: 20_023, publicIp: "198.51.100.9" },
  replaced: { image: "ubuntu-22.04.qcow2" },
  interrupt: async (lab) => {
    while (ours(lab).length === 0) await lab.clock.advanceToNext();
    await lab.simulator.setLink(NODE, "offline");
  },
  alive: ours,
  world: (lab, { state }) => {
    const task = ours(lab).find(({ id }) => id === state.taskId);
    const booted = task?.bootedWith;
    const cpu = booted?.cpu ?? { sockets: 0, cores: 0, threads: 0 };
    return {
      taskId: task?.id,
      status: task?.status,
      image: task?.image,
      // what it runs with, not what is written down for its next boot
      cpuCores: cpu.sockets * cpu.cores * cpu.threads,
      memoryGib: (booted?.memoryKib ?? 0) / 1024 ** 2,
      vncPort: booted?.vncPort,
      dataDiskGib: (task?.disks.find(({ name }) => name === "vdb")?.realKib ?? 0) / 1024 ** 2,
      sshPort: task?.sshPort,
      ...(task?.publicIp && { publicIp: task.publicIp }),
      password: task?.loginPassword,
      disks: task?.disks.map(({ file }) => expect.objectContaining({ file })),
    };
  },
};

const lans = (lab: Lab) => lab.simulator.world.lans;

const ofLan: Subject = {
  kind: "Lan",
  definition: lan as unknown as Definition<Shape, Site>,
  args: {
    __key: KEY,
    __urn: "urn:pulumi:s::p::pulumi-nodejs:dynamic/dbc:Lan::a",
    nodeId: NODE,
    cidr: "10.20.0.0/24",
  },
  replaced: { cidr: "10.21.0.0/24" },
  interrupt: async (lab) => {
    lab.simulator.arm({ kind: "lost-answer", operation: "lan.create" });
    while (lans(lab).length === 0) await lab.clock.settle();
    await lab.simulator.setLink(NODE, "offline");
  },
  alive: lans,
  world: (lab) => {
    const [found] = lans(lab);
    return { name: found?.name, cidr: found?.cidr, renter: found?.wallet };
  },
};

const added = (lab: Lab) =>
  (lab.simulator.requireNode(NODE).tasks[KEY]?.disks ?? []).filter(({ name }) => name > "vdb");

const ofDataDisk: Subject = {
  kind: "DataDisk",
  definition: dataDisk as unknown as Definition<Shape, Site>,
  prepare: async (lab) => {
    await lab.create(vm, ofVm.args);
    const claim = await lab.create(diskClaim, {
      vmId: `${NODE}/${KEY}`,
      __vm: RUNNING,
      __urn: "urn:pulumi:s::p::pulumi-nodejs:dynamic/dbc:DiskClaim::a",
    });
    lab.restart();
    const { files, peers } = claim.state;
    return { __claim: { key: claim.id, files, peers } };
  },
  args: {
    __urn: "urn:pulumi:s::p::pulumi-nodejs:dynamic/dbc:DataDisk::a",
    __vm: RUNNING,
    vmId: `${NODE}/${KEY}`,
    sizeGib: 50,
  },
  changed: { sizeGib: 70 },
  lifecycles: ["create", "update"],
  interrupt: async (lab) => {
    while (added(lab).length === 0) await lab.clock.advanceToNext();
    await lab.simulator.setLink(NODE, "offline");
  },
  alive: added,
  world: (lab) => {
    const [disk] = added(lab);
    const isOn = lab.simulator.requireTask(NODE, KEY).domain === "running";
    return { file: isOn ? disk?.file : "on a VM that is off", sizeGib: (disk?.realKib ?? 0) / 1024 ** 2 };
  },
};

export const SUBJECTS: readonly Subject[] = [ofVm, ofLan, ofDataDisk];
