import type { Values } from "../core/check";
import type { Context } from "../core/resource";
import type { Site } from "./site";
import { DROPPED_WITHIN_MS, drop } from "./snapshot-copy";
import { sendOf } from "./snapshot-create";
import { isOurs, nameOf, toState } from "./snapshot-state";
import { stopTransfer } from "./transfer";
import { accountAt, limitMsOf } from "./transfer-fields";
import { isCondemned, oweStart, startOwed } from "./vm-part";
import { asRecorded } from "./vm-recorded";
import type { VmRef } from "./vm-state";

/** Takes a snapshot away from its node, with its upload; what the image server has stays there, and is said to. */
export const deleteSnapshot = async (context: Context<Site>, _id: string, values: Values): Promise<void> => {
  const { site, hidden } = context;
  const state = toState(values);
  const stays = () => {
    if (state.phase === "ready")
      context.warn(
        `${state.image} stays on image server ${state.imageServer}: no call of the node can remove it.`,
      );
  };
  // the node takes a VM's snapshots away with it
  if (isCondemned(site, state.vmId)) return stays();
  oweStart(site, state.vmId, values);
  const limitMs = limitMsOf(state.timeouts, "delete") ?? DROPPED_WITHIN_MS;
  const away = async (now: Context<Site>, ref: VmRef): Promise<void> => {
    await accountAt(now, { ...ref, what: nameOf(state.name, ref) }, state.__account);
    const entry = (await site.snapshots(ref).fresh()).find((item) =>
      isOurs(item, { file: state.file, key: hidden.__key }),
    );
    if (entry) {
      context.progress("deleting");
      // one that was begun anew is not the snapshot's own any more
      if (state.phase !== "ready") await stopTransfer(now, sendOf(now, { ref, args: state }, entry.file));
      await drop(now, ref, entry, limitMs);
    }
    await startOwed(now, ref, limitMs);
    stays();
  };
  await asRecorded(context, state.vmId, away, (ref) =>
    context.warn(
      `the rental of node ${ref.nodeId.slice(0, 8)}… is over: ${nameOf(state.name, ref)} is forgotten here; the node removes it with its VM.`,
    ),
  );
};
