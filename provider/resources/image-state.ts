import type { ImageSummary } from "../api/dbc/types";
import type { Values } from "../core/check";
import { isRemote, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { ImageArgs } from "./image";
import type { Site } from "./site";
import type { Transfer, TransferPhase } from "./transfer";
import { limitMsOf } from "./transfer-fields";

/** What is stored of an image: its arguments as applied, and what the node said. */
export interface ImageState extends ImageArgs {
  readonly phase: TransferPhase;
  /** As the node prints it; unknown while a running VM has the file as a disk. */
  readonly size?: string | undefined;
  /** Fingerprint of the account and node that this was seen through. */
  readonly __account: string;
}

export const toState = (values: Values): ImageState => values as unknown as ImageState;
export const toValues = (state: ImageState): Values => ({ ...state });

export const idOf = ({ nodeId, name }: Pick<ImageArgs, "nodeId" | "name">): string => `${nodeId}/${name}`;

/** The image that a recorded one stands for, be it there or on its way. */
export const thingOf = (id: string): string => `image ${id}`;

/** "image x.qcow2 on node 58fb618a…" */
export const nameOf = ({ nodeId, name }: Pick<ImageArgs, "nodeId" | "name">): string =>
  `image ${name} on node ${nodeId.slice(0, 8)}…`;

/** The node and file that a Pulumi id stands for. */
export const refOf = (id: string): { readonly nodeId: string; readonly name: string } => {
  const [nodeId = "", name = "", ...rest] = id.split("/");
  if (rest.length > 0 || !/^[0-9a-f]{64}$/.test(nodeId) || name === "")
    throw new UserError(`"${id}" is not the id of an Image: it must be <nodeId>/<fileName>.`);
  return { nodeId, name };
};

/** Where an image is; without a server (`""`) after a `get`, which can't know it. */
type Place = Pick<ImageArgs, "nodeId" | "name" | "rentOrder"> & { readonly imageServer?: string | undefined };

/** The watcher of the node's public list, in which the server's own images show even with a backing file. */
export const listOf = ({ site }: Context<Site>, { nodeId, imageServer }: Place) =>
  site.nodeImages(nodeId, { imageServer: imageServer === "" ? undefined : imageServer });

/** The image in the node's list, asked for now. */
export const findImage = async (context: Context<Site>, place: Place): Promise<ImageSummary | undefined> =>
  (await listOf(context, place).fresh()).find(({ name }) => name === place.name);

const TASKS_AGE_MS = 60_000;

/**
 * The running VM of ours that has the file as a disk: the node's list hides it for that long, and a download would
 * write over it.
 */
export const diskOf = async ({ site }: Context<Site>, place: Place): Promise<string | undefined> => {
  const rentOrder = place.rentOrder ?? site.rentOrder;
  for (const { taskId, status } of await site.tasks(place.nodeId, rentOrder).recent(TASKS_AGE_MS)) {
    if (status === "closed") continue;
    try {
      const { disks } = await site.client.getTask(place.nodeId, taskId, { rentOrder });
      if (disks.some(({ file }) => file === `/data/${place.name}`)) return taskId;
    } catch (error) {
      if (!isRemote(error, "not-found")) throw error;
    }
  }
  return undefined;
};

/** The download that brings an image to its node. */
export const downloadOf = (
  context: Context<Site>,
  args: ImageArgs,
  sizeGib: number | undefined,
): Transfer => {
  const { client } = context.site;
  const options = { rentOrder: args.rentOrder ?? context.site.rentOrder };
  return {
    doing: "downloading",
    what: `${args.name} from image server ${args.imageServer} to node ${args.nodeId.slice(0, 8)}…`,
    sizeGib,
    limitMs: limitMsOf(args.timeouts, "create"),
    hint: "the node may not reach the image server, or have no space left in /data (getNode shows it)",
    arrived: async (ageMs) => {
      const list = listOf(context, args);
      const items = await (ageMs === 0 ? list.fresh() : list.recent(ageMs));
      return items.some(({ name }) => name === args.name);
    },
    begin: () =>
      client.downloadImage(args.nodeId, args, options).finally(() => listOf(context, args).forget()),
    underWay: /^image:.* in downloading$/,
    progress: () => client.getDownload(args.nodeId, args.name, options),
    stop: () => client.stopDownload(args.nodeId, args.name, options),
  };
};
