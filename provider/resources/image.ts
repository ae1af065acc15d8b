import * as z from "zod";
import { field, flag, nodeId, text } from "../core/fields";
import type { ArgsOf } from "../core/resource";
import { declareBeside } from "./declarations";
import { defineHolder } from "./holds";
import { changeImage, createImage } from "./image-create";
import { deleteImage } from "./image-delete";
import { changeLegacyImage, createLegacyImage, legacyImagePreflight, readLegacyImage } from "./image-legacy";
import { refuseServer } from "./image-preflight";
import { readImage } from "./image-read";
import { refOf, thingOf } from "./image-state";
import { isOlderFor, preflightBy } from "./legacy";
import { FILE_NAME, imageServerField, rentOrderField, timeoutsField } from "./transfer-fields";

const DOWNLOAD = "POST /images/download";

/** Arguments of an image: where it is to be, what it is, where it comes from. */
export const imageShape = {
  nodeId: field(
    { cost: "replace", wire: "peer_nodes_list", source: DOWNLOAD },
    nodeId().describe("Rented node that is to have the image."),
  ),
  name: field(
    { cost: "replace", wire: "image_filename", source: DOWNLOAD },
    text(FILE_NAME, "the name of a .qcow2 file, without a folder")
      // IM 246: what the list never shows can be neither proven nor found again
      .refine((name) => !name.includes("data"), {
        error:
          'must not contain "data": the node never lists such files, so nothing could prove that it is there',
      })
      .describe("File name of the image, on the image server and on the node."),
  ),
  imageServer: imageServerField(
    // a node that has the image does not need its server: a replacement would take the VMs that stand on it along
    { cost: "stateOnly", source: DOWNLOAD },
    "Image server to download from, should the node not have the image.",
  ),
  directory: field(
    { cost: "replace", wire: "local_dir", source: DOWNLOAD },
    z
      .literal("/data", {
        error: 'must be "/data": VMs can use images of that directory alone, and the node lists no other',
      })
      .default("/data")
      .describe("Directory of the node for the image."),
  ),
  deleteFromNode: field(
    { cost: "stateOnly", source: "POST /images/delete" },
    flag()
      .default(false)
      .describe(
        "Whether the file is deleted with the resource. The node does not look whether a VM stands on it, and other people's can't be seen.",
      ),
  ),
  rentOrder: rentOrderField(DOWNLOAD),
  timeouts: timeoutsField(),
} as const;

/** Arguments of an image as a user may write them. */
export type ImageGiven = z.input<z.ZodObject<typeof imageShape>>;

/** Checked arguments of an image. */
export type ImageArgs = ArgsOf<typeof imageShape>;

/** An image of an image server that a node is to have. */
export const image = defineHolder<typeof imageShape>(thingOf, {
  kind: "Image",
  schemaVersion: 1,
  shape: imageShape,
  // deleted first, it would take the VMs that stand on it along
  deleteBeforeReplace: false,
  declared: (plan, values) => {
    declareBeside(plan, "Image", values);
    return [];
  },
  costs: ({ deleteFromNode }) =>
    deleteFromNode === true ? {} : { replace: "made anew; the old file stays on its node" },
  preflight: preflightBy(({ nodeId }) => nodeId, refuseServer, legacyImagePreflight),
  create: async (context, args) =>
    (await isOlderFor(context.site, args.nodeId, args.imageServer))
      ? createLegacyImage(context, args)
      : createImage(context, args),
  read: async (context, id, state) =>
    (await context.site.client.generation(refOf(id).nodeId)) === "legacy"
      ? readLegacyImage(context, id, state)
      : readImage(context, id, state),
  update: async (context, id, state, args) =>
    (await isOlderFor(context.site, args.nodeId, args.imageServer))
      ? changeLegacyImage(context, state, args)
      : changeImage(context, id, state, args),
  // an older node knows neither a call that stops nor one that deletes, and neither is in its state
  delete: deleteImage,
});
