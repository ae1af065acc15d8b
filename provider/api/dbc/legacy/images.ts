/** Calls about images of the older generation: one image centre for all nodes, and no progress (seed 003). */
import * as z from "zod";
import * as field from "../fields";
import { getNode } from "../nodes";
import { atNode, type Call, check, shortNode } from "../requests";
import type { ImageSummary } from "../types";
import { AcceptedAnswer } from "../wire";
import { toLegacyImage } from "./domain";
import { LegacyImagesAnswer } from "./wire";

/** The centre's images. It is asked through a node, as the seed's client asks any that it knows. */
export const listCentre = (node: string): Call<ImageSummary[]> => ({
  operation: "list images",
  ...atNode("list the images of the image centre through", node),
  path: "/images",
  write: false,
  additional: {},
  needsAuthority: false,
  answer: LegacyImagesAnswer.transform((names) => names.map(toLegacyImage)),
});

/** The node's own images stand in its info alone. */
export const listImages = (node: string): Call<ImageSummary[]> => {
  const call = getNode(node, undefined);
  return {
    ...call,
    ...atNode("list the images of", node),
    answer: call.answer.transform((info) => (info?.images ?? []).map(({ name }) => toLegacyImage(name))),
  };
};

// the name is part of the path, where nothing is decoded
const Name = z.object({
  name: field.image.refine((name) => /^[0-9A-Za-z._-]+$/.test(name), {
    error: "must be of letters, digits, dots, dashes and underscores",
  }),
});

const copy =
  (verb: "download" | "upload", way: string) =>
  (node: string, image: string): Call<undefined> => {
    const { nodeId } = atNode(`${verb} an image ${way}`, node);
    const { name } = check(`${verb} an image`, Name, { name: image });
    return {
      operation: `${verb} image`,
      nodeId,
      what: `${verb} image ${name} ${way} ${shortNode(nodeId)}`,
      path: `/images/${verb}/${name}`,
      write: true,
      additional: {},
      needsAuthority: true,
      answer: AcceptedAnswer.transform(() => undefined),
    };
  };

export const download = copy("download", "from the image centre to");
export const upload = copy("upload", "to the image centre from");
