import type { ContainerTaskSummary } from "../api/container/types";
import { milliseconds, spoken } from "../core/duration";
import { isRemote, sentence, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { ContainerTaskArgs } from "./container-task";
import { type ContainerTaskRef, findTask, linesOf, nameOf } from "./container-task-state";
import { type Stage, stageOf } from "./container-task-status";
import type { Site } from "./site";

const DEFAULTS_MS = { create: 3_600_000, update: 3_600_000, delete: 1_200_000 } as const;

// A freshly accepted task may take this long to show in the list; afterwards its absence means something.
const SHOWS_WITHIN_MS = 60_000;

/** The deadline of a verb: the user's, else the default. */
export const limitOf = (timeouts: ContainerTaskArgs["timeouts"], verb: keyof typeof DEFAULTS_MS): number => {
  const given = timeouts?.[verb];
  return given === undefined ? DEFAULTS_MS[verb] : milliseconds(given);
};

/** Why a wait did not reach its goal. */
export class WaitEnded extends UserError {
  override readonly name = "WaitEnded";
  constructor(
    readonly why: "deadline" | "failed" | "vanished",
    message: string,
    readonly status: string,
  ) {
    super(message);
  }
}

export interface Goal {
  /** What is being done, for people: "creating", "starting". */
  readonly doing: string;
  readonly reached: (stage: Stage) => boolean;
  readonly limitMs: number;
  /** Resource group, for the words of a task that queues. */
  readonly group: string;
  /** Whether `Failed` is only what is left of an earlier run. */
  readonly mayHaveFailed?: boolean;
}

const giveUp = (ref: ContainerTaskRef, { doing, group }: Goal, after: number, status: string): WaitEnded =>
  new WaitEnded(
    "deadline",
    stageOf(status) === "waiting" && doing !== "stopping"
      ? `${nameOf(ref)} still waits for room in resource group ${group} after ${spoken(after)}: it keeps its place in the queue, and the next \`pulumi up\` goes on waiting; a smaller size, or another resourceGroup, may come up sooner.`
      : `gave up ${doing} ${nameOf(ref)} after ${spoken(after)}; last status: ${status}.`,
    status,
  );

/** Waits in the region's list until a task has reached a stage. `Failed` counts when it is seen twice. */
export const waitForStage = (
  context: Context<Site>,
  ref: ContainerTaskRef,
  goal: Goal,
): Promise<ContainerTaskSummary> => {
  const { site, clock } = context;
  const begun = clock.now();
  let [failures, last] = [0, "not listed"];
  const judge = (items: readonly ContainerTaskSummary[]): ContainerTaskSummary | undefined => {
    const ours = linesOf(items, ref).at(-1);
    if (!ours) {
      if (clock.now() - begun >= SHOWS_WITHIN_MS)
        throw new WaitEnded("vanished", `${nameOf(ref)} is no longer listed by the platform.`, "not listed");
      return undefined;
    }
    last = ours.status;
    const stage = stageOf(ours.status);
    if (goal.reached(stage)) return ours;
    failures = stage === "failed" && !goal.mayHaveFailed ? failures + 1 : 0;
    if (failures >= 2)
      throw new WaitEnded(
        "failed",
        `the platform reports "${ours.status}" for ${nameOf(ref)}: it tells no reason; its console, or a start script that writes a log to a mounted directory, may.`,
        ours.status,
      );
    context.progress(
      stage === "waiting" ? `${goal.doing}: waiting for room in resource group ${goal.group}` : goal.doing,
    );
    return undefined;
  };
  return site.container.tasks(ref.region).until(judge, () => {
    const after = clock.now() - begun;
    return after < goal.limitMs ? undefined : giveUp(ref, goal, after, last);
  });
};

/** One order to a task. */
export interface Command extends Goal {
  send(instanceId: string): Promise<void>;
}

// After this long without a trace, a request of unknown outcome did not arrive.
const QUIET_MS = 66_000;
const SENDS = 3;

/**
 * Gives an order, unless its effect is there already, and waits for the effect. Sent again only when an unknown
 * outcome has left no trace for long: all orders say what should be, so doing one twice is doing it once.
 */
export const command = async (
  context: Context<Site>,
  ref: ContainerTaskRef,
  order: Command,
): Promise<void> => {
  const watch = context.site.container.tasks(ref.region);
  for (let sent = 1; ; sent++) {
    const line = await findTask(context, ref);
    if (!line) throw new WaitEnded("vanished", `${nameOf(ref)} is not listed by the platform.`, "not listed");
    if (order.reached(stageOf(line.status))) return;
    let unsure: unknown;
    context.progress(order.doing);
    try {
      watch.forget();
      await order.send(line.instanceId);
    } catch (error) {
      watch.forget();
      if (!isRemote(error, "unknown")) {
        // refused, perhaps because it had just come about by itself
        const now = isRemote(error, "refused") ? await findTask(context, ref) : undefined;
        if (now && order.reached(stageOf(now.status))) return;
        throw error;
      }
      unsure = error;
    } finally {
      watch.forget();
    }
    try {
      await waitForStage(context, ref, { ...order, limitMs: unsure ? QUIET_MS : order.limitMs });
      return;
    } catch (error) {
      const traceless = error instanceof WaitEnded && error.why === "deadline" && unsure !== undefined;
      if (!traceless) throw error;
      if (sent >= SENDS) throw new UserError(sentence(unsure));
    }
  }
};
