/** One run for each boundary of a lifecycle and each way in which it can break there. */
import type { Values } from "../../provider/core/check";
import { type Lab, NODE } from "../resources/lab";
import { type CrashPoint, Died, Seam } from "./seam";
import { Stack } from "./stack";
import type { Subject } from "./subjects";

/** A lifecycle: how it is got to, the part of it that breaks, and the arguments that are wanted in the end. */
export interface Lifecycle {
  readonly name: string;
  /** By processes that nothing befalls, or whose failing is the point. */
  readonly before: (stack: Stack, subject: Subject, args: Values) => Promise<void>;
  readonly breaks: (stack: Stack, args: Values) => Promise<unknown>;
  /** Differences of the arguments from here on. */
  readonly wants?: (subject: Subject) => Values | undefined;
  /** Nothing is wanted in the end. */
  readonly ends?: true;
}

const made = async (stack: Stack, _subject: Subject, args: Values): Promise<void> => {
  await stack.up(args);
};

/** Leaves partial state in the checkpoint. */
const partial = async (stack: Stack, subject: Subject, args: Values): Promise<void> => {
  const work = stack.up({ ...args, timeouts: { create: "5m" } });
  await subject.interrupt(stack.lab);
  await work;
  if (stack.recorded?.reason === undefined) throw new Error("the create was not interrupted");
  stack.lab.simulator.disarm();
  await stack.lab.simulator.setLink(NODE, "online");
};

/** Leaves something in the world that no checkpoint knows of. */
const orphaned = async (stack: Stack, subject: Subject, args: Values): Promise<void> => {
  await stack.up(args).then(() => {
    stack.recorded = undefined;
  });
  if (subject.alive(stack.lab).length === 0) throw new Error("there is no orphan");
};

const up = (stack: Stack, args: Values) => stack.up(args);

export const LIFECYCLES: readonly Lifecycle[] = [
  { name: "create", before: async () => {}, breaks: up },
  {
    name: "create, then refresh",
    before: async () => {},
    breaks: async (stack, args) => {
      await stack.up(args);
      await stack.refresh();
    },
  },
  { name: "resume", before: partial, breaks: up },
  { name: "update", before: made, breaks: up, wants: ({ changed }) => changed },
  { name: "replace", before: made, breaks: up, wants: ({ replaced }) => replaced },
  { name: "delete", before: made, breaks: (stack) => stack.destroy(), ends: true },
  { name: "delete, then wanted again", before: made, breaks: (stack) => stack.destroy() },
  { name: "adopt after a crash", before: orphaned, breaks: up },
  { name: "destroy after partial", before: partial, breaks: (stack) => stack.destroy(), ends: true },
];

/** What came of one run; `wrong` is empty when all is well. */
interface Verdict {
  readonly effects: readonly string[];
  readonly wrong: readonly string[];
}

const failing = async (work: () => Promise<unknown>): Promise<unknown> => {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error ?? new Error("nothing was thrown");
  }
};

/** Runs a lifecycle with a fault at `point`, or with none, and then an up and a destroy without any. */
export const run = async (
  lab: Lab,
  subject: Subject,
  lifecycle: Lifecycle,
  point: CrashPoint | undefined,
  expected?: string,
): Promise<Verdict> => {
  const wrong: string[] = [];
  const stack = new Stack(lab, subject.definition);
  const count = () => {
    const many = subject.alive(lab).length;
    if (many > 1) wrong.push(`${many} of them at once`);
  };
  const process = (at: CrashPoint | undefined): Seam => {
    const seam = new Seam(at, count);
    lab.seam = (effects) => seam.wrap(effects);
    lab.death = seam.death;
    lab.restart();
    return seam;
  };
  process(undefined);
  const args = { ...subject.args, ...(await subject.prepare?.(lab)) };
  await lifecycle.before(stack, subject, args);
  const wanted = { ...args, ...lifecycle.wants?.(subject) };
  const seam = process(point);
  const earlier = subject.alive(lab);
  const error = await failing(() => lifecycle.breaks(stack, wanted));
  if (point && seam.struck !== expected) wrong.push(`struck ${seam.struck}, not ${expected}`);
  if (seam.isDead !== error instanceof Died) wrong.push(`ended with ${String(error)}`);
  // whoever lives must have recorded what it has made
  if (!seam.isDead && !stack.recorded && subject.alive(lab).some((one) => !earlier.includes(one)))
    wrong.push(`forgotten, with ${String(error)}`);

  process(undefined);
  const after = await failing(async () => {
    if (lifecycle.ends) return;
    // a checkpoint knows nothing of what an interrupted delete has done
    if (lifecycle.breaks.length === 1) await stack.refresh();
    await stack.up(wanted);
    if (stack.recorded?.reason !== undefined) wrong.push(`the next up: ${stack.recorded.reason}`);
    const { recorded } = stack;
    if (!recorded) wrong.push("the next up recorded nothing");
    else expect(recorded.state).toMatchObject({ phase: "ready", ...subject.world(lab, recorded) });
    const again = await stack.up(wanted);
    if (again !== "nothing") wrong.push(`the up after that did ${again}`);
  });
  if (after !== undefined) wrong.push(`afterwards: ${String(after)}`);
  const end = await failing(() => stack.destroy());
  if (end !== undefined) wrong.push(`the destroy: ${String(end)}`);
  if (subject.alive(lab).length > 0) wrong.push(`${subject.alive(lab).length} left behind`);
  return { effects: seam.effects, wrong };
};
