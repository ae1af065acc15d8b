import type { ImageSummary, Snapshot } from "../api/dbc/types";
import type { Values } from "../core/check";
import { UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { Site } from "./site";
import {
  imageOf,
  isOurs,
  nameOf,
  onServer,
  partsOf,
  type SnapshotState,
  toState,
  toValues,
} from "./snapshot-state";
import { accountAt } from "./transfer-fields";
import { placeOf } from "./vm-part";
import { asRecorded } from "./vm-recorded";
import type { VmRef } from "./vm-state";

const LIST_AGE_MS = 60_000;

/** A snapshot that some other program made, as its node shows it; the image server is not known. */
const seen = async (context: Context<Site>, id: string): Promise<Values | undefined> => {
  const { vmId, name } = partsOf(id);
  const ref = placeOf(context.site, vmId, undefined);
  const account = await accountAt(context, { ...ref, what: nameOf(name, ref) });
  const named = (await context.site.snapshots(ref).recent(LIST_AGE_MS)).filter((item) => item.name === name);
  const [entry, another] = named;
  if (!entry) return undefined;
  if (another)
    throw new UserError(
      `there are ${named.length} snapshots ${name} of VM ${ref.taskId}, and nothing tells which is meant; getSnapshots lists them with their files.`,
    );
  const { file, createdAt, description } = entry;
  const state = { vmId, name, imageServer: "", description, file, image: imageOf(file), createdAt };
  return toValues({ ...state, phase: "ready", __whole: false, __account: account });
};

const localOf = async (
  context: Context<Site>,
  ref: VmRef,
  state: SnapshotState,
): Promise<Snapshot | undefined> =>
  (await context.site.snapshots(ref).fresh()).find((item) =>
    isOurs(item, { file: state.file, key: context.hidden.__key }),
  );

/** What is to be recorded of a finished snapshot that its image server has no more. */
const without = async (
  context: Context<Site>,
  state: SnapshotState,
  listed: "absent" | "unknown",
): Promise<Values | undefined> => {
  const what = `${state.image} on image server ${state.imageServer}`;
  if (listed === "unknown")
    throw new UserError(
      `nobody can tell whether ${what} is still there: that server lists nothing, as when it can't be reached; try again when it can.`,
    );
  const isThere = async (now: Context<Site>, ref: VmRef): Promise<boolean> => {
    await accountAt(now, { ...ref, what: nameOf(state.name, ref) }, state.__account);
    return (await localOf(now, ref, state)) !== undefined;
  };
  if (!(await asRecorded(context, state.vmId, isThere, () => false))) return undefined;
  context.warn(`${what} is gone; the node still has the file, and the next up sends it again.`);
  return toValues({ ...state, phase: "stopped" });
};

/**
 * What a snapshot is like now: it is there while its image server has the image, whatever became of the VM;
 * `undefined` only when neither the server nor the node has it any more.
 */
export const readSnapshot = async (
  context: Context<Site>,
  id: string,
  values: Values | undefined,
): Promise<Values | undefined> => {
  if (!values) return seen(context, id);
  const state = toState(values);
  // what is not there yet is not gone: the next up goes on with it
  if (state.phase !== "ready" || state.file === undefined) return toValues(state);
  const listed: ImageSummary | "absent" | "unknown" = await onServer(
    context,
    state.imageServer,
    state.file,
    LIST_AGE_MS,
  );
  if (typeof listed === "string") return without(context, state, listed);
  return toValues({ ...state, size: listed.size });
};
