import type { Values } from "../core/check";
import { isRemote, sentence } from "../core/errors";
import { type Context, PartialState } from "../core/resource";
import type { ContainerTaskArgs } from "./container-task";
import { applyChanges, look } from "./container-task-apply";
import { finishContainerTask, sendContainerTask } from "./container-task-create";
import { isGone } from "./container-task-delete";
import { start } from "./container-task-power";
import {
  accountOf,
  type ContainerTaskRef,
  type ContainerTaskState,
  findTask,
  idOf,
  nameOf,
  refOf,
  toState,
  toValues,
} from "./container-task-state";
import type { Site } from "./site";

/** Goes on with a task whose creation, or whose change, was interrupted. */
const resume = async (
  context: Context<Site>,
  ref: ContainerTaskRef,
  state: ContainerTaskState,
  args: ContainerTaskArgs,
): Promise<ContainerTaskState> => {
  if (state.phase === "restore-power") {
    try {
      if (args.powerState !== "stopped") await start(context, ref, args);
      return await look(context, ref, state, "ready", state.__account);
    } catch (error) {
      throw new PartialState(
        idOf(ref),
        toValues(state),
        `${nameOf(ref)} was stopped for a change and could not be started again: ${sentence(error)}`,
      );
    }
  }
  context.progress("going on with the interrupted creation");
  const line = await findTask(context, ref);
  if (line)
    return finishContainerTask(
      context,
      { ...ref, instanceId: line.instanceId },
      args,
      state.__account,
      "recorded",
    );
  // what can't be asked now is no proof of anything: the state stays as it is
  const gone = await isGone(context, ref).catch((error: unknown) => {
    if (isRemote(error, "unavailable")) throw new PartialState(idOf(ref), toValues(state), sentence(error));
    throw error;
  });
  const fresh = { ...ref, instanceId: undefined };
  return gone
    ? sendContainerTask(context, fresh, args, state.__account)
    : finishContainerTask(context, ref, args, state.__account, "recorded");
};

/** Changes a task in place. */
export const changeContainerTask = async (
  context: Context<Site>,
  id: string,
  values: Values,
  args: ContainerTaskArgs,
): Promise<Values> => {
  const recorded = toState(values);
  const ref = refOf(id, context.hidden.__key, recorded.instanceId);
  await accountOf(context, ref, recorded.__account);
  const state = recorded.phase === "ready" ? recorded : await resume(context, ref, recorded, args);
  return toValues(await applyChanges(context, { ...ref, instanceId: state.instanceId }, state, args, false));
};
