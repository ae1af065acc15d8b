import type { ImageSummary } from "../api/dbc/types";
import type { Values } from "../core/check";
import { UserError } from "../core/errors";
import { type Context, PartialState } from "../core/resource";
import type { ImageArgs } from "./image";
import {
  diskOf,
  downloadOf,
  findImage,
  type ImageState,
  idOf,
  listOf,
  nameOf,
  toState,
  toValues,
} from "./image-state";
import type { Site } from "./site";
import { carry, TransferEnded } from "./transfer";
import { accountAt } from "./transfer-fields";

/** An image that was uploaded a moment ago by another program is looked for once more. */
const SERVER_AGE_MS = 60_000;
const LIST_AGE_MS = 60_000;

/** The image on its server. An empty list is what a server out of reach looks like, and proves nothing. */
const sourceOf = async (
  { site }: Context<Site>,
  { imageServer, name }: ImageArgs,
): Promise<ImageSummary | undefined> => {
  const list = site.serverImages(imageServer);
  const at = (items: readonly ImageSummary[]) => items.find((item) => item.name === name);
  const recent = await list.recent(SERVER_AGE_MS);
  const found = at(recent);
  if (found || recent.length === 0) return found;
  const items = await list.fresh();
  const later = at(items);
  if (later || items.length === 0) return later;
  throw new UserError(
    `image server ${imageServer} has no ${name}: mend the name (getImages lists them), or upload it first.`,
  );
};

/** The image as the list showed it that proved its arrival; nothing may fail any more. */
const seenImage = async (context: Context<Site>, args: ImageArgs): Promise<ImageSummary | undefined> => {
  const items = await listOf(context, args)
    .recent(LIST_AGE_MS)
    .catch(() => []);
  return items.find(({ name }) => name === args.name);
};

/** Brings an image to its node unless it is there; `began` when a download of ours may be under way. */
const haveImage = async (
  context: Context<Site>,
  args: ImageArgs,
  account: string,
  began: boolean,
): Promise<ImageState> => {
  const stateOf = (found: ImageSummary | undefined, phase: ImageState["phase"]): ImageState => ({
    ...args,
    phase,
    size: found?.size,
    __account: account,
  });
  const present = await findImage(context, args);
  if (present) return stateOf(present, "ready");
  const vm = await diskOf(context, args);
  if (vm !== undefined) {
    context.warn(`${nameOf(args)} is a disk of VM ${vm}, which runs: it is taken as it is.`);
    return stateOf(undefined, "ready");
  }
  try {
    const source = await sourceOf(context, args);
    await carry(context, downloadOf(context, args, source?.sizeGib), { began });
    return stateOf(await seenImage(context, args), "ready");
  } catch (error) {
    if (!(error instanceof TransferEnded)) throw error;
    throw new PartialState(idOf(args), toValues(stateOf(undefined, error.phase)), error.message);
  }
};

/** Makes sure that a node has an image: one that is there is taken as it is, a download under way is joined. */
export const createImage = async (
  context: Context<Site>,
  args: ImageArgs,
): Promise<{ id: string; state: Values }> => {
  const rentOrder = args.rentOrder ?? context.site.rentOrder;
  const account = await accountAt(context, { nodeId: args.nodeId, rentOrder, what: nameOf(args) });
  return { id: idOf(args), state: toValues(await haveImage(context, args, account, false)) };
};

/** Nothing of an image is changed in place; what an interrupted run began is gone on with. */
export const changeImage = async (
  context: Context<Site>,
  _id: string,
  values: Values,
  args: ImageArgs,
): Promise<Values> => {
  const state = toState(values);
  const at = {
    nodeId: args.nodeId,
    rentOrder: args.rentOrder ?? context.site.rentOrder,
    what: nameOf(args),
  };
  await accountAt(context, at, state.__account);
  return toValues(await haveImage(context, args, state.__account, state.phase === "transferring"));
};
