import type { Values } from "../core/check";
import { isRemote } from "../core/errors";
import type { Context } from "../core/resource";
import { rentalEnded } from "./rental";
import type { Site } from "./site";
import { DROPPED_WITHIN_MS, drop } from "./snapshot-copy";
import { sendOf } from "./snapshot-create";
import { isOurs, nameOf, toState } from "./snapshot-state";
import { stopTransfer } from "./transfer";
import { accountAt, limitMsOf } from "./transfer-fields";
import { isCondemned, placeOf } from "./vm-part";

/** Takes a snapshot away from its node, with its upload; what the image server has stays there, and is said to. */
export const deleteSnapshot = async (context: Context<Site>, _id: string, values: Values): Promise<void> => {
  const { site, hidden } = context;
  const state = toState(values);
  const ref = placeOf(site, state.vmId, hidden.__vm);
  const what = nameOf(state.name, ref);
  const stays = () => {
    if (state.phase === "ready")
      context.warn(
        `${state.image} stays on image server ${state.imageServer}: no call of the node can remove it.`,
      );
  };
  // the node takes a VM's snapshots away with it
  if (isCondemned(site, state.vmId)) return stays();
  try {
    await accountAt(context, { ...ref, what }, state.__account);
    const entry = (await site.snapshots(ref).fresh()).find((item) =>
      isOurs(item, { file: state.file, key: hidden.__key }),
    );
    if (entry) {
      context.progress("deleting");
      // one that was begun anew is not the snapshot's own any more
      if (state.phase !== "ready")
        await stopTransfer(context, sendOf(context, { ref, args: state }, entry.file));
      await drop(context, ref, entry, limitMsOf(state.timeouts, "delete") ?? DROPPED_WITHIN_MS);
    }
    stays();
  } catch (error) {
    const over = isRemote(error, "rental-over");
    if (!over || !(await rentalEnded(context, ref, error))) throw error;
    context.warn(
      `the rental of node ${ref.nodeId.slice(0, 8)}… is over: ${what} is forgotten here; the node removes it with its VM.`,
    );
  }
};
