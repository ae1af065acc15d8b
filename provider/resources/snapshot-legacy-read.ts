import type { Values } from "../core/check";
import { isRemote } from "../core/errors";
import type { Context } from "../core/resource";
import { olderNode } from "./legacy";
import { rentalEnded } from "./rental";
import type { Site } from "./site";
import { DROPPED_WITHIN_MS } from "./snapshot-copy";
import { isOurs } from "./snapshot-legacy";
import { nameOf, partsOf, toState, toValues } from "./snapshot-state";
import { accountAt, limitMsOf } from "./transfer-fields";
import { isCondemned, oweStart, placeOf, startOwed } from "./vm-part";

/** What a snapshot is like now; gone with its VM. */
export const readLegacySnapshot = async (
  context: Context<Site>,
  id: string,
  values: Values | undefined,
): Promise<Values | undefined> => {
  const { vmId, name } = partsOf(id);
  const { site, hidden } = context;
  const ref = placeOf(site, vmId, hidden.__vm);
  const state = values && toState(values);
  const account = await accountAt(context, { ...ref, what: nameOf(name, ref) }, state?.__account);
  if (state && state.phase !== "ready") return values;
  try {
    // the list tells a VM that is gone from a snapshot that is
    const items = await site.client.listLegacySnapshots(ref.nodeId, ref.taskId);
    const listed = items.find((item) => item.name === name);
    if (!listed) return undefined;
    if (state) return isOurs(listed, hidden.__key) ? values : undefined;
    const found = await site.client.getLegacySnapshot(ref.nodeId, ref.taskId, name);
    const { description, createdAt } = found;
    const file = found.disks.find((disk) => disk.name === "vda")?.file;
    const seen = { vmId, name, imageServer: "", description, createdAt, file };
    return toValues({ ...seen, phase: "ready", __whole: true, __older: true, __account: account });
  } catch (error) {
    if (isRemote(error, "not-found")) return undefined;
    throw error;
  }
};

/** Forgets a snapshot: its node has no call that deletes one. */
export const deleteLegacySnapshot = async (context: Context<Site>, values: Values): Promise<void> => {
  const { site, hidden } = context;
  const state = toState(values);
  // it goes with its VM
  if (isCondemned(site, state.vmId)) return;
  oweStart(site, state.vmId, values);
  const ref = placeOf(site, state.vmId, hidden.__vm);
  const what = nameOf(state.name, ref);
  try {
    await accountAt(context, { ...ref, what }, state.__account);
    await startOwed(context, ref, limitMsOf(state.timeouts, "delete") ?? DROPPED_WITHIN_MS);
  } catch (error) {
    if (!isRemote(error, "rental-over") || !(await rentalEnded(context, ref, error))) throw error;
    return;
  }
  context.warn(
    `${what} is forgotten here and stays on its node until the VM is deleted: ${olderNode(ref.nodeId)}, which can't delete snapshots.`,
  );
};
