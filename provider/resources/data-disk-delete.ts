import type { Disk } from "../api/dbc/types";
import type { Values } from "../core/check";
import { UserError } from "../core/errors";
import type { Context } from "../core/resource";
import { ledgerOf } from "./data-disk-ledger";
import { disksOf } from "./data-disk-read";
import { type DataDiskState, directoryOf, limitOf, thingOf, toState, withFile } from "./data-disk-state";
import { order, waitForDisks } from "./data-disk-wait";
import { stays } from "./holds";
import type { Site } from "./site";
import { isCondemned, isHeardOf, isMeantToRun, isSeen, oweStart, peersOf, whileVmOff } from "./vm-part";
import { NotRestored, peerName } from "./vm-power";
import { asRecorded } from "./vm-recorded";
import { accountOf, findVm, nameOf, refOf, type VmRef } from "./vm-state";

/** Deletes the disk by the letter that it has at that moment, while its VM is off; `false` when it is still there. */
const removeDisk = async (context: Context<Site>, ref: VmRef, state: DataDiskState): Promise<boolean> => {
  const { site } = context;
  const limitMs = limitOf(state.timeouts, "delete");
  const ours = withFile(state.file);
  const isAway = (disks: readonly Disk[]) => (ours(disks) === undefined ? true : undefined);
  if (!site.allowStop && !isHeardOf(site, state.vmId) && (await findVm(context, ref))?.status !== "closed")
    throw new UserError(
      `deleting disk ${state.file} of ${nameOf(ref)} needs a hard power-off, the VM is running, and this run has not heard of its Vm, so that an allowStop of old does not count: consent for this run with DBC_ALLOW_STOP=1.`,
    );
  return await whileVmOff(context, state.vmId, limitMs, async () => {
    const disk = ours(await site.disks(ref).fresh());
    if (!disk) return true;
    context.progress("deleting the disk");
    const sure = await order(context, ref, () =>
      site.client.deleteDisk(ref.nodeId, ref.taskId, disk.name, { rentOrder: ref.rentOrder }),
    );
    return (await waitForDisks(context, ref, limitMs, sure, isAway)) ?? false;
  });
};

/** Disks that may be the one of which nobody knows whether it was added. */
const suspects = (site: Site, state: DataDiskState, disks: readonly Disk[]): Disk[] =>
  disks.filter(
    ({ file, sizeGib }) =>
      state.__before?.includes(file) === false &&
      !ledgerOf(site, state.vmId).isTaken(file) &&
      sizeGib === state.sizeGib &&
      directoryOf(file) === state.directory,
  );

/**
 * Of those, the one that can't be anybody else's: it came while nobody could look, and no other is accounted for. Whose
 * the files are is known only in a run that the Vm's own step is part of: others may have been added by name (`--target`).
 */
const inDoubt = (
  context: Context<Site>,
  ref: VmRef,
  state: DataDiskState,
  disks: readonly Disk[],
): Disk | undefined => {
  const { site, hidden } = context;
  const [found, ...more] = suspects(site, state, disks);
  if (!found) return undefined;
  const own = peerName(hidden.__urn);
  const others = ledgerOf(site, state.vmId).unheard(peersOf(context));
  const files = [found, ...more].map(({ file }) => file).join(" or ");
  const isSure = isSeen(site, state.vmId) && state.__missed !== true && others.every((peer) => peer === own);
  if (isSure && more.length === 0) {
    context.warn(
      `${files} on ${nameOf(ref)} appeared since an earlier run began to add this disk: it is deleted as its own.`,
    );
    return found;
  }
  context.warn(
    `nobody knows whether ${files} on ${nameOf(ref)} is the disk of this DataDisk, so it is left: take it over with adoptFile to delete it, or delete it with its VM.`,
  );
  return undefined;
};

const takeAway = async (context: Context<Site>, ref: VmRef, state: DataDiskState): Promise<void> => {
  const disks = await disksOf(context, ref, 0);
  if (!disks) return;
  const file = state.file ?? inDoubt(context, ref, state, disks)?.file;
  const there = withFile(file)(disks) !== undefined;
  const leftOff =
    isMeantToRun(context, state.vmId) === true && (await findVm(context, ref))?.status === "closed";
  // an interrupted run may have deleted it, and left its VM off
  if (!there && !leftOff) return;
  const isDone = await removeDisk(context, ref, { ...state, file }).catch((error: unknown) => {
    // a delete leaves nothing in the state that would say so to a run after a refresh
    if (!(error instanceof NotRestored)) throw error;
    throw new UserError(
      `${error.message} After a refresh, or without an up, nothing does: set powerState: "running" on its Vm then.`,
    );
  });
  if (isDone) return;
  // the start came after all that was queued before it
  if (withFile(file)((await disksOf(context, ref, 0)) ?? []))
    throw new UserError(
      `disk ${file} of ${nameOf(ref)} is still there: its node took the order, or seemed to, and did nothing; it stays in the state, and the next up tries again.`,
    );
};

/** Deletes a disk and its file. What stands on a VM that goes as well, goes with it. */
export const deleteDataDisk = async (context: Context<Site>, id: string, values: Values): Promise<void> => {
  const state = toState(values);
  if (isCondemned(context.site, state.vmId)) return;
  if (stays(context, thingOf(id, values), `disk ${state.file} of ${nameOf(refOf(state.vmId, undefined))}`))
    return;
  oweStart(context.site, state.vmId, values);
  const away = async (now: Context<Site>, ref: VmRef): Promise<void> => {
    await accountOf(now, ref, state.__account);
    await takeAway(now, ref, state);
  };
  await asRecorded(context, state.vmId, away, (ref) =>
    context.warn(
      `the rental of node ${ref.nodeId.slice(0, 8)}… is over: disk ${state.file} of ${nameOf(ref)} is forgotten here; the node removes it with the VM.`,
    ),
  );
};
