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

/** At most 31 of the LANs of the node's machine room, anybody's. */
export const listLans = (node: string): Call<Lan[]> => {
  const { nodeId, what } = atNode("list the LANs of", node);
  return {
    operation: "list local area network",
    nodeId,
    what,
    path: "/lan",
    write: false,
    additional: {},
    needsAuthority: false,
    answer: wire.LansAnswer.transform((lans) => lans.map(toLan)),
  };
};

const accepted = wire.AcceptedAnswer.transform(() => undefined);
const New = z.object({ name: field.lanName, cidr: field.cidr });

export const createLan = (
  node: string,
  input: { readonly name: string; readonly cidr: string },
): Call<undefined> => {
  const { nodeId } = atNode("make a LAN on", node);
  const { name, cidr } = check(`make a LAN on ${shortNode(nodeId)}`, New, input);
  return {
    operation: "create local area network",
    nodeId,
    what: `make LAN ${name} on ${shortNode(nodeId)}`,
    path: "/lan/create",
    write: true,
    additional: { network_name: name, ip_cidr: cidr },
    needsAuthority: true,
    answer: accepted,
  };
};

export const deleteLan = (node: string, lan: string): Call<undefined> => {
  const { nodeId } = atNode("delete a LAN of", node);
  const { name } = check(`delete a LAN of ${shortNode(nodeId)}`, Name, { name: lan });
  return {
    operation: "delete local area network",
    nodeId,
    what: `delete LAN ${name} of ${shortNode(nodeId)}`,
    path: `/lan/delete/${name}`,
    write: true,
    additional: {},
    needsAuthority: true,
    notFound: { words: "network name not exist" },
    answer: accepted,
  };
};
