import {
  labNodes,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
  VirtualClock,
} from "../../simulator";
import { type Answer, type CallOptions, type Loose, plainVm, Renter } from "./renter";

/** A simulator with somebody who rents its first node. */
export class Lab {
  readonly node = labNodes.alice1;

  private constructor(
    readonly simulator: Simulator,
    readonly alice: Renter,
  ) {}

  static async start(options: SimulatorOptions = {}): Promise<Lab> {
    return new Lab(await startSimulator(options), new Renter());
  }

  get clock(): VirtualClock {
    const { clock } = this.simulator;
    if (!(clock instanceof VirtualClock)) throw new Error("a laboratory has a virtual clock");
    return clock;
  }

  close(): Promise<void> {
    return this.simulator.close();
  }

  /** What the node says; its refusals are texts. */
  async ask(path: string, additional: object = {}, options: CallOptions = {}): Promise<Loose | undefined> {
    return (await this.alice.call(this.simulator, path, additional, options)).message;
  }

  answer(path: string, additional: object = {}, options: CallOptions = {}): Promise<Answer> {
    return this.alice.call(this.simulator, path, additional, options);
  }

  /** An answer that comes only as simulated time passes. */
  waitFor(path: string, additional: object = {}, options: CallOptions = {}): Promise<Answer> {
    return this.clock.runUntil(this.answer(path, additional, options));
  }

  /** Moves time on. */
  async seconds(count: number): Promise<void> {
    await this.simulator.advance(count * 1000);
  }

  /** Asks for a VM and tells its id, or what was refused. */
  async create(wish: object = {}, options: CallOptions = {}): Promise<string> {
    const message = await this.ask("/tasks/start", { ...plainVm, ...wish }, options);
    return `${message?.task_id ?? message}`;
  }

  /** A VM that runs. */
  async running(wish: object = {}, options: CallOptions = {}): Promise<string> {
    const id = await this.create(wish, options);
    await this.seconds(5);
    return id;
  }

  /** A VM that is off. */
  async stopped(wish: object = {}): Promise<string> {
    const id = await this.running(wish);
    await this.ask(`/tasks/poweroff/${id}`);
    await this.seconds(1);
    return id;
  }

  /** Its line of the list; `undefined` when it is not there. */
  async status(id: string, options: CallOptions = {}): Promise<string | undefined> {
    const list = await this.ask("/tasks", {}, options);
    const lines = Array.isArray(list) ? (list as { task_id: string; status: string }[]) : [];
    return lines.find((line) => line.task_id === id)?.status;
  }

  async disks(id: string): Promise<Record<string, string>> {
    const list = (await this.ask(`/disk/list/${id}`)) as unknown as { name: string; size: string }[];
    return Object.fromEntries(list.map((disk) => [disk.name, disk.size]));
  }
}
