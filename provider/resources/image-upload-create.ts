import type { ImageSummary } from "../api/dbc/types";
import type { Values } from "../core/check";
import { UserError } from "../core/errors";
import { type Context, PartialState } from "../core/resource";
import type { ImageUploadArgs } from "./image-upload";
import {
  type ImageUploadState,
  idOf,
  imageOf,
  nameOf,
  toState,
  toValues,
  uploadOf,
} from "./image-upload-state";
import type { Site } from "./site";
import { carry, TransferEnded } from "./transfer";
import { accountAt } from "./transfer-fields";

const LIST_AGE_MS = 60_000;

/**
 * The file on its node, as far as a list can show it: nothing is listed of snapshots' files and of names with "data".
 * What could be listed and is not would be refused, or is the disk of a running VM and would arrive torn.
 */
const sourceOf = async (
  { site }: Context<Site>,
  args: ImageUploadArgs,
): Promise<ImageSummary | undefined> => {
  const { nodeId, name, imageServer } = args;
  if (name?.includes("data") !== false) return undefined;
  const view = { imageServer, own: true, rentOrder: args.rentOrder ?? site.rentOrder };
  const list = site.nodeImages(nodeId, view);
  const at = (items: readonly ImageSummary[]) => items.find((item) => item.name === name);
  const found = at(await list.recent(LIST_AGE_MS)) ?? at(await list.fresh());
  if (found) return found;
  throw new UserError(
    `node ${nodeId.slice(0, 8)}… lists no ${name} that could be uploaded: it isn't there, or a running VM has it as a disk (power that VM off first); getImages with own: true shows what there is.`,
  );
};

/** Refuses to write over another image of that name: servers are shared, and what stands there may be in use. */
const refuseOther = (args: ImageUploadArgs, there: ImageSummary, source: ImageSummary | undefined): void => {
  // a snapshot's file has a name of its own, so that the same name is the same file
  if (source === undefined || source.size === there.size) return;
  throw new UserError(
    `${nameOf(args.imageServer, there.name)} is another one already (${there.size}, not ${source.size}), and the upload would write over it: choose another image server, or have that one removed there.`,
  );
};

const haveUpload = async (
  context: Context<Site>,
  args: ImageUploadArgs,
  account: string,
  began: boolean,
): Promise<ImageUploadState> => {
  const list = context.site.serverImages(args.imageServer);
  const at = (items: readonly ImageSummary[]) => items.find(({ name }) => name === imageOf(args));
  const stateOf = (phase: ImageUploadState["phase"], found?: ImageSummary): ImageUploadState => ({
    ...args,
    phase,
    image: imageOf(args),
    size: found?.size,
    __account: account,
  });
  const source = await sourceOf(context, args);
  const before = at(await list.fresh());
  if (before) {
    if (!began) refuseOther(args, before, source);
    return stateOf("ready", before);
  }
  try {
    await carry(context, uploadOf(context, args, source?.sizeGib), { began });
    // the list that proved it; nothing may fail any more
    return stateOf("ready", at(await list.recent(LIST_AGE_MS).catch(() => [])));
  } catch (error) {
    if (!(error instanceof TransferEnded)) throw error;
    throw new PartialState(idOf(args), toValues(stateOf(error.phase)), error.message);
  }
};

/** Makes sure that an image server has a file of a node. */
export const createImageUpload = async (
  context: Context<Site>,
  args: ImageUploadArgs,
): Promise<{ id: string; state: Values }> => {
  const rentOrder = args.rentOrder ?? context.site.rentOrder;
  const what = nameOf(args.imageServer, imageOf(args));
  const account = await accountAt(context, { nodeId: args.nodeId, rentOrder, what });
  return { id: idOf(args), state: toValues(await haveUpload(context, args, account, false)) };
};

/** Nothing of an upload is changed in place; what an interrupted run began is gone on with. */
export const changeImageUpload = async (
  context: Context<Site>,
  _id: string,
  values: Values,
  args: ImageUploadArgs,
): Promise<Values> => {
  const { phase, image, __account } = toState(values);
  const rentOrder = args.rentOrder ?? context.site.rentOrder;
  await accountAt(
    context,
    { nodeId: args.nodeId, rentOrder, what: nameOf(args.imageServer, image) },
    __account,
  );
  return toValues(await haveUpload(context, args, __account, phase === "transferring"));
};
