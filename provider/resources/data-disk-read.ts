import type { Disk } from "../api/dbc/types";
import type { Values } from "../core/check";
import { isRemote } from "../core/errors";
import type { Context } from "../core/resource";
import type { DataDiskArgs } from "./data-disk";
import { directoryOf, partsOf, stateOf, toState, toValues, withFile } from "./data-disk-state";
import type { Site } from "./site";
import { isGone } from "./vm-delete";
import { asRecorded } from "./vm-recorded";
import { accountOf, nameOf, type VmRef } from "./vm-state";

/** How old a list may be that answers a refresh: all disks of one VM share it. */
const LIST_AGE_MS = 60_000;

/** The list of a VM's disks; `undefined` when the VM is proven gone, and its disks with it. */
export const disksOf = async (
  context: Context<Site>,
  ref: VmRef,
  ageMs: number,
): Promise<readonly Disk[] | undefined> => {
  const list = context.site.disks(ref);
  try {
    return await (ageMs === 0 ? list.fresh() : list.recent(ageMs));
  } catch (error) {
    // also said while the node has lost its hypervisor
    if (isRemote(error, "not-found") && (await isGone(context, ref))) return undefined;
    throw error;
  }
};

/** The arguments of a disk that was not made here. */
const seenArgs = (vmId: string, disk: Disk): DataDiskArgs => ({
  vmId,
  sizeGib: Math.floor(disk.sizeGib),
  directory: directoryOf(disk.file),
});

/** What a disk is like now; `undefined` only when it, or its VM, is proven gone. */
export const readDataDisk = async (
  context: Context<Site>,
  id: string,
  values: Values | undefined,
): Promise<Values | undefined> => {
  const state = values && toState(values);
  const { vmId, last } = partsOf(id);
  const look = async (now: Context<Site>, ref: VmRef): Promise<Values | undefined> => {
    const account = await accountOf(now, ref, state?.__account);
    const disks = await disksOf(now, ref, LIST_AGE_MS);
    // it is not known which one is ours, so none can be missed
    if (state?.phase === "unknown") return disks && toValues(state);
    const disk = state
      ? disks && withFile(state.file)(disks)
      : disks?.find(({ file }) => file.endsWith(`/${last}`));
    return disk && toValues(stateOf(state ?? seenArgs(vmId, disk), disk, state?.phase ?? "ready", account));
  };
  return asRecorded(context, vmId, look, (ref, refusal) => {
    if (!state) throw refusal;
    context.warn(
      `the rental of node ${ref.nodeId.slice(0, 8)}… is over: the disks of ${nameOf(ref)} can't be reached any more.`,
    );
    return toValues(state);
  });
};
