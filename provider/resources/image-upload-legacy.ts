import type { Problem, Values } from "../core/check";
import { UserError } from "../core/errors";
import { type Context, PartialState } from "../core/resource";
import type { ImageUploadArgs } from "./image-upload";
import { type ImageUploadState, toState, toValues } from "./image-upload-state";
import { lacking } from "./legacy";
import { COPIED_WITHIN_MS, type Copy, carry, ONE_CENTRE, Underway } from "./legacy-copy";
import type { Site } from "./site";
import { accountAt, limitMsOf } from "./transfer-fields";

const PROOFS_APART_MS = 5_000;

/** What an upload from an older node can't have. */
export const legacyUploadPreflight = async (_site: Site, news: Values): Promise<Problem[]> => [
  ...lacking(news, "imageServer", ONE_CENTRE),
  ...lacking(news, "snapshotFile", "it uploads files of its /data, by name"),
];

const atCentre = async ({ site }: Context<Site>, args: ImageUploadArgs): Promise<boolean> =>
  (await site.client.listCentreImages(args.nodeId)).some(({ name }) => name === args.name);

/** Uploads are told apart by their node here: the centre has no name of its own. */
const uploadId = ({ nodeId, name }: ImageUploadArgs): string => `${nodeId}/${name}`;

const haveUpload = async (
  context: Context<Site>,
  args: ImageUploadArgs,
  account: string,
  before: ImageUploadState | undefined,
): Promise<ImageUploadState> => {
  const { site } = context;
  const { name } = args;
  if (name === undefined) throw new UserError("name is missing: say which file of /data to upload.");
  const state = { ...args, image: name, __account: account };
  const what = `${name} of node ${args.nodeId.slice(0, 8)}… to the image centre`;
  if (await atCentre(context, args)) {
    if (before) return { ...state, phase: "ready" };
    // a file of that name may be anybody's, and only names are told
    throw new UserError(
      `the image centre has a ${name} already, and only names are told of what it has: rename the file, or use the one that is there.`,
    );
  }
  const copy: Copy = {
    doing: "uploading",
    what,
    hint: "the node tells neither progress nor failures; look whether it has the file in /data",
    limitMs: limitMsOf(args.timeouts, "create") ?? COPIED_WITHIN_MS,
    arrived: () => atCentre(context, args),
    begin: () => site.client.uploadCentreImage(args.nodeId, name),
  };
  try {
    await carry(context, copy);
    return { ...state, phase: "ready" };
  } catch (error) {
    if (!(error instanceof Underway)) throw error;
    throw new PartialState(uploadId(args), toValues({ ...state, phase: "stopped" }), error.message);
  }
};

/** Brings a file of an older node's /data to the image centre. */
export const createLegacyUpload = async (
  context: Context<Site>,
  args: ImageUploadArgs,
  before?: ImageUploadState,
): Promise<{ id: string; state: Values }> => {
  const at = { nodeId: args.nodeId, rentOrder: undefined, what: `the upload of ${args.name}` };
  const account = await accountAt(context, at, before?.__account);
  return { id: uploadId(args), state: toValues(await haveUpload(context, args, account, before)) };
};

/** What an upload is like now; gone when the centre lacks it twice. */
export const readLegacyUpload = async (
  context: Context<Site>,
  state: ImageUploadState,
): Promise<Values | undefined> => {
  if (state.phase !== "ready") return toValues(state);
  for (let missed = 0; !(await atCentre(context, state)); missed++) {
    if (missed === 1) return undefined;
    await context.clock.sleep(PROOFS_APART_MS);
  }
  return toValues(state);
};

/** Gives an upload up: no call of the node stops one, or takes anything from the centre. */
export const deleteLegacyUpload = async (context: Context<Site>, state: Values): Promise<void> => {
  const { image, phase } = toState(state);
  context.warn(
    phase === "ready"
      ? `${image} stays in the image centre: no call of a node can remove it.`
      : `${image} may still come to the image centre: its node has no call that stops an upload.`,
  );
};
