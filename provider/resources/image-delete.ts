import type { Values } from "../core/check";
import { spoken } from "../core/duration";
import { isRemote, sentence, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import { stays } from "./holds";
import {
  diskOf,
  downloadOf,
  findImage,
  type ImageState,
  listOf,
  nameOf,
  thingOf,
  toState,
} from "./image-state";
import { rentalEnded } from "./rental";
import type { Site } from "./site";
import { stopTransfer } from "./transfer";
import { accountAt, limitMsOf } from "./transfer-fields";

const TRY_EVERY_MS = 10_000;
const DELETE_WITHIN_MS = 600_000;

/** Deletes the file until the node itself says that there is none; deleting twice does no harm. */
const removeFile = async (context: Context<Site>, state: ImageState): Promise<void> => {
  const { site, clock } = context;
  const rentOrder = state.rentOrder ?? site.rentOrder;
  const limit = limitMsOf(state.timeouts, "delete") ?? DELETE_WITHIN_MS;
  const begun = clock.now();
  if (!(await findImage(context, state))) {
    const vm = await diskOf(context, state);
    if (vm !== undefined)
      throw new UserError(
        `${nameOf(state)} can't be deleted: it is a disk of VM ${vm}, which runs; delete that VM first, or set deleteFromNode: false.`,
      );
  }
  for (;;) {
    try {
      context.progress("deleting");
      await site.client
        .deleteImage(state.nodeId, state.name, { rentOrder })
        .finally(() => listOf(context, state).forget());
      return;
    } catch (error) {
      if (isRemote(error, "not-found")) return;
      const busy = isRemote(error, "refused") && error.said.startsWith("image file is in downloading");
      if (!busy && !isRemote(error, "unknown", "unavailable", "not-sent")) throw error;
      if (clock.now() - begun >= limit)
        throw new UserError(
          `gave up deleting ${nameOf(state)} after ${spoken(clock.now() - begun)}; it stays in the state: ${sentence(error)}`,
        );
    }
    await clock.sleep(TRY_EVERY_MS);
  }
};

/** Gives an image up: a download of ours is stopped, and the file deleted if the user wants that. */
export const deleteImage = async (context: Context<Site>, id: string, values: Values): Promise<void> => {
  const state = toState(values);
  const rentOrder = state.rentOrder ?? context.site.rentOrder;
  const isOurs = state.phase === "transferring";
  if (!isOurs && !state.deleteFromNode) return;
  // the download, too, is now the other one's
  if (stays(context, thingOf(id), nameOf(state))) return;
  try {
    await accountAt(context, { nodeId: state.nodeId, rentOrder, what: nameOf(state) }, state.__account);
    if (isOurs) {
      context.progress("stopping the download");
      await stopTransfer(context, downloadOf(context, state, undefined));
    }
    if (state.deleteFromNode) await removeFile(context, state);
  } catch (error) {
    const over = isRemote(error, "rental-over");
    if (!over || !(await rentalEnded(context, { nodeId: state.nodeId, rentOrder }, error))) throw error;
    context.warn(
      `the rental of node ${state.nodeId.slice(0, 8)}… is over: ${nameOf(state)} is forgotten here and stays on the node.`,
    );
  }
};
