import type { Values } from "../core/check";
import { sentence } from "../core/errors";
import { type Context, PartialState } from "../core/resource";
import { isUntouched } from "./power-book";
import type { Site } from "./site";
import type { VmArgs } from "./vm";
import { applyChanges, look } from "./vm-apply";
import { sendVm } from "./vm-create";
import { isGone } from "./vm-delete";
import { finishVm } from "./vm-finish";
import { resumeLost } from "./vm-legacy";
import { isLost, whereIs } from "./vm-legacy-search";
import { powerOn } from "./vm-power";
import {
  accountOf,
  CREATE_ERROR,
  findVm,
  idOf,
  nameOf,
  toState,
  toValues,
  type VmRef,
  type VmState,
} from "./vm-state";

/** Goes on with a VM whose creation, or whose change, was interrupted. */
const resume = async (context: Context<Site>, ref: VmRef, state: VmState, args: VmArgs): Promise<VmState> => {
  if (state.phase === "restore-power") {
    try {
      if (state.powerState !== "stopped") await powerOn(context, ref, args);
      return await look(context, ref, state, state.__account);
    } catch (error) {
      throw new PartialState(
        idOf(ref),
        toValues(state),
        `${nameOf(ref)} is off for a change and could not be started again: ${sentence(error)}`,
      );
    }
  }
  context.progress("going on with the interrupted creation");
  const task = await findVm(context, ref);
  if (!task && (await isGone(context, ref))) {
    // there a second order can't be told from the first
    if ((await context.site.client.generation(ref.nodeId)) === "legacy")
      throw new PartialState(
        idOf(ref),
        toValues(state),
        `${nameOf(ref)} is gone from its node: \`pulumi refresh\` forgets it, and the next up makes it anew.`,
      );
    return sendVm(context, ref, args, state.__account);
  }
  if (task?.status === CREATE_ERROR) await powerOn(context, ref, args);
  return finishVm(context, ref, args, state.__account, { found: true, mayStop: isUntouched(state) });
};

/** Changes a VM in place. */
export const changeVm = async (
  context: Context<Site>,
  id: string,
  values: Values,
  args: VmArgs,
): Promise<Values> => {
  const recorded = toState(values);
  const ref = whereIs(id, recorded, args.rentOrder ?? context.site.rentOrder);
  await accountOf(context, ref, recorded.__account);
  if (isLost(recorded)) return toValues(await resumeLost(context, id, recorded, args));
  const settled = recorded.phase === "ready" || recorded.phase === "changing";
  const state = settled ? recorded : await resume(context, ref, recorded, args);
  return toValues(await applyChanges(context, ref, state, args, false));
};
