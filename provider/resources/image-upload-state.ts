import type { Values } from "../core/check";
import { UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { ImageUploadArgs } from "./image-upload";
import type { Site } from "./site";
import type { Transfer, TransferPhase } from "./transfer";
import { limitMsOf } from "./transfer-fields";

/** What is stored of an upload: its arguments as applied, and what the server lists. */
export interface ImageUploadState extends ImageUploadArgs {
  readonly phase: TransferPhase;
  /** Name on the image server: what an `Image` downloads. */
  readonly image: string;
  readonly size?: string | undefined;
  /** Fingerprint of the account and node that this was made through. */
  readonly __account: string;
}

export const toState = (values: Values): ImageUploadState => values as unknown as ImageUploadState;
export const toValues = (state: ImageUploadState): Values => ({ ...state });

type Source = Pick<ImageUploadArgs, "name" | "snapshotFile">;

/** The whole path of the file, under which the node keeps its upload. */
export const pathOf = ({ name = "", snapshotFile }: Source): string => snapshotFile ?? `/data/${name}`;

/** The name that it gets on the server. */
export const imageOf = (source: Source): string => pathOf(source).replace(/^.*\//, "");

export const idOf = (args: ImageUploadArgs): string => `${args.imageServer}/${imageOf(args)}`;

/** "x.qcow2 on image server lab" */
export const nameOf = (imageServer: string, image: string): string =>
  `${image} on image server ${imageServer}`;

/** The server and file that a Pulumi id stands for. */
export const refOf = (id: string): { readonly imageServer: string; readonly image: string } => {
  const [imageServer = "", image = "", ...rest] = id.split("/");
  if (rest.length > 0 || imageServer === "" || image === "")
    throw new UserError(`"${id}" is not the id of an ImageUpload: it must be <imageServer>/<fileName>.`);
  return { imageServer, image };
};

/** The upload that brings a file to its image server. */
export const uploadOf = (
  { site }: Context<Site>,
  args: ImageUploadArgs,
  sizeGib: number | undefined,
): Transfer => {
  const { client } = site;
  const options = { rentOrder: args.rentOrder ?? site.rentOrder };
  const path = pathOf(args);
  const list = site.serverImages(args.imageServer);
  return {
    doing: "uploading",
    what: `${path} of node ${args.nodeId.slice(0, 8)}… to image server ${args.imageServer}`,
    sizeGib,
    limitMs: limitMsOf(args.timeouts, "create"),
    hint: "the node may not reach the image server, or the server may have no space left",
    arrived: async (ageMs) => {
      const items = await (ageMs === 0 ? list.fresh() : list.recent(ageMs));
      return items.some(({ name }) => name === imageOf(args));
    },
    begin: () =>
      client
        .uploadImage(args.nodeId, { imageServer: args.imageServer, path }, options)
        .finally(() => list.forget()),
    underWay: /^image:.* in uploading$/,
    progress: () => client.getUpload(args.nodeId, path, options),
    stop: () => client.stopUpload(args.nodeId, path, options),
  };
};
