/** What stands on a VM, as the engine would run it: several steps of one `up` at the same time, in one process. */
import type { Values } from "../../provider/core/check";
import * as lifecycle from "../../provider/core/lifecycle";
import { type Definition, PartialState, type Shape } from "../../provider/core/resource";
import { dataDisk } from "../../provider/resources/data-disk";
import { diskClaim } from "../../provider/resources/disk-claim";
import type { Site } from "../../provider/resources/site";
import { vm } from "../../provider/resources/vm";
import { type Lab, NODE, type Recorded } from "./lab";
import { KEY, SMALL } from "./vm-args";

export const VM_KEY = KEY;
export const VM_ID = `${NODE}/${VM_KEY}`;
const TYPE = "pulumi-nodejs:dynamic/dbc";

export const urnOf = (kind: string, name: string): string =>
  `urn:pulumi:dev::test::${TYPE}:Vm$${TYPE}:${kind}::${name}`;
export const peer = (kind: string, name: string): string => `${TYPE}:${kind}::${name}`;

export const vmArgs = (more: Values = {}): Values => ({
  __key: VM_KEY,
  __urn: `urn:pulumi:dev::test::${TYPE}:Vm::box`,
  ...SMALL,
  allowStop: true,
  ...more,
});

/** A disk as a stack knows it: the claim beside it, and itself. */
export interface RecordedDisk extends Recorded {
  readonly name: string;
  readonly claim: Recorded;
}

/** One VM and the disks on it, through the `up`s of one stack. */
export class DiskLab {
  /** What the program declares on the VM. */
  peers: readonly string[] = [];
  vm: Recorded = { id: "", inputs: {}, state: {} };

  constructor(readonly lab: Lab) {}

  /** A VM that an earlier run has made; the next process knows of it by its unchanged step. */
  async begin(more: Values = {}): Promise<this> {
    this.vm = await this.lab.create(vm, vmArgs(more));
    await this.nextUp();
    this.lab.simulator.clearRequests();
    return this;
  }

  /** A new process, in which the VM's step comes first. */
  async nextUp(more?: Values): Promise<void> {
    this.lab.restart();
    this.vm = await this.lab.update(vm, this.vm, { ...this.vm.inputs, ...more });
  }

  /** Runs steps at the same time. */
  all<T extends readonly unknown[]>(...steps: readonly [...{ [I in keyof T]: Promise<T[I]> }]): Promise<T> {
    return this.lab.run(Promise.all(steps)) as unknown as Promise<T>;
  }

  inputs(name: string, more: Values = {}): Values {
    return {
      vmId: VM_ID,
      sizeGib: 50,
      __urn: urnOf("DataDisk", name),
      ...(this.peers.length > 0 && { __peers: [...this.peers] }),
      ...more,
    };
  }

  /** The claim of a disk, as the step before the disk's makes it. */
  async claim(name: string, more: Values = {}): Promise<Recorded> {
    const { __urn, sizeGib, adoptFile, timeouts, ...inputs } = this.inputs(name, more);
    const { id, state } = await this.#create(diskClaim, { ...inputs, __urn: urnOf("DiskClaim", name) });
    return { id, inputs, state };
  }

  /** Adds a disk; not to be awaited before `all`. With `claim`, the one of an earlier run. */
  async add(name: string, more: Values = {}, claim?: Recorded): Promise<RecordedDisk> {
    const claimed = claim ?? (await this.claim(name, more));
    const { files, peers } = claimed.state;
    const inputs = this.inputs(name, { ...more, __claim: { key: claimed.id, files, peers } });
    const recorded = await this.#create(dataDisk, inputs);
    return { ...recorded, name, claim: claimed };
  }

  /** The step of a disk that is there already; not to be awaited before `all`. */
  async change(disk: RecordedDisk, more: Values = {}): Promise<RecordedDisk & { readonly did: string }> {
    const any = dataDisk as unknown as Definition<Shape, Site>;
    const news = {
      ...disk.inputs,
      ...(this.peers.length > 0 && { __peers: [...this.peers] }),
      ...more,
    };
    const { inputs, reasons } = await lifecycle.check(any, async () => this.lab.site, disk.inputs, news);
    if (reasons.length > 0) throw new Error(reasons.join("\n"));
    const { changes, replaces } = lifecycle.diff(any, disk.state, inputs);
    any.planned?.(this.lab.site, disk.id, disk.state, inputs, { changes, replaces });
    const same = { name: disk.name, claim: disk.claim };
    if (!changes) return { ...disk, inputs, did: "nothing" };
    if (replaces.length > 0) return { ...disk, inputs, did: "replace" };
    const work = lifecycle.update(any, this.lab.context(inputs), disk.id, disk.state, inputs);
    return {
      ...(await recordedOf(
        inputs,
        work.then((state) => ({ id: disk.id, state })),
      )),
      ...same,
      did: "update",
    };
  }

  /** Deletes a disk; not to be awaited before `all`. */
  remove(disk: RecordedDisk): Promise<void> {
    return lifecycle.remove(
      dataDisk as unknown as Definition<Shape, Site>,
      this.lab.context(disk.state),
      disk.id,
      disk.state,
    );
  }

  /** A refresh; not to be awaited before `all`. */
  async refreshStep(disk: Recorded): Promise<Recorded | undefined> {
    const any = dataDisk as unknown as Definition<Shape, Site>;
    const found = await lifecycle.read(any, this.lab.context(disk.state), disk.id, disk.state);
    return found && { id: disk.id, ...found };
  }

  refresh(disk: Recorded): Promise<Recorded | undefined> {
    return this.lab.refresh(dataDisk, disk);
  }

  async #create<S extends Shape>(definition: Definition<S, Site>, news: Values): Promise<Recorded> {
    const any = definition as unknown as Definition<Shape, Site>;
    const { inputs, reasons } = await lifecycle.check(any, async () => this.lab.site, {}, news);
    if (reasons.length > 0) throw new Error(reasons.join("\n"));
    return recordedOf(inputs, lifecycle.create(any, this.lab.context(inputs), inputs));
  }

  /** One disk, added in an `up` of its own. */
  async addOne(name = "a", more: Values = {}): Promise<RecordedDisk> {
    return (await this.all(this.add(name, more)))[0];
  }

  /** A change of one disk, in an `up` of its own. */
  async changeOne(disk: RecordedDisk, more: Values = {}) {
    return (await this.all(this.change(disk, more)))[0];
  }

  fileOf(name: string): string {
    const disk = this.task.disks.find((each) => each.name === name);
    if (!disk) throw new Error(`there is no ${name}`);
    return disk.file;
  }

  /** What was asked of the disks alone. */
  diskWrites(): string[] {
    return this.lab.writes().filter((line) => line.startsWith("disk."));
  }

  get task() {
    const task = this.lab.simulator.requireNode(NODE).tasks[VM_KEY];
    if (!task) throw new Error("there is no VM");
    return task;
  }

  /** Letters and sizes in GiB of the VM's disks. */
  disks(): string[] {
    return this.task.disks.map(({ name, realKib }) => `${name} ${realKib / 1024 ** 2}`);
  }

  count(operation: string): number {
    return this.lab.simulator.requests.filter((request) => request.operation === operation).length;
  }

  /** How often the VM was powered off and started again: the two counts must agree. */
  get cycles(): number {
    const [off, on] = [this.count("tasks.poweroff"), this.count("tasks.start")];
    if (off !== on) throw new Error(`${off} power-offs, ${on} starts`);
    return off;
  }
}

const recordedOf = async (
  inputs: Values,
  work: Promise<{ id: string; state: Values }>,
): Promise<Recorded> => {
  try {
    return { inputs, ...(await work) };
  } catch (error) {
    if (!(error instanceof PartialState)) throw error;
    return { id: error.id, inputs, state: error.state, reason: error.reason };
  }
};
