/** Calls about private networks: `/lan`. */
import * as z from "zod";
import { toLan } from "./domain";
import * as field from "./fields";
import { atNode, type Call, check, shortNode } from "./requests";
import type { Lan } from "./types";
import * as wire from "./wire";

const Name = z.object({ name: field.lanName });

export const getLan = (node: string, lan: string): Call<Lan> => {
  const { nodeId } = atNode("read a LAN of", node);
  const { name } = check(`read a LAN of ${shortNode(nodeId)}`, Name, { name: lan });
  return {
    operation: "list local area network",
    nodeId,
    what: `read LAN ${name} of ${shortNode(nodeId)}`,
    path: `/lan/${name}`,
    write: false,
    additional: {},
    needsAuthority: false,
    notFound: { words: "network name not exist" },
    answer: wire.LanAnswer.refine((answer) => answer.network_name === name).transform(toLan),
  };
};
