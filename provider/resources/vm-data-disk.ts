import { isRemote, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { Site } from "./site";
import { isSettled, nameOf, type VmRef } from "./vm-state";

const LOOK_EVERY_MS = 5_000;
// A resize of this VM has no status of its own, and fails silently.
const GROWN_WITHIN_MS = 120_000;
// The client node may pass a request on this late.
const QUIET_MS = 66_000;
const QUIET_WITHIN_MS = 1_800_000;

/**
 * Waits until no order of a run that died can still be on its way to a VM that was found off: `size` stays the same
 * for long, while the node has no work that shows. A power-off of our own proves as much, because the node's worker is
 * strictly first in, first out.
 */
export const waitForQuiet = async (
  context: Context<Site>,
  ref: VmRef,
  size: () => Promise<number>,
): Promise<number> => {
  const { clock, site } = context;
  const begun = clock.now();
  let [last, since] = [await size(), begun];
  while (clock.now() - since < QUIET_MS) {
    context.progress("waiting until no earlier order for the disk is under way");
    await clock.sleep(LOOK_EVERY_MS);
    const tasks = await site.tasks(ref.nodeId, ref.rentOrder).fresh();
    const now = await size();
    if (now !== last || tasks.some(({ status }) => !isSettled(status))) since = clock.now();
    last = now;
    if (clock.now() - begun >= QUIET_WITHIN_MS)
      throw new UserError(
        `${nameOf(ref)} is off, and its node does not come to rest, so that it can't be told whether an earlier order for its disk was carried out: try again when the node has less to do.`,
      );
  }
  return last;
};

/**
 * Grows a VM's first data disk to `toGib`, while it is off. The request is an increment, so it is never repeated:
 * whether it was carried out is read from the list. `wasRunning`: the VM was powered off for it just now.
 */
export const growDataDisk = async (
  context: Context<Site>,
  ref: VmRef,
  fromGib: number,
  toGib: number,
  wasRunning: boolean,
): Promise<void> => {
  const { client } = context.site;
  const size = async () => {
    const disk = (await context.site.disks(ref).fresh()).find(({ name }) => name === "vdb");
    if (!disk)
      throw new UserError(
        `${nameOf(ref)} has no data disk vdb that could grow: it was removed behind our back.`,
      );
    return disk.sizeGib;
  };
  // the size that is listed is the true one for a data disk, also where an interrupted run has grown it
  const first = await size();
  const before = wasRunning || first >= toGib ? first : await waitForQuiet(context, ref, size);
  if (before >= toGib) return;
  context.progress(`growing the data disk from ${fromGib} to ${toGib} GiB`);
  try {
    await client.growDisk(ref.nodeId, ref.taskId, "vdb", toGib - before, { rentOrder: ref.rentOrder });
  } catch (error) {
    if (!isRemote(error, "unknown")) throw error;
  }
  const begun = context.clock.now();
  while ((await size()) < toGib) {
    if (context.clock.now() - begun >= GROWN_WITHIN_MS)
      throw new UserError(
        `the data disk of ${nameOf(ref)} did not grow to ${toGib} GiB: its node may have no space left (getNode shows it); the next up tries again.`,
      );
    await context.clock.sleep(LOOK_EVERY_MS);
  }
};
