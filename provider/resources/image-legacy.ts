import { canList } from "../api/dbc/legacy/generation";
import type { Problem, Values } from "../core/check";
import { isRemote } from "../core/errors";
import { type Context, PartialState } from "../core/resource";
import { isKnown } from "../core/unknown";
import type { ImageArgs } from "./image";
import { findImage, type ImageState, idOf, nameOf, refOf, toState, toValues } from "./image-state";
import { lacking, olderNode } from "./legacy";
import { COPIED_WITHIN_MS, type Copy, carry, ONE_CENTRE, Underway } from "./legacy-copy";
import type { Site } from "./site";
import { accountAt, limitMsOf } from "./transfer-fields";

const PROOFS_APART_MS = 5_000;

/** What an image on an older node can't have. */
export const legacyImagePreflight = async (site: Site, news: Values): Promise<Problem[]> => {
  const { nodeId, name, deleteFromNode } = news;
  const problems = lacking(news, "imageServer", ONE_CENTRE);
  if (deleteFromNode === true)
    problems.push({
      field: "deleteFromNode",
      reason: `deleteFromNode can't be used here: ${olderNode(nodeId)}, which can't delete images.`,
    });
  if (typeof nodeId !== "string" || typeof name !== "string" || !isKnown(name)) return problems;
  try {
    const { version } = await site.node(nodeId);
    if (!canList(version, name))
      problems.push({
        field: "name",
        reason: `name can't be "${name}" here: ${olderNode(nodeId)}, and in version ${version} it lists no images but ubuntu.qcow2, ubuntu-2004.qcow2 and win.qcow2, so that nothing could prove that the image is there.`,
      });
  } catch (error) {
    if (!isRemote(error)) throw error;
  }
  return problems;
};

const haveImage = async (context: Context<Site>, args: ImageArgs, account: string): Promise<ImageState> => {
  const { client } = context.site;
  const state = { ...args, size: undefined, __account: account };
  const arrived = async () => (await findImage(context, args)) !== undefined;
  if (await arrived()) return { ...state, phase: "ready" };
  const copy: Copy = {
    doing: "downloading",
    what: nameOf(args),
    hint: "the node tells neither progress nor failures; it may have no space left in /data (getNode shows it)",
    limitMs: limitMsOf(args.timeouts, "create") ?? COPIED_WITHIN_MS,
    arrived,
    begin: () => client.downloadCentreImage(args.nodeId, args.name),
  };
  try {
    await carry(context, copy);
    return { ...state, phase: "ready" };
  } catch (error) {
    if (!(error instanceof Underway)) throw error;
    throw new PartialState(idOf(args), toValues({ ...state, phase: "stopped" }), error.message);
  }
};

/** Makes sure that an older node has an image of the centre. */
export const createLegacyImage = async (
  context: Context<Site>,
  args: ImageArgs,
): Promise<{ id: string; state: Values }> => {
  const what = nameOf(args);
  const account = await accountAt(context, { nodeId: args.nodeId, rentOrder: undefined, what });
  return { id: idOf(args), state: toValues(await haveImage(context, args, account)) };
};

export const changeLegacyImage = async (
  context: Context<Site>,
  values: Values,
  args: ImageArgs,
): Promise<Values> => {
  const { __account } = toState(values);
  await accountAt(context, { nodeId: args.nodeId, rentOrder: undefined, what: nameOf(args) }, __account);
  return toValues(await haveImage(context, args, __account));
};

/** What an image is like now; gone when its node lacks it twice. */
export const readLegacyImage = async (
  context: Context<Site>,
  id: string,
  values: Values | undefined,
): Promise<Values | undefined> => {
  const ref = refOf(id);
  const blank = {
    ...ref,
    imageServer: "",
    directory: "/data",
    deleteFromNode: false,
    __account: "",
  } as const;
  const state: ImageState = values ? toState(values) : { ...blank, phase: "ready" };
  const at = { nodeId: ref.nodeId, rentOrder: undefined, what: nameOf(ref) };
  const account = await accountAt(context, at, values && state.__account);
  if (state.phase !== "ready") return values;
  for (let missed = 0; !(await findImage(context, state)); missed++) {
    if (missed === 1) return undefined;
    await context.clock.sleep(PROOFS_APART_MS);
  }
  return toValues({ ...state, __account: account });
};
