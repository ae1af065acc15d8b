import { isRemote, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { Site } from "./site";
import { nameOf, type VmRef } from "./vm-state";

const LOOK_EVERY_MS = 5_000;
// A resize of this VM has no status of its own, and fails silently.
const GROWN_WITHIN_MS = 120_000;

/**
 * Grows a VM's first data disk to `toGib`, while it is off. The request is an increment, so it is never repeated:
 * whether it was carried out is read from the list.
 */
export const growDataDisk = async (
  context: Context<Site>,
  ref: VmRef,
  fromGib: number,
  toGib: number,
): Promise<void> => {
  const { client } = context.site;
  const size = async () => {
    const disk = (await client.listDisks(ref.nodeId, ref.taskId, { rentOrder: ref.rentOrder })).find(
      ({ name }) => name === "vdb",
    );
    if (!disk)
      throw new UserError(
        `${nameOf(ref)} has no data disk vdb that could grow: it was removed behind our back.`,
      );
    return disk.sizeGib;
  };
  // the size that is listed is the true one for a data disk, also where an interrupted run has grown it
  const before = await size();
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
