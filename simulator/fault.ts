import type { CreateFault } from "./world/job";

/** What can be made to go wrong; what each does is listed in README.md. */
export const faultKinds = [
  // on the wire
  "lost-answer",
  "cut-answer",
  "late-effect",
  "timeout",
  "no-answer",
  "unknown-node",
  "broken-json",
  "html-body",
  "wrong-shape",
  "huge-body",
  "redirect",
  "slow-answer",
  "http-error",
  "refusal",
  // at the node, on its way to an answer
  "chain-unreachable",
  "foreign-domain",
  "libvirt-outage",
  "task-not-exist",
  "unparsable-answer",
  "crash",
  // creates
  "define-error",
  "boot-error",
  "no-address",
  "iptables-error",
  "agent-absent",
  // the worker
  "start-error",
  "stop-error",
  "restart-error",
  "reset-error",
  "disk-error",
  "snapshot-error",
  "transfer-error",
  "transfer-stall",
  "lan-error",
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** A fault as it is armed. */
export interface FaultOrder {
  kind: FaultKind;
  /** An operation (`tasks.create`) or a group of them (`tasks`); any when absent. */
  operation?: string | undefined;
  nodeId?: string | undefined;
  taskId?: string | undefined;
  /** How many requests it strikes (1); `null` until it is disarmed. */
  times?: number | null | undefined;
  /** Requests that are let pass first. */
  after?: number | undefined;
  /** Simulated seconds: of `slow-answer` (60), until a `late-effect` (45), of a `transfer-stall` (600). */
  seconds?: number | undefined;
  /** Text of `refusal`, `http-error` and `lan-error`. */
  message?: string | undefined;
  /** Code of `refusal` (1), status of `http-error` (500). */
  code?: number | undefined;
}

export interface ArmedFault extends FaultOrder {
  id: number;
  left: number | null;
  skip: number;
  struck: number;
}

/** What a fault is matched against. */
export interface Occasion {
  operation: string;
  nodeId: string;
  taskId: string;
}

const createFaults: Readonly<Record<string, CreateFault>> = {
  "define-error": "define-error",
  "create-error": "define-error",
  "boot-error": "boot-error",
  "no-address": "no-address",
  "iptables-error": "iptables-error",
  "agent-absent": "agent-absent",
};

/** The create fault that an image's name or a description asks for, as in `fault-no-address`. */
export function sentinelCreateFault(...texts: readonly string[]): CreateFault | undefined {
  for (const text of texts) {
    const word = /fault-([a-z-]+[a-z])/.exec(text)?.[1];
    if (word !== undefined && createFaults[word] !== undefined) return createFaults[word];
  }
  return undefined;
}

/** Whether an image's name or a description asks for a fault of this kind. */
export function hasSentinel(kind: FaultKind, ...texts: readonly string[]): boolean {
  return texts.some((text) => text.includes(`fault-${kind}`));
}

/** The armed faults. */
export class Faults {
  #armed: ArmedFault[];
  #next: number;

  constructor(armed: readonly ArmedFault[] = []) {
    this.#armed = armed.map((fault) => ({ ...fault }));
    this.#next = Math.max(0, ...armed.map((fault) => fault.id)) + 1;
  }

  get armed(): readonly ArmedFault[] {
    return this.#armed;
  }

  arm(order: FaultOrder): number {
    const id = this.#next++;
    const left = order.times === undefined ? 1 : order.times;
    this.#armed.push({ ...order, id, left, skip: order.after ?? 0, struck: 0 });
    return id;
  }

  /** Disarms one fault, or all. */
  disarm(id?: number): void {
    this.#armed = id === undefined ? [] : this.#armed.filter((fault) => fault.id !== id);
  }

  /** Uses up the first armed fault of these kinds that fits. */
  strike(kinds: readonly FaultKind[], occasion: Occasion): ArmedFault | undefined {
    for (const fault of this.#armed) {
      if (!kinds.includes(fault.kind) || !fits(fault, occasion)) continue;
      if (fault.skip > 0) {
        fault.skip--;
        continue;
      }
      fault.struck++;
      if (fault.left !== null) fault.left--;
      if (fault.left === 0) this.#armed = this.#armed.filter((other) => other !== fault);
      return fault;
    }
    return undefined;
  }
}

function fits(fault: ArmedFault, occasion: Occasion): boolean {
  return (
    (fault.operation === undefined ||
      fault.operation === occasion.operation ||
      occasion.operation.startsWith(`${fault.operation}.`)) &&
    (fault.nodeId === undefined || fault.nodeId === occasion.nodeId) &&
    (fault.taskId === undefined || fault.taskId === occasion.taskId)
  );
}
