import type { ContainerOrder } from "../api/container/types";
import type { Values } from "../core/check";
import { closedSentence, isRemote, type RemoteError, sentence, UserError } from "../core/errors";
import { sendOnce, Unsettled } from "../core/once";
import { type Context, PartialState } from "../core/resource";
import type { ContainerTaskArgs } from "./container-task";
import { adoptContainerTask } from "./container-task-adopt";
import { applyChanges, look, phaseAfter } from "./container-task-apply";
import { removeContainerTask } from "./container-task-delete";
import { start, stop } from "./container-task-power";
import {
  accountOf,
  bareState,
  type ContainerTaskRef,
  type ContainerTaskState,
  findTask,
  idOf,
  instanceNameOf,
  nameOf,
  toValues,
} from "./container-task-state";
import { stageOf } from "./container-task-status";
import { limitOf, waitForStage } from "./container-task-wait";
import type { Site } from "./site";

const orderOf = (args: ContainerTaskArgs, name: string): ContainerOrder => ({
  name,
  taskType: args.taskType,
  acceleratorType: args.acceleratorType,
  image: args.image,
  resourceGroup: args.resourceGroup,
  cpuCores: args.cpuCores,
  acceleratorCount: args.acceleratorCount ?? 0,
  ramMib: args.ramMib,
  containers: args.containers,
  timeLimit: String(args.timeLimit),
  startScript: args.startScript,
  startScriptScope: args.startScriptScope,
  description: args.description,
  mounts: args.mounts ?? [],
  ports: args.ports ?? [],
});

/**
 * Who sent a task: this step; a run that died, so that nobody has ever been told of it; or an earlier run that
 * recorded it, since when it may have come up and be at work.
 */
type Origin = "new" | "begun" | "recorded";

/** Waits for a task that was sent to the platform, and finishes it. Every error is partial state. */
export const finishContainerTask = async (
  context: Context<Site>,
  ref: ContainerTaskRef,
  args: ContainerTaskArgs,
  account: string,
  origin: Origin,
): Promise<ContainerTaskState> => {
  const isNew = origin === "new";
  let state = bareState(args, ref, "Waiting", "creating", account);
  try {
    if (args.powerState === "stopped") {
      // it need not wait for room only to be stopped
      await stop(context, ref, args);
    } else if (!isNew) {
      // an earlier run began it, perhaps with another size, for which there may be room sooner
      const line = await findTask(context, ref);
      if (line && stageOf(line.status) === "waiting")
        state = await applyChanges(context, ref, { ...state, phase: "waiting" }, args, false);
    }
    if (args.powerState !== "stopped") {
      const line = await waitForStage(context, ref, {
        doing: "creating",
        reached: (stage) =>
          stage === "running" ||
          stage === "ended" ||
          (args.waitFor === "accepted" && isNew && stage !== "failed"),
        limitMs: limitOf(args.timeouts, "create"),
        group: args.resourceGroup,
      });
      if (stageOf(line.status) === "ended" && args.powerState === "running" && !isNew)
        await start(context, ref, args);
    }
    if (!isNew) await applyChanges(context, ref, { ...state, phase: "creating" }, args, origin === "begun");
    return await look(context, ref, args, "ready", account, 3);
  } catch (error) {
    if (error instanceof PartialState) throw error;
    const phase = phaseAfter(error, "creating");
    const seen = await look(context, ref, args, phase, account).catch(() => ({ ...state, phase }));
    throw new PartialState(idOf(ref), toValues(seen), sentence(error));
  }
};

/** A refused create that may have left something behind is looked at once before it is believed. */
const afterRefusal = async (
  context: Context<Site>,
  ref: ContainerTaskRef,
  refusal: RemoteError,
): Promise<string> => {
  const line = await findTask(context, ref).catch(() => undefined);
  if (line === undefined) throw refusal;
  return line.instanceId;
};

/** Sends the create of a task that was seen not to be there, once, and waits until it runs. */
export const sendContainerTask = async (
  context: Context<Site>,
  ref: ContainerTaskRef,
  args: ContainerTaskArgs,
  account: string,
): Promise<ContainerTaskState> => {
  const { site, clock } = context;
  const watch = site.container.tasks(ref.region);
  try {
    const { found } = await sendOnce({
      clock,
      // the platform takes the same order twice and makes two: only looking settles what came of it
      repeatable: false,
      look: async () => (await findTask(context, ref))?.instanceId,
      send: async () => {
        watch.forget();
        try {
          return await site.container.client.createTask(orderOf(args, ref.name), ref.region);
        } catch (error) {
          watch.forget();
          if (isRemote(error, "refused")) return await afterRefusal(context, ref, error);
          throw error;
        } finally {
          watch.forget();
        }
      },
      isAlreadyThere: () => false,
      unsure: () => context.progress("no clear answer: looking whether the task was made"),
    });
    return await finishContainerTask(context, { ...ref, instanceId: found }, args, account, "new");
  } catch (error) {
    if (!(error instanceof Unsettled)) throw error;
    throw new PartialState(
      idOf(ref),
      toValues(bareState(args, ref, "unknown", "unknown", account)),
      `nobody knows whether ${nameOf(ref)} was made: ${closedSentence(error.last)} It is recorded, and the next \`pulumi up\` looks again before it sends anything.`,
    );
  }
};

/** Makes a task, or goes on with the one that an interrupted run began. */
export const createContainerTask = async (
  context: Context<Site>,
  args: ContainerTaskArgs,
): Promise<{ id: string; state: Values }> => {
  if (args.adoptInstance !== undefined) return adoptContainerTask(context, args, args.adoptInstance);
  const key = context.hidden.__key;
  if (key === undefined)
    throw new UserError("this ContainerTask has no key: make it with the class ContainerTask of pulumi-dbc.");
  const { id: region } = await context.site.container.client.region(args.region);
  const ref: ContainerTaskRef = {
    region,
    name: instanceNameOf(args.name, key),
    isOurs: true,
    instanceId: undefined,
  };
  const account = await accountOf(context, ref);
  const line = await findTask(context, ref);
  if (line === undefined)
    return { id: idOf(ref), state: toValues(await sendContainerTask(context, ref, args, account)) };
  context.warn(
    `${nameOf(ref)} was begun by a run that did not end: going on with it. If Pulumi goes on to warn of pending operations, \`pulumi refresh --clear-pending-creates\` settles that.`,
  );
  const known = { ...ref, instanceId: line.instanceId };
  if (stageOf(line.status) !== "failed")
    return {
      id: idOf(ref),
      state: toValues(await finishContainerTask(context, known, args, account, "begun")),
    };
  await removeContainerTask(context, known, args, limitOf(args.timeouts, "delete"));
  return { id: idOf(ref), state: toValues(await sendContainerTask(context, ref, args, account)) };
};
