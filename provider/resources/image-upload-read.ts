import type { Values } from "../core/check";
import { isRemote, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import { type ImageUploadState, nameOf, refOf, toState, toValues, uploadOf } from "./image-upload-state";
import { rentalEnded } from "./rental";
import type { Site } from "./site";
import { stopTransfer } from "./transfer";
import { accountAt } from "./transfer-fields";

const LIST_AGE_MS = 60_000;
const PROOFS_APART_MS = 5_000;

/** What an upload's file is like on its server; `undefined` only when it is proven gone. */
export const readImageUpload = async (
  context: Context<Site>,
  id: string,
  values: Values | undefined,
): Promise<Values | undefined> => {
  const { imageServer, image } = refOf(id);
  const state: ImageUploadState = values
    ? toState(values)
    : { nodeId: "", name: image, imageServer, image, phase: "ready", __account: "" };
  const list = context.site.serverImages(imageServer);
  for (let missed = 0; ; missed++) {
    const items = await (missed === 0 ? list.recent(LIST_AGE_MS) : list.fresh());
    const found = items.find(({ name }) => name === image);
    if (found) return toValues({ ...state, size: found.size });
    // what is not there yet is not gone: the next up goes on with it
    if (state.phase !== "ready") return toValues(state);
    if (items.length === 0 && values)
      throw new UserError(
        `nobody can tell whether ${nameOf(imageServer, image)} is still there: that server lists nothing, as when it can't be reached; try again when it can.`,
      );
    if (missed === 1) return undefined;
    await context.clock.sleep(PROOFS_APART_MS);
  }
};

/** Gives an upload up: one of ours that is under way is stopped. No call can take anything from an image server. */
export const deleteImageUpload = async (
  context: Context<Site>,
  _id: string,
  values: Values,
): Promise<void> => {
  const state = toState(values);
  const what = nameOf(state.imageServer, state.image);
  if (state.phase === "ready") {
    context.warn(`${what} stays there: no call of the node can remove it.`);
    return;
  }
  if (state.phase !== "transferring") return;
  const rentOrder = state.rentOrder ?? context.site.rentOrder;
  try {
    await accountAt(context, { nodeId: state.nodeId, rentOrder, what }, state.__account);
    context.progress("stopping the upload");
    await stopTransfer(context, uploadOf(context, state, undefined));
  } catch (error) {
    const over = isRemote(error, "rental-over");
    if (!over || !(await rentalEnded(context, { nodeId: state.nodeId, rentOrder }, error))) throw error;
    context.warn(
      `the rental of node ${state.nodeId.slice(0, 8)}… is over: the upload of ${what} is forgotten here.`,
    );
  }
};
