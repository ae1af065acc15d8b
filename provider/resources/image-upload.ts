import type * as z from "zod";
import type { Problem, Values } from "../core/check";
import { field, text } from "../core/fields";
import { type ArgsOf, defineResource } from "../core/resource";
import { refuseServer } from "./image-preflight";
import { changeImageUpload, createImageUpload } from "./image-upload-create";
import {
  createLegacyUpload,
  deleteLegacyUpload,
  legacyUploadPreflight,
  readLegacyUpload,
} from "./image-upload-legacy";
import { deleteImageUpload, readImageUpload } from "./image-upload-read";
import { toState } from "./image-upload-state";
import { isOlderFor, preflightBy } from "./legacy";
import type { Site } from "./site";
import { FILE_NAME, imageServerField, rentOrderField, timeoutsField } from "./transfer-fields";

const UPLOAD = "POST /images/upload";

/** Arguments of an upload: from where, what, to where. */
export const imageUploadShape = {
  nodeId: field(
    { cost: "replace", wire: "peer_nodes_list", source: UPLOAD },
    text(
      /^[0-9a-f]{64}$/,
      // REST 5607: without a node the client node says "ok" and uploads nothing
      'the id of the node that has the file, 64 digits and letters a to f (without a node, the client node would be asked for a file of its own: it answers "ok" and uploads nothing)',
    ).describe("Rented node that has the file. The client node can't upload files of its own."),
  ),
  name: field(
    { cost: "replace", wire: "image_filename", source: UPLOAD },
    text(FILE_NAME, "the name of a .qcow2 file in the node's /data, without a folder")
      .optional()
      .describe("Image in the node's /data; also the system disk of a VM of yours that is off."),
  ),
  snapshotFile: field(
    { cost: "replace", wire: "image_filename", source: UPLOAD },
    text(
      /^(?:\/(?!\.{1,2}\/)[A-Za-z0-9._-]+)+(?<=\.qcow2)$/,
      "the whole path of a .qcow2 file, such as a Snapshot's `file`",
    )
      .optional()
      .describe("Whole path of a file of the node instead: a `Snapshot`'s `file`."),
  ),
  imageServer: imageServerField({ cost: "replace", source: UPLOAD }, "Image server to upload to."),
  rentOrder: rentOrderField(UPLOAD),
  timeouts: timeoutsField(),
} as const;

/** Arguments of an upload as a user may write them. */
export type ImageUploadGiven = z.input<z.ZodObject<typeof imageUploadShape>>;

/** Checked arguments of an upload. */
export type ImageUploadArgs = ArgsOf<typeof imageUploadShape>;

const rules = ({ name, snapshotFile }: Values): Problem[] => {
  const given = [name, snapshotFile].filter((value) => value !== undefined && value !== null).length;
  if (given === 1) return [];
  return [
    {
      field: "name",
      unless: ["snapshotFile"],
      reason:
        given === 0
          ? "name is missing: say which file to upload, an image by name or a snapshot's by snapshotFile."
          : "name and snapshotFile exclude each other: an upload is of one file.",
    },
  ];
};

/** An image, or a snapshot's file, that an image server is to have. */
export const imageUpload = defineResource<typeof imageUploadShape, Site>({
  kind: "ImageUpload",
  schemaVersion: 1,
  shape: imageUploadShape,
  // nothing of the old one goes away: what an image server has, it keeps
  deleteBeforeReplace: false,
  rules,
  preflight: preflightBy(({ nodeId }) => nodeId, refuseServer, legacyUploadPreflight),
  create: async (context, args) =>
    (await isOlderFor(context.site, args.nodeId, args.imageServer))
      ? createLegacyUpload(context, args)
      : createImageUpload(context, args),
  // only the state of an upload to the image centre names no server
  read: async (context, id, state) =>
    state?.imageServer === ""
      ? readLegacyUpload(context, toState(state))
      : readImageUpload(context, id, state),
  update: async (context, id, state, args) =>
    (await isOlderFor(context.site, args.nodeId, args.imageServer))
      ? (await createLegacyUpload(context, args, toState(state))).state
      : changeImageUpload(context, id, state, args),
  delete: (context, id, state) =>
    state.imageServer === "" ? deleteLegacyUpload(context, state) : deleteImageUpload(context, id, state),
});
