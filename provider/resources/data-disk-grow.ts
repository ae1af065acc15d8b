import type { Disk } from "../api/dbc/types";
import { UserError } from "../core/errors";
import { type Context, PartialState } from "../core/resource";
import type { DataDiskArgs } from "./data-disk";
import { type DataDiskState, limitOf, stateOf, toValues, withFile } from "./data-disk-state";
import { order, waitForDisks } from "./data-disk-wait";
import type { Site } from "./site";
import { waitForQuiet } from "./vm-data-disk";
import { whileVmOff } from "./vm-part";
import { NotRestored } from "./vm-power";
import { findVm, nameOf, type VmRef } from "./vm-state";

/**
 * Grows a disk to its size while its VM is off. The order is an increment, so it is never repeated: how much is still
 * to come is read from the list. With nothing to grow, it only brings the power back.
 */
export const growDisk = async (
  context: Context<Site>,
  { id, ref }: { readonly id: string; readonly ref: VmRef },
  state: DataDiskState,
  args: DataDiskArgs,
): Promise<DataDiskState> => {
  const { site } = context;
  const limitMs = limitOf(args.timeouts, "update");
  const what = `disk ${state.file} of ${nameOf(ref)}`;
  const ours = withFile(state.file);
  let seen: Disk | undefined;
  const now = async (): Promise<Disk> => {
    seen = ours(await site.disks(ref).fresh());
    if (!seen)
      throw new UserError(`${what} is gone: it was removed behind our back; run \`pulumi refresh\`.`);
    return seen;
  };
  const isGrown = (disk: Disk) => disk.sizeGib >= args.sizeGib;
  // an order of a run that died may still be under way to a VM that nobody powers off now
  const wasRunning = (await findVm(context, ref))?.status !== "closed";
  const work = async () => {
    let disk = await now();
    if (!wasRunning && !isGrown(disk)) {
      await waitForQuiet(context, ref, async () => (await now()).sizeGib);
      disk = await now();
    }
    if (isGrown(disk)) return;
    context.progress(`growing from ${Math.floor(disk.sizeGib)} to ${args.sizeGib} GiB`);
    const growth = Math.ceil(args.sizeGib - disk.sizeGib);
    const sure = await order(context, ref, () =>
      site.client.growDisk(ref.nodeId, ref.taskId, disk.name, growth, { rentOrder: ref.rentOrder }),
    );
    const grown = (disks: readonly Disk[]) => {
      const listed = ours(disks);
      return listed && isGrown(listed) ? listed : undefined;
    };
    seen = (await waitForDisks(context, ref, limitMs, sure, grown)) ?? seen;
  };
  try {
    await whileVmOff(context, args.vmId, limitMs, work);
  } catch (error) {
    if (!(error instanceof NotRestored)) throw error;
    const left = seen ? stateOf(args, seen, "restore-power", state.__account) : { ...state, ...args };
    throw new PartialState(
      id,
      toValues({ ...left, sizeGib: seen ? left.sizeGib : state.sizeGib, phase: "restore-power" }),
      error.message,
    );
  }
  const last = seen && isGrown(seen) ? seen : await now();
  if (!isGrown(last))
    throw new UserError(
      `${what} did not grow to ${args.sizeGib} GiB: its node took the order, or seemed to, and may have no space left in ${args.directory} (getNode shows it); the next up tries again.`,
    );
  return stateOf(args, last, "ready", state.__account);
};
