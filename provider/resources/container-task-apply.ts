import type { ContainerSize, ContainerTaskDetail } from "../api/container/types";
import { closedSentence, isRemote, RemoteError, sentence, UserError } from "../core/errors";
import { type Context, PartialState } from "../core/resource";
import type { ContainerTaskArgs } from "./container-task";
import { start, stop } from "./container-task-power";
import {
  type ContainerPhase,
  type ContainerTaskRef,
  type ContainerTaskState,
  findTask,
  idOf,
  nameOf,
  stateOf,
  toValues,
} from "./container-task-state";
import { isActive, stageOf } from "./container-task-status";
import { WaitEnded } from "./container-task-wait";
import type { Site } from "./site";

/** All that the platform tells of a task. */
export const detailOf = async (
  context: Context<Site>,
  ref: ContainerTaskRef,
): Promise<ContainerTaskDetail> => {
  const { client } = context.site.container;
  const known = ref.instanceId === undefined ? undefined : await client.getTask(ref.instanceId, ref.region);
  if (known !== undefined) return known;
  const listed = (await findTask(context, ref))?.instanceId;
  const detail = listed === undefined ? undefined : await client.getTask(listed, ref.region);
  if (detail !== undefined) return detail;
  throw new RemoteError("unavailable", `the platform has nothing to tell about ${nameOf(ref)} now.`);
};

/** The address of the task's own page, while it runs. Nothing depends on it, so its absence is no failure. */
const accessUrlOf = async (
  { site, clock }: Context<Site>,
  ref: ContainerTaskRef,
  detail: ContainerTaskDetail,
  tries: number,
): Promise<string | undefined> => {
  if (detail.taskType === "ssh" || stageOf(detail.status) !== "running") return undefined;
  for (let left = tries; ; left--) {
    try {
      const url = await site.container.client.getTaskUrl(detail.instanceId, ref.region);
      if (url !== undefined || left <= 1) return url;
    } catch (error) {
      if (!isRemote(error)) throw error;
      if (left <= 1) return undefined;
    }
    await clock.sleep(5_000);
  }
};

/** What a task is like now. */
export const look = async (
  context: Context<Site>,
  ref: ContainerTaskRef,
  args: ContainerTaskArgs,
  phase: ContainerPhase,
  account: string,
  tries = 1,
): Promise<ContainerTaskState> => {
  const detail = await detailOf(context, ref);
  return stateOf(args, ref, detail, await accessUrlOf(context, ref, detail, tries), phase, account);
};

const SIZES = ["cpuCores", "acceleratorCount", "ramMib"] as const;

const sizeOf = ({ cpuCores, acceleratorCount, ramMib }: ContainerTaskArgs): ContainerSize => ({
  cpuCores,
  acceleratorCount: acceleratorCount ?? 0,
  ramMib,
});

const hasSize = (detail: ContainerSize, wanted: ContainerSize): boolean =>
  SIZES.every((field) => detail[field] === wanted[field]);

/** The task was stopped for a change and could not be started again. */
class NotRestored extends UserError {
  override readonly name = "NotRestored";
}

/** Sets the size of a task that has ended. The numbers are absolute, so an unknown outcome is settled by looking. */
const resize = async (
  context: Context<Site>,
  ref: ContainerTaskRef,
  instanceId: string,
  wanted: ContainerSize,
): Promise<void> => {
  for (let sent = 1; ; sent++) {
    context.progress("changing the size");
    try {
      await context.site.container.client.resizeTask(instanceId, wanted, ref.region);
    } catch (error) {
      if (!isRemote(error, "unknown")) throw error;
      await context.clock.sleep(5_000);
      if (hasSize(await detailOf(context, ref), wanted)) return;
      if (sent >= 3) throw error;
      continue;
    }
    return;
  }
};

/** Stop, change, start: whatever comes of the change, a task that was active is started again. */
const changeSize = async (
  context: Context<Site>,
  ref: ContainerTaskRef,
  detail: ContainerTaskDetail,
  args: ContainerTaskArgs,
): Promise<void> => {
  const wasActive = isActive(detail.status);
  if (wasActive) await stop(context, ref, args);
  const failure = await resize(context, ref, detail.instanceId, sizeOf(args)).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const startsAgain = args.powerState === undefined ? wasActive : args.powerState === "running";
  if (startsAgain && (wasActive || !failure))
    try {
      await start(context, ref, args);
    } catch (error) {
      // one that queues keeps its place: it comes up by itself
      if (error instanceof WaitEnded && error.why === "deadline") throw error;
      const also = failure ? ` Before that, the change itself failed: ${closedSentence(failure.error)}` : "";
      throw new NotRestored(
        `${nameOf(ref)} was stopped for a change and could not be started again: ${closedSentence(error)}${also} The next up only starts it.`,
      );
    }
  if (failure) throw failure.error;
};

const changePower = async (
  context: Context<Site>,
  ref: ContainerTaskRef,
  status: string,
  args: ContainerTaskArgs,
): Promise<void> => {
  if (args.powerState === "stopped" && isActive(status)) await stop(context, ref, args);
  if (args.powerState === "running" && !isActive(status)) await start(context, ref, args);
};

/** The phase in which an interrupted step leaves a task; one that had once come up is not made anew for a failure. */
export const phaseAfter = (error: unknown, otherwise: ContainerPhase): ContainerPhase => {
  if (error instanceof NotRestored) return "restore-power";
  if (!(error instanceof WaitEnded)) return otherwise;
  const hasComeUp = otherwise === "ready";
  if (error.why === "vanished") return "unknown";
  if (error.why === "failed") return hasComeUp ? "ready" : "failed";
  const stage = stageOf(error.status);
  if (stage === "waiting") return "waiting";
  return stage === "deploying" || !hasComeUp ? "creating" : "ready";
};

/** Brings a task to `args`; what was done is in the partial state of any error. */
export const applyChanges = async (
  context: Context<Site>,
  ref: ContainerTaskRef,
  state: ContainerTaskState,
  args: ContainerTaskArgs,
  mayStop: boolean,
): Promise<ContainerTaskState> => {
  const detail = await detailOf(context, ref);
  const differs = !hasSize(detail, sizeOf(args));
  // nothing is lost with a place in the queue
  const isBusy = ["running", "deploying"].includes(stageOf(detail.status));
  if (differs && isBusy && !mayStop && !args.allowStop && !context.site.allowStop)
    throw new UserError(
      `${nameOf(ref)} is ${detail.status}, and a change of its size stops and restarts it: set allowStop: true on it, or consent for this run with DBC_ALLOW_STOP=1.`,
    );
  try {
    // an interrupted run had stopped and changed it, and was about to start it again, or had just done so
    const isLeftOff =
      !differs &&
      !hasSize(detail, sizeOf(state)) &&
      isActive(state.status) &&
      stageOf(detail.status) !== "running";
    if (differs) await changeSize(context, ref, detail, args);
    else if (isLeftOff && args.powerState !== "stopped") await start(context, ref, args);
    else await changePower(context, ref, detail.status, args);
    return await look(context, ref, args, "ready", state.__account, 3);
  } catch (error) {
    const phase = phaseAfter(error, state.phase);
    const seen = await look(context, ref, args, phase, state.__account).catch(() => ({ ...state, phase }));
    throw new PartialState(idOf(ref), toValues(seen), sentence(error));
  }
};
