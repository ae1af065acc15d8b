/**
 * Calls about images and their transfers between nodes and image servers: `/images`. An image server is known to the
 * client node by an id, and to nodes by what the client node tells them (reference 5).
 */
import * as z from "zod";
import { toImage, toProgress } from "./domain";
import * as field from "./fields";
import { atNode, type Call, check, shortNode } from "./requests";
import type { ImageSummary, TransferProgress } from "./types";
import * as wire from "./wire";

const accepted = wire.AcceptedAnswer.transform(() => undefined);
const images = wire.ImagesAnswer.transform((answer) => answer.map(toImage));
const progress = wire.TransferAnswer.transform(toProgress);

const Server = z.object({ imageServer: field.imageServer });
const Name = z.object({ name: field.fileName });
const Path = z.object({ path: field.filePath });

export const listImageServers = (): Call<string[]> => ({
  operation: "list image servers",
  what: "list the image servers that the DBC client knows",
  path: "/images/servers",
  write: false,
  additional: {},
  needsAuthority: false,
  answer: wire.ImageServersAnswer.transform((answer) => answer.image_server),
});

/** Stalls every other request to the client node meanwhile, and answers `[]` when it can't reach the server (IM 102). */
export const listServerImages = (imageServer: string): Call<ImageSummary[]> => {
  const what = "list the images of an image server";
  const server = check(what, Server, { imageServer });
  return {
    operation: "list images of a server",
    what: `list the images of image server ${server.imageServer}`,
    path: "/images",
    write: false,
    additional: { image_server: server.imageServer },
    needsAuthority: false,
    answer: images,
  };
};

/** `own` also shows the caller's stopped VMs' system disks; credentials that don't hold are no error there. */
export const listImages = (
  node: string,
  { imageServer, own = false }: { readonly imageServer?: string | undefined; readonly own?: boolean },
): Call<ImageSummary[]> => {
  const { nodeId, what } = atNode("list the images of", node);
  const given = check(what, Server.partial(), { imageServer });
  return {
    operation: "list images",
    nodeId,
    what,
    path: "/images",
    write: false,
    additional: { image_server: given.imageServer },
    needsAuthority: own,
    answer: images,
  };
};

interface Order {
  readonly verb: string;
  readonly operation: string;
  readonly path: string;
  readonly write: boolean;
}

/** A call about one image of a node. */
const order = <Result>(
  { verb, operation, path, write }: Order,
  node: string,
  file: string,
  answer: z.ZodType<Result>,
): Call<Result> => {
  const { nodeId } = atNode(verb, node);
  return {
    operation,
    nodeId,
    what: `${verb} ${file} ${write ? "of" : "on"} ${shortNode(nodeId)}`,
    path: `/images/${path}`,
    write,
    additional: { image_filename: file },
    needsAuthority: true,
    answer,
  };
};

const nameOf = (name: string): string => check("name an image", Name, { name }).name;
/** The node looks an upload up by its whole path; a bare name is always "done" (TM 2440, 2474). */
const pathOf = (path: string): string => check("name an upload", Path, { path }).path;

export const downloadImage = (
  node: string,
  image: { readonly imageServer: string; readonly name: string; readonly directory: string },
): Call<undefined> => {
  const { imageServer } = check("download an image", Server, image);
  const { path: directory } = check("download an image", Path, { path: image.directory });
  const call = order(
    { verb: "download image", operation: "download image", path: "download", write: true },
    node,
    nameOf(image.name),
    accepted,
  );
  return {
    ...call,
    what: `download image ${image.name} from image server ${imageServer} to ${shortNode(call.nodeId ?? "")}`,
    additional: { ...call.additional, image_server: imageServer, local_dir: directory },
  };
};

/** "done, 100 %" is said of whatever the node is not downloading, known to it or not (IM 324). */
export const getDownload = (node: string, name: string): Call<TransferProgress> =>
  order(
    {
      verb: "ask how far the download is of",
      operation: "query download image progress",
      path: "downloadprogress",
      write: false,
    },
    node,
    nameOf(name),
    progress,
  );

export const stopDownload = (node: string, name: string): Call<undefined> =>
  order(
    { verb: "stop the download of", operation: "download image", path: "download_stop", write: true },
    node,
    nameOf(name),
    accepted,
  );

export const uploadImage = (
  node: string,
  image: { readonly imageServer: string; readonly path: string },
): Call<undefined> => {
  const { imageServer } = check("upload an image", Server, image);
  const call = order(
    { verb: "upload image", operation: "upload image", path: "upload", write: true },
    node,
    pathOf(image.path),
    accepted,
  );
  return {
    ...call,
    what: `upload ${image.path} of ${shortNode(call.nodeId ?? "")} to image server ${imageServer}`,
    additional: { ...call.additional, image_server: imageServer },
  };
};

export const getUpload = (node: string, path: string): Call<TransferProgress> =>
  order(
    {
      verb: "ask how far the upload is of",
      operation: "query upload image progress",
      path: "uploadprogress",
      write: false,
    },
    node,
    pathOf(path),
    progress,
  );

export const stopUpload = (node: string, path: string): Call<undefined> =>
  order(
    { verb: "stop the upload of", operation: "upload image", path: "upload_stop", write: true },
    node,
    pathOf(path),
    accepted,
  );

/** A file of the client node's own host. It answers "ok" and uploads nothing: see `Upload` in the docs (REST 5607). */
export const uploadClientFile = (image: {
  readonly imageServer: string;
  readonly name: string;
}): Call<undefined> => {
  const { imageServer } = check("upload a file of the client node", Server, image);
  const name = nameOf(image.name);
  return {
    operation: "upload image",
    what: `upload ${name} of the client node to image server ${imageServer}`,
    path: "/images/upload",
    write: true,
    additional: { image_server: imageServer, image_filename: name },
    needsAuthority: false,
    answer: accepted,
  };
};

/** Nobody looks whether a VM stands on it. */
export const deleteImage = (node: string, name: string): Call<undefined> => ({
  ...order(
    { verb: "delete image", operation: "upload image", path: "delete", write: true },
    node,
    nameOf(name),
    accepted,
  ),
  notFound: { words: `image file:${name} is not exist` },
});
