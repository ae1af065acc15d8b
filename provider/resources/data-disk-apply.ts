import type { Values } from "../core/check";
import { closedSentence, sentence, UserError } from "../core/errors";
import { type Context, PartialState } from "../core/resource";
import type { DataDiskArgs } from "./data-disk";
import { type Adding, addDisk, added, type Earlier } from "./data-disk-add";
import { adoptDisk } from "./data-disk-adopt";
import { growDisk } from "./data-disk-grow";
import { ledgerOf } from "./data-disk-ledger";
import { type DataDiskState, limitOf, stateOf, toState, toValues } from "./data-disk-state";
import { claimIn, isNew } from "./disk-claim";
import type { Site } from "./site";
import { isMeantToRun, peersOf, placeOf, whileVmOff } from "./vm-part";
import { NotRestored, peerName } from "./vm-power";
import { accountOf, findVm, nameOf, type VmRef } from "./vm-state";

/** Where a disk is to be, and through which account. */
interface Target {
  readonly id: string;
  readonly ref: VmRef;
  readonly account: string;
}

/** Files and peers of an earlier attempt, without what is seen of it now. */
type Begun = Omit<Earlier, "foundOff">;

/** Adds a disk, unless an earlier attempt has; every exit after the order has left is success or partial state. */
const haveDisk = async (
  context: Context<Site>,
  { id, ref, account }: Target,
  args: DataDiskArgs,
  begun: Begun | undefined,
): Promise<DataDiskState> => {
  const limitMs = limitOf(args.timeouts, "create");
  const earlier = begun && {
    ...begun,
    foundOff: (await findVm(context, ref))?.status === "closed",
  };
  const adding: Adding = { before: undefined, found: undefined };
  const partial = (phase: DataDiskState["phase"], reason: string, seen: Partial<DataDiskState> = {}) =>
    new PartialState(
      id,
      toValues(
        adding.found
          ? stateOf(args, adding.found, phase, account)
          : { ...args, phase, __account: account, __before: adding.before ?? begun?.files, ...seen },
      ),
      reason,
    );
  const unknown = (why: string, seen: Partial<DataDiskState> = {}) =>
    partial(
      "unknown",
      `nobody knows whether a disk was added to ${nameOf(ref)}: ${why} It is recorded; run \`pulumi up\` again to go on with it.`,
      seen,
    );
  try {
    await whileVmOff(context, args.vmId, limitMs, () =>
      addDisk(context, ref, args, limitMs, earlier, adding),
    );
  } catch (error) {
    if (error instanceof NotRestored && adding.found) throw partial("restore-power", error.message);
    if (adding.found) throw partial("ready", sentence(error));
    if (adding.before)
      throw unknown(closedSentence(error), error instanceof NotRestored ? { __leftOff: true } : {});
    // nothing was sent now; what an earlier run may have sent is looked for by the next one too
    throw error;
  }
  if (adding.found) return stateOf(args, adding.found, "ready", account);
  // the start came after all that was queued before it, so that what is not there now never comes
  const late = await context.site
    .disks(ref)
    .fresh()
    .then((disks) => added(disks, adding.before ?? [], args))
    .catch((error: unknown) => {
      throw unknown(closedSentence(error));
    });
  if (late) {
    ledgerOf(context.site, args.vmId).know(undefined, late.file);
    return stateOf(args, late, "ready", account);
  }
  const why = `its node took the order, or seemed to, and added none: it may have no space left in ${args.directory} (getNode shows it).`;
  if (isMeantToRun(context, args.vmId) !== true) throw unknown(why, { __missed: true });
  throw new UserError(`no disk was added to ${nameOf(ref)}: ${why}`);
};

/** Adds a disk, or goes on with the one that an interrupted run began. */
export const createDataDisk = async (
  context: Context<Site>,
  args: DataDiskArgs,
): Promise<{ id: string; state: Values }> => {
  const { site, hidden } = context;
  const claim = claimIn(context);
  if (!claim)
    throw new UserError("this DataDisk has no claim: make it with the class DataDisk of pulumi-dbc.");
  const ref = placeOf(site, args.vmId, hidden.__vm);
  const account = await accountOf(context, ref);
  ledgerOf(site, args.vmId).know(peerName(hidden.__urn), undefined);
  const id = `${args.vmId}/${claim.key}`;
  if (args.adoptFile !== undefined) {
    const disk = await adoptDisk(context, ref, args, args.adoptFile);
    return { id, state: toValues(stateOf(args, disk, "ready", account)) };
  }
  const begun = isNew(site, claim)
    ? undefined
    : { files: claim.files, peers: [...new Set([...claim.peers, ...peersOf(context)])] };
  return { id, state: toValues(await haveDisk(context, { id, ref, account }, args, begun)) };
};

/** Grows a disk; what an interrupted run began is gone on with. */
export const changeDataDisk = async (
  context: Context<Site>,
  id: string,
  values: Values,
  args: DataDiskArgs,
): Promise<Values> => {
  const recorded = toState(values);
  const ref = placeOf(context.site, args.vmId, context.hidden.__vm);
  const account = await accountOf(context, ref, recorded.__account);
  if (recorded.phase === "unknown") {
    if (args.adoptFile !== undefined) {
      const disk = await adoptDisk(context, ref, args, args.adoptFile);
      return toValues(stateOf(args, disk, "ready", account));
    }
    const begun = { files: recorded.__before ?? [], peers: peersOf(context) };
    return toValues(await haveDisk(context, { id, ref, account }, args, begun));
  }
  if (args.sizeGib === recorded.sizeGib && recorded.phase === "ready")
    return toValues({ ...recorded, ...args });
  return toValues(await growDisk(context, { id, ref }, recorded, args));
};
