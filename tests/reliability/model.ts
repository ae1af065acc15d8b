/** What happens to two stacks of one wallet, with the same names, on one node; and what must hold meanwhile. */

import type { Values } from "../../provider/core/check";
import { isKey, rootOf } from "../../provider/core/key";
import { containerTask } from "../../provider/resources/container-task";
import { containerTaskKey } from "../../provider/resources/container-task-key";
import { alice } from "../../simulator";
import { TASK } from "../container/lab";
import { Engine } from "./engine";
import { Killed, type Program } from "./engine-run";
import { keyed, lanOf, partsOf, vmOf } from "./programs";
import { Died, Seam } from "./seam";
import { machines } from "./subject-vm";
import { NODE, type Process, World } from "./world";

/** What a program declares. */
export interface Wish {
  readonly image: string;
  readonly cpuCores: number;
  readonly cidr: number;
  /** GiB of its data disk; none if 0. */
  readonly diskGib: number;
  /** Cores of its container task; none if 0. */
  readonly taskCores: number;
}

const FIRST_WISH: Wish = { image: "ubuntu.qcow2", cpuCores: 2, cidr: 0, diskGib: 0, taskCores: 0 };
const { __key, ...taskArgs } = TASK;

const vmArgs = (stack: number, { image, cpuCores }: Wish): Values => ({
  nodeId: NODE,
  image,
  cpuCores,
  memoryGib: 4,
  dataDiskGib: 1,
  sshPort: 20_022 + stack,
  vncPort: 5_901 + stack,
  allowStop: true,
  // what stops behind its back is started again
  powerState: "running",
  timeouts: { create: "20m", update: "20m", delete: "20m" },
});

/** The same names in both stacks; of what a node has only once, each has its own. */
const programOf = (stack: number, wish: Wish): Program => {
  const args = vmArgs(stack, wish);
  const disks = wish.diskGib > 0 ? { a: { sizeGib: wish.diskGib } } : {};
  const task = { ...taskArgs, cpuCores: wish.taskCores, allowStop: true };
  return [
    ...lanOf("a", { cidr: `10.${20 + stack}.${wish.cidr}.0/24` }),
    ...vmOf("a", args),
    ...partsOf("a", args, { disks }),
    ...(wish.taskCores > 0 ? keyed(containerTask, containerTaskKey, "a", task) : []),
  ];
};

/** One stack, and what its user wants. */
export class StackModel {
  readonly engine = new Engine();
  wish = FIRST_WISH;
  /** A run was interrupted, and no `up` has ended since: what it had begun is for the next `up` to find. */
  isUnsettled = false;

  constructor(readonly number: number) {}

  get program(): Program {
    return programOf(this.number, this.wish);
  }

  /** The key of its machine. */
  get key(): string | undefined {
    return this.engine.checkpoint.get("VmKey::a")?.id;
  }

  /** Whether an `up` replaces its machine, and so deletes it first. */
  get replaces(): boolean {
    const state = this.engine.checkpoint.get("Vm::a")?.state;
    return state !== undefined && (state.image !== this.wish.image || state.phase === "failed");
  }
}

export type Verb = "up" | "refresh" | "destroy";

/** How a run is interrupted, at which of its effects. */
export interface Interruption {
  readonly at: number;
  readonly by: "provider dies" | "engine dies" | "Ctrl-C twice" | "clock jumps";
}

/** A provider that got Ctrl-C twice is ended after this long. */
const GRACE_MS = 5_000;
const JUMP_MS = 6 * 3_600_000;

export class Site {
  readonly stacks = [new StackModel(0), new StackModel(1)] as const;
  readonly broken: string[] = [];
  /** Machines that the node itself may take away. */
  isRentalOver = false;
  /** Deleted after the rental had ended: nobody reaches them any more, and their node removes them. */
  readonly #forgotten = new Set<string>();
  readonly #processes: Process[] = [];

  private constructor(readonly world: World) {}

  static async open(seed: number): Promise<Site> {
    return new Site(await World.open(seed));
  }

  /** The keys of the machines that are alive. */
  alive(): string[] {
    return machines(this.world).map(({ id }) => id);
  }

  tasks() {
    return this.world.simulator.container.tasks;
  }

  /** What must hold at any moment: one machine a key, and none whose key no stack has. */
  #holds(): void {
    const roots = this.alive().map((id) => rootOf(id));
    if (new Set(roots).size < roots.length) this.broken.push(`two machines of one key: ${roots.join(", ")}`);
    const keys = this.stacks.flatMap(({ key }) => (key === undefined ? [] : [rootOf(key)]));
    for (const root of roots.filter((each) => !keys.includes(each))) {
      if (this.isRentalOver) this.#forgotten.add(root);
      else if (!this.#forgotten.has(root)) this.broken.push(`nobody knows of ${root}`);
    }
    const names = this.world.simulator.world.lans.map(({ name }) => name);
    if (names.length > this.stacks.length + this.#forgotten.size) this.broken.push(`${names.length} LANs`);
    const tasks = this.tasks().map(({ name }) => name);
    if (new Set(tasks).size < tasks.length) this.broken.push(`two tasks of one key: ${tasks.join(", ")}`);
  }

  /** One run of the engine on one stack. */
  async run(stack: StackModel, verb: Verb, interruption?: Interruption): Promise<void> {
    const { engine } = stack;
    const seam: Seam = new Seam(undefined, () => {
      this.#holds();
      if (interruption && seam.effects.length === interruption.at + 1) interrupt(interruption);
    });
    const process = this.world.process(seam);
    this.#processes.push(process);
    const interrupt = ({ by }: Interruption) => {
      if (by === "provider dies") seam.kill();
      else if (by === "clock jumps") seam.jumpedMs = JUMP_MS;
      else {
        engine.kill();
        if (by === "Ctrl-C twice") this.world.clock.at(this.world.clock.time() + GRACE_MS, () => seam.kill());
      }
    };
    const before = this.alive();
    const mayGo = verb === "destroy" || (verb === "up" && stack.replaces);
    const root = stack.key === undefined ? undefined : rootOf(stack.key);
    const error = await this.world
      .run(verb === "up" ? engine.up(process, stack.program) : engine[verb](process))
      .then(() => undefined)
      .catch((reason: unknown) => reason ?? new Error("nothing was thrown"));
    this.#judge(error);
    this.#holds();
    const isInterrupted = error instanceof Died || error instanceof Killed;
    if (verb === "up") stack.isUnsettled = error !== undefined && (stack.isUnsettled || isInterrupted);
    else if (isInterrupted) stack.isUnsettled = true;
    const gone = before.filter((id) => !this.alive().includes(id));
    for (const id of gone)
      if (!this.isRentalOver && !(mayGo && rootOf(id) === root)) this.broken.push(`${verb} took ${id}`);
  }

  /** A failure has a sentence; anything else is a mistake of ours. */
  #judge(error: unknown): void {
    if (error instanceof Error && /inside the provider|TypeError|is not a function/.test(String(error)))
      this.broken.push(`an error without a sentence: ${error.stack}`);
  }

  async deleteBehind(stack: StackModel): Promise<void> {
    const { key } = stack;
    const found = this.alive().find((id) => key !== undefined && rootOf(id) === rootOf(key));
    if (found !== undefined) await this.world.simulator.deleteVm(NODE, found);
  }

  async endRental(): Promise<void> {
    this.isRentalOver = true;
    await this.world.simulator.endRental(NODE, undefined, { prune: true });
  }

  async rentAgain(): Promise<void> {
    await this.world.simulator.rent(NODE, { renter: alice });
    this.isRentalOver = false;
  }

  /** Everything goes well again: nobody is killed any more, and what was left behind comes to its end. */
  async heal(): Promise<void> {
    this.world.simulator.disarm();
    await this.world.simulator.setLink(NODE, "online");
    if (this.isRentalOver) await this.rentAgain();
    await this.world.run(Promise.all(this.stacks.flatMap(({ engine }) => engine.background)));
  }

  /** With nothing in its way every stack comes to what its program declares, stays there, and goes. */
  async converges(): Promise<void> {
    await this.heal();
    for (const stack of this.stacks) {
      const { engine } = stack;
      await this.world.run(engine.refresh(this.world.process()));
      await this.world.run(engine.up(this.world.process(), stack.program));
      const again = await this.world.run(engine.up(this.world.process(), stack.program));
      if (again.length > 0) this.broken.push(`a second up did ${again.join(", ")}`);
      this.#compare(stack);
    }
    for (const { engine } of this.stacks) await this.world.run(engine.destroy(this.world.process()));
    const { tasks } = this.world.simulator.requireNode(NODE);
    const left = Object.values(tasks).filter(
      ({ id, status }) => status !== "create error" && !this.#forgotten.has(rootOf(id)),
    );
    if (left.length > 0) this.broken.push(`left: ${left.map(({ id, status }) => `${id} ${status}`).join()}`);
    if (this.world.simulator.world.lans.length > this.#forgotten.size) this.broken.push("a LAN is left");
    if (this.tasks().length > 0) this.broken.push("a container task is left");
  }

  #compare({ engine, wish, key }: StackModel): void {
    const state = engine.checkpoint.get("Vm::a")?.state;
    const task = machines(this.world).find(({ id }) => id === state?.taskId);
    const cpu = task?.bootedWith?.cpu;
    const instance = engine.checkpoint.get("ContainerTask::a")?.state.instanceId;
    const disks = (task?.disks ?? []).filter(({ name }) => name > "vdb");
    const seen = {
      image: task?.image,
      status: task?.status,
      cpuCores: cpu && cpu.sockets * cpu.cores * cpu.threads,
      taskCores: this.tasks().find(({ id }) => id === instance)?.cpuNumber ?? 0,
      disks: disks.map(({ file, realKib }) => `${file} ${realKib / 1024 ** 2}`),
    };
    const file = engine.checkpoint.get("DataDisk::a")?.state.file;
    const wanted = {
      image: wish.image,
      status: "running",
      cpuCores: wish.cpuCores,
      taskCores: wish.taskCores,
      disks: wish.diskGib > 0 ? [`${String(file)} ${wish.diskGib}`] : [],
    };
    if (JSON.stringify(seen) !== JSON.stringify(wanted))
      this.broken.push(`${JSON.stringify(seen)} in place of ${JSON.stringify(wanted)}`);
    if (key === undefined || !isKey(key)) this.broken.push("there is no key");
  }

  /** Ends everything; throws what was broken on the way. */
  async close(): Promise<void> {
    for (const { seam } of this.#processes) seam.kill();
    await this.world.close();
  }
}
