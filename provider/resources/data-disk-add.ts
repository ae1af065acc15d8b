import type { Disk } from "../api/dbc/types";
import { UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { DataDiskArgs } from "./data-disk";
import { ledgerOf } from "./data-disk-ledger";
import { directoryOf } from "./data-disk-state";
import { order, waitForDisks } from "./data-disk-wait";
import type { Site } from "./site";
import { nameOf, type VmRef } from "./vm-state";

/** What an earlier run, or an earlier attempt, may have begun. */
export interface Earlier {
  /** Files that were there before it. */
  readonly files: readonly string[];
  /** What was declared on the VM then, and is now. */
  readonly peers: readonly string[];
  /** The VM was found off, so that an order of that time may still be in the node's queue. */
  readonly foundOff: boolean;
}

/** How far an add has got; kept by whoever has to answer for it. */
export interface Adding {
  /** Files that were there before anything was sent. */
  before: readonly string[] | undefined;
  found: Disk | undefined;
}

const fits =
  ({ sizeGib, directory }: DataDiskArgs) =>
  (disk: Disk): boolean =>
    disk.sizeGib === sizeGib && directoryOf(disk.file) === directory;

/** The disk that an earlier attempt has added, if there is one that can't be anybody else's. */
const begun = (
  context: Context<Site>,
  ref: VmRef,
  args: DataDiskArgs,
  earlier: Earlier,
  disks: readonly Disk[],
): Disk | undefined => {
  const ledger = ledgerOf(context.site, args.vmId);
  const since = disks.filter(({ file }) => !earlier.files.includes(file) && !ledger.isTaken(file));
  const ours = since.find(fits(args));
  const unheard = ledger.unheard(earlier.peers);
  if (ours === undefined) return undefined;
  if (unheard.length > 0)
    throw new UserError(
      `the disk ${ours.file} on ${nameOf(ref)} may be the one that an interrupted run added for this DataDisk, or that of ${unheard.map((peer) => peer.split("::").slice(1).join("::")).join(", ")}: set adoptFile: "${ours.file}" if it is this one's, else run \`pulumi up\` again without --target.`,
    );
  context.warn(
    `${ours.file} on ${nameOf(ref)} appeared since an earlier run began to add this disk: it is taken for its own.`,
  );
  return ours;
};

/**
 * Adds a disk while its VM is off, and finds it by what the list shows that it did not show before. Never sent twice:
 * what an earlier attempt has brought about is looked for first.
 */
export const addDisk = async (
  context: Context<Site>,
  ref: VmRef,
  args: DataDiskArgs,
  limitMs: number,
  earlier: Earlier | undefined,
  adding: Adding,
): Promise<void> => {
  const { site } = context;
  const ledger = ledgerOf(site, args.vmId);
  const take = (disk: Disk | undefined) => {
    ledger.know(undefined, disk?.file);
    adding.found = disk;
  };
  if (earlier) {
    const look = (disks: readonly Disk[]) => begun(context, ref, args, earlier, disks);
    if (earlier.foundOff) context.progress("looking for what an earlier run began");
    // the power-off of a VM that ran came after all that was queued before it
    take(
      earlier.foundOff
        ? await waitForDisks(context, ref, limitMs, false, look)
        : look(await site.disks(ref).fresh()),
    );
    if (adding.found) return;
  }
  const before = (await site.disks(ref).fresh()).map(({ file }) => file);
  context.progress("adding the disk");
  const sure = await order(context, ref, async () => {
    adding.before = before;
    await site.client.addDisk(ref.nodeId, ref.taskId, args, { rentOrder: ref.rentOrder });
  }).catch((error: unknown) => {
    // refused: nothing was done
    adding.before = undefined;
    throw error;
  });
  take(await waitForDisks(context, ref, limitMs, sure, (disks) => added(disks, before, args)));
};

/** The disk that was not there before; others may have come beside it, from elsewhere. */
export const added = (
  disks: readonly Disk[],
  before: readonly string[],
  args: DataDiskArgs,
): Disk | undefined => disks.filter(({ file }) => !before.includes(file)).find(fits(args));
