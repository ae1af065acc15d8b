import type { Engine } from "../engine";
import type { FaultKind } from "../fault";
import { lasts, type Span } from "../profile";
import { wallTime } from "../size";
import { activeRental } from "../world/chain";
import type { NodeState } from "../world/node";
import type { DomainState, Task } from "../world/task";
import type { NodeRequest } from "./request";

/** A node while it does one thing: its state and what it may reach. */
export class Site {
  /** libvirt out of reach for the length of one request. */
  libvirtDown = false;

  constructor(
    readonly engine: Engine,
    readonly node: NodeState,
  ) {}

  get now(): number {
    return this.engine.clock.time();
  }

  get libvirt(): boolean {
    return this.node.libvirt === "up" && !this.libvirtDown;
  }

  /** What libvirt says of a task's machine; `undefined` when it knows none, or can't be asked. */
  domain(task: Task): DomainState | undefined {
    return this.libvirt ? (task.domain ?? undefined) : undefined;
  }

  tasks(): Task[] {
    return Object.values(this.node.tasks).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  tasksOf(wallet: string): Task[] {
    return (this.node.walletTasks[wallet] ?? [])
      .map((id) => this.node.tasks[id])
      .filter((task) => task !== undefined);
  }

  lasts(span: Span): number {
    return lasts(span, this.engine.dice);
  }

  log(task: Task, level: "info" | "error", place: string, text: string): void {
    const stamp = `${wallTime(this.now)}.${`${this.engine.dice.below(1_000_000)}`.padStart(6, "0")}`;
    task.log.push(`${stamp} | ${task.id} | ${level.padEnd(7)} | ${place} | ${text}`);
    if (task.log.length > 300) task.log.splice(0, 100);
  }

  strikes(kind: FaultKind, request: Pick<NodeRequest, "operation" | "taskId">): boolean {
    const occasion = { operation: request.operation, nodeId: this.node.id, taskId: request.taskId };
    return this.engine.faults.strike([kind], occasion) !== undefined;
  }

  /** The machine's status on the chain, with rentals that ran out. */
  rented(): boolean {
    return this.node.rentals.some((rental) => activeRental(this.engine.world, rental, this.now));
  }
}
