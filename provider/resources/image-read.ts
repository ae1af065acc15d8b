import type { Values } from "../core/check";
import { isRemote, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import { diskOf, findImage, type ImageState, listOf, nameOf, refOf, toState, toValues } from "./image-state";
import { rentalEnded } from "./rental";
import type { Site } from "./site";
import { accountAt } from "./transfer-fields";

const LIST_AGE_MS = 60_000;
const PROOFS_APART_MS = 5_000;

/**
 * Whether an image that the list lacks is gone for certain: lacking twice, and not hidden because a running VM has it
 * as a disk, or because it has a backing file and its server can't be asked.
 */
const isGone = async (context: Context<Site>, state: ImageState): Promise<boolean> => {
  if ((await diskOf(context, state)) !== undefined) return false;
  await context.clock.sleep(PROOFS_APART_MS);
  if (await findImage(context, state)) return false;
  if (
    state.imageServer !== "" &&
    (await context.site.serverImages(state.imageServer).recent(LIST_AGE_MS)).length === 0
  )
    throw new UserError(
      `nobody can tell whether ${nameOf(state)} is still there: the node does not list it, and its image server ${state.imageServer} lists nothing, as when it can't be reached; try again when it can.`,
    );
  return true;
};

/** What an image is like now; `undefined` only when it is proven gone. */
export const readImage = async (
  context: Context<Site>,
  id: string,
  values: Values | undefined,
): Promise<Values | undefined> => {
  const ref = refOf(id);
  const state: ImageState = values
    ? toState(values)
    : { ...ref, imageServer: "", directory: "/data", deleteFromNode: false, phase: "ready", __account: "" };
  const rentOrder = state.rentOrder ?? context.site.rentOrder;
  try {
    const account = await accountAt(
      context,
      { nodeId: ref.nodeId, rentOrder, what: nameOf(ref) },
      values && state.__account,
    );
    const found = (await listOf(context, state).recent(LIST_AGE_MS)).find(({ name }) => name === ref.name);
    if (found) return toValues({ ...state, phase: state.phase, size: found.size, __account: account });
    // what is not there yet is not gone: the next up goes on with it
    if (state.phase !== "ready") return toValues(state);
    return (await isGone(context, state)) ? undefined : toValues(state);
  } catch (error) {
    const over = isRemote(error, "rental-over");
    if (!values || !over || !(await rentalEnded(context, { nodeId: ref.nodeId, rentOrder }, error)))
      throw error;
    context.warn(
      `the rental of node ${ref.nodeId.slice(0, 8)}… is over: ${nameOf(ref)} can't be used any more.`,
    );
    return toValues(state);
  }
};
