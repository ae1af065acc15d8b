import type { ImageSummary } from "../api/dbc/types";
import type { Values } from "../core/check";
import { isRemote, sentence, UserError } from "../core/errors";
import { type Context, PartialState } from "../core/resource";
import { type ImageUploadState, uploadOf } from "./image-upload-state";
import type { Site } from "./site";
import type { SnapshotArgs } from "./snapshot";
import { type Copy, copyDisk, type Job } from "./snapshot-copy";
import {
  idOf,
  imageOf,
  isOurs,
  nameOf,
  nameTaken,
  onServer,
  type SnapshotPhase,
  type SnapshotState,
  toState,
  toValues,
} from "./snapshot-state";
import { carry, type Transfer, TransferEnded } from "./transfer";
import { accountAt, limitMsOf } from "./transfer-fields";
import { isMeantToRun, placeOf, whileVmOff } from "./vm-part";
import { NotRestored } from "./vm-power";
import { findVm, type VmRef } from "./vm-state";

const LIST_AGE_MS = 60_000;
const SWITCHED_WITHIN_MS = 1_800_000;

/** The upload of a snapshot's file, which its node begins by itself. */
export const sendOf = (
  context: Context<Site>,
  { ref, args }: Pick<Job, "ref" | "args">,
  file: string,
  lost: () => void = () => undefined,
): Transfer => {
  const { timeouts, imageServer } = args;
  const upload = { nodeId: ref.nodeId, snapshotFile: file, imageServer, rentOrder: ref.rentOrder, timeouts };
  const transfer = uploadOf(context, upload satisfies Pick<ImageUploadState, "nodeId">, undefined);
  return {
    ...transfer,
    what: `${nameOf(args.name, ref)} to image server ${imageServer}`,
    begin: async () => {
      try {
        await transfer.begin();
      } catch (error) {
        if (isRemote(error, "refused") && error.said.endsWith(" not exist")) lost();
        throw error;
      }
    },
  };
};

/** What the node has of ours, and whether it is known to be whole. */
const survey = async (
  context: Context<Site>,
  { ref, args, key }: Job,
  before: SnapshotState | undefined,
): Promise<Copy> => {
  const items = await context.site.snapshots(ref).fresh();
  const entry = items.find((item) => isOurs(item, { key }));
  if (!entry && items.some(({ name }) => name === args.name)) throw new UserError(nameTaken(args.name, ref));
  const whole =
    entry !== undefined &&
    entry.status !== "creating" &&
    (before?.__whole === true ||
      entry.status === "uploading" ||
      typeof (await onServer(context, args.imageServer, entry.file)) === "object");
  return { ordered: before !== undefined || entry !== undefined, entry, whole };
};

/** Whether an earlier run has left the VM off. */
const wasLeftOff = async (
  context: Context<Site>,
  ref: VmRef,
  args: SnapshotArgs,
  before: SnapshotState | undefined,
): Promise<boolean> =>
  before?.phase === "restore-power" ||
  (isMeantToRun(context, args.vmId) === true && (await findVm(context, ref))?.status === "closed");

const haveSnapshot = async (
  context: Context<Site>,
  args: SnapshotArgs,
  before: SnapshotState | undefined,
): Promise<SnapshotState> => {
  const { site, hidden } = context;
  const ref = placeOf(site, args.vmId, hidden.__vm);
  const key = hidden.__key;
  if (key === undefined) throw new UserError("a Snapshot is made by the class of that name, with its key.");
  const what = nameOf(args.name, ref);
  const account = await accountAt(context, { ...ref, what }, before?.__account);
  const job = { ref, args, key };
  const copy = await survey(context, job, before);
  const stateOf = (phase: SnapshotPhase, found?: ImageSummary): SnapshotState => ({
    ...args,
    phase,
    file: copy.entry?.file,
    image: copy.entry && imageOf(copy.entry.file),
    size: found?.size,
    createdAt: copy.entry?.createdAt,
    __whole: copy.whole,
    __account: account,
  });
  try {
    const leftOff = copy.ordered && (await wasLeftOff(context, ref, args, before));
    if (!copy.whole || leftOff)
      await whileVmOff(
        context,
        args.vmId,
        limitMsOf(args.timeouts, "update") ?? SWITCHED_WITHIN_MS,
        async () => {
          if (!copy.whole) await copyDisk(context, job, copy);
        },
      );
    const file = copy.entry?.file ?? "";
    const lost = () => {
      copy.whole = false;
    };
    const list = site.serverImages(args.imageServer);
    const at = (items: readonly ImageSummary[]) => items.find(({ name }) => name === imageOf(file));
    if (!at(await list.fresh()))
      await carry(context, sendOf(context, job, file, lost), { began: true, underWay: true });
    return stateOf("ready", at(await list.recent(LIST_AGE_MS).catch(() => [])));
  } catch (error) {
    if (!copy.ordered) throw error;
    const partial = (phase: SnapshotPhase, reason: string) =>
      new PartialState(idOf(args), toValues(stateOf(phase)), reason);
    if (error instanceof NotRestored) throw partial("restore-power", error.message);
    if (error instanceof TransferEnded)
      throw partial(error.phase === "stopped" ? "stopped" : "uploading", error.message);
    throw partial(copy.whole ? "uploading" : "copying", sentence(error));
  }
};

/** Makes a snapshot and follows it to its image server; one of ours that is there already is gone on with. */
export const createSnapshot = async (
  context: Context<Site>,
  args: SnapshotArgs,
): Promise<{ id: string; state: Values }> => ({
  id: idOf(args),
  state: toValues(await haveSnapshot(context, args, undefined)),
});

/** Nothing of a snapshot is changed in place; what an interrupted run began is gone on with. */
export const changeSnapshot = async (
  context: Context<Site>,
  _id: string,
  values: Values,
  args: SnapshotArgs,
): Promise<Values> => toValues(await haveSnapshot(context, args, toState(values)));
