import type { Values } from "../../provider/core/check";
import { snapshot } from "../../provider/resources/snapshot";
import { vm } from "../../provider/resources/vm";
import { profiles } from "../../simulator";
import { Lab, NODE, type Recorded } from "./lab";

export const MIB = 1024 * 1024;
/** A disk of 1.16 GiB takes 19 s to copy and 74 s to send. */
export const PROFILE = { ...profiles.fast, copyRate: 64 * MIB, transferRate: 16 * MIB };
export const MINUTE = 60_000;
export const VM_KEY = "pd1aaaaaaaaaaaaaaaaaaa";
export const KEY = "pd1bbbbbbbbbbbbbbbbbbb";
export const VM_ID = `${NODE}/${VM_KEY}`;
export const TYPE = "pulumi-nodejs:dynamic/dbc:Snapshot";

export const args = (more: Values = {}): Values => ({
  __key: KEY,
  __urn: `urn:pulumi:dev::p::pulumi-nodejs:dynamic/dbc:Vm$${TYPE}::golden`,
  __peers: [`${TYPE}::golden`],
  __vm: { allowStop: true, status: "running" },
  vmId: VM_ID,
  name: "golden",
  imageServer: "lab",
  ...more,
});

export let lab: Lab;
/** As a new `up` of a VM that has long been there. */
export const open = async (): Promise<void> => {
  lab = await Lab.open({ profile: PROFILE });
  await lab.create(vm, {
    __key: VM_KEY,
    __urn: "urn:test",
    nodeId: NODE,
    image: "ubuntu.qcow2",
    cpuCores: 2,
    memoryGib: 4,
    dataDiskGib: 1,
    sshPort: 20_022,
    vncPort: 5_901,
    allowStop: true,
  });
  lab.restart();
  lab.simulator.clearRequests();
};

export const create = (more: Values = {}): Promise<Recorded> => lab.create(snapshot, args(more));
export const resume = (made: Recorded) => lab.update(snapshot, made, args());
export const count = (operation: string): number =>
  lab.simulator.requests.filter((request) => request.operation === operation).length;
/** The orders, without what they say. */
export const orders = (): string[] => lab.writes().map((write) => write.split(" ")[0] ?? "");
export const task = () => lab.simulator.requireTask(NODE, VM_KEY);
export const server = () => {
  const [found] = lab.simulator.world.imageServers;
  if (!found) throw new Error("there is no server");
  return found;
};
export const timeOf = (operation: string): number =>
  Date.parse(lab.simulator.requests.find((request) => request.operation === operation)?.time ?? "");
/** The snapshots that the server has; one made of a disk that was being written to is of no use to anybody. */
export const sent = () => server().images.filter(({ name }) => name.startsWith("snap_"));
export const at = (seconds: number, work: () => unknown): void => {
  lab.clock.at(lab.clock.time() + seconds * 1_000, () => void work());
};
/** Whatever went wrong on the way: one whole image, one entry, and a VM that runs. */
export const expectOne = (made: Recorded): void => {
  expect(made.state.phase).toBe("ready");
  expect(task().snapshots.map(({ file }) => file)).toEqual([made.state.file]);
  expect(sent().map(({ name }) => name)).toContain(made.state.image);
  expect(sent().find(({ name }) => name === made.state.image)?.torn).toBeUndefined();
  expect(task().status).toBe("running");
};

/** The arguments as `create` takes them. */
export const plain = () => ({ vmId: VM_ID, name: "golden", imageServer: "lab" });

/** A snapshot that somebody else has made, with whatever tool. */
export const foreign = async (name: string): Promise<void> => {
  await lab.run(lab.site.client.poweroffTask(NODE, VM_KEY));
  await lab.clock.advance(MINUTE);
  await lab.run(lab.site.client.createSnapshot(NODE, VM_KEY, { name, imageServer: "lab" }));
  await lab.clock.advance(10 * MINUTE);
  await lab.run(lab.site.client.startTask(NODE, VM_KEY));
  await lab.clock.advance(MINUTE);
  lab.simulator.clearRequests();
};

/** A lab of its own for every test of a file. */
export const useLab = (): void => {
  beforeEach(open);
  afterEach(() => lab.close());
};
