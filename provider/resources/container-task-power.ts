import { spoken } from "../core/duration";
import type { Context } from "../core/resource";
import type { ContainerTaskArgs } from "./container-task";
import { type ContainerTaskRef, findTask, nameOf } from "./container-task-state";
import { type Stage, stageOf } from "./container-task-status";
import { command, limitOf, WaitEnded, waitForStage } from "./container-task-wait";
import type { Site } from "./site";

const isOver = (stage: Stage): boolean => stage === "ended" || stage === "failed";

// A restart shows in the queue at once; a run that is over sooner than this was too short to be seen.
const SHOWS_WITHIN_MS = 66_000;

/** Stops a task, wherever it is, and waits until it has ended. */
export const stop = (
  context: Context<Site>,
  ref: ContainerTaskRef,
  args: Pick<ContainerTaskArgs, "resourceGroup" | "timeouts">,
  limitMs = limitOf(args.timeouts, "update"),
): Promise<void> =>
  command(context, ref, {
    doing: "stopping",
    send: (id) => context.site.container.client.stopTask(id, ref.region),
    reached: isOver,
    limitMs,
    group: args.resourceGroup,
  });

/** Starts a task that has ended: it queues for its group again. Waits until it runs, or has run. */
export const start = async (
  context: Context<Site>,
  ref: ContainerTaskRef,
  args: ContainerTaskArgs,
): Promise<void> => {
  const goal = { doing: "starting", group: args.resourceGroup };
  try {
    await command(context, ref, {
      ...goal,
      send: (id) => context.site.container.client.restartTask(id, ref.region),
      reached: (stage) => !isOver(stage),
      limitMs: SHOWS_WITHIN_MS,
      mayHaveFailed: true,
    });
  } catch (error) {
    if (!(error instanceof WaitEnded) || error.why !== "deadline") throw error;
    const line = await findTask(context, ref);
    if (line === undefined || stageOf(line.status) !== "failed") return;
    throw new WaitEnded(
      "failed",
      `${nameOf(ref)} was ordered to start, and is "${line.status}" still, or again, after ${spoken(SHOWS_WITHIN_MS)}.`,
      line.status,
    );
  }
  await waitForStage(context, ref, {
    ...goal,
    reached: (stage) => stage === "running" || stage === "ended",
    limitMs: limitOf(args.timeouts, "update"),
  });
};
