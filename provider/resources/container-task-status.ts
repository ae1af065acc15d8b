/**
 * How far a task is: in its group's queue, being set up, running, ended (by itself, by a stop, or by its time limit),
 * or failed.
 */
export type Stage = "waiting" | "deploying" | "running" | "ended" | "failed";

const STAGES: Readonly<Record<string, Stage>> = {
  waiting: "waiting",
  pending: "waiting",
  queued: "waiting",
  deploying: "deploying",
  starting: "deploying",
  running: "running",
  completed: "ended",
  success: "ended",
  succeeded: "ended",
  finished: "ended",
  terminated: "ended",
  stopped: "ended",
  stop: "ended",
  canceled: "ended",
  cancelled: "ended",
  failed: "failed",
  error: "failed",
};

/** The stage of a status; a word that nobody has described is never taken for an end or a success (reference 4). */
export const stageOf = (status: string): Stage => {
  const word = status.toLowerCase();
  return (Object.hasOwn(STAGES, word) ? STAGES[word] : undefined) ?? "deploying";
};

/** Whether a task holds, or queues for, resources. */
export const isActive = (status: string): boolean =>
  ["waiting", "deploying", "running"].includes(stageOf(status));
