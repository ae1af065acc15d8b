/** Calls about nodes: `/api/v1/`, `/mining_nodes`, `/rent_orders`. */
import * as z from "zod";
import { RemoteError } from "../../core/errors";
import { toNodeInfo, toNodeSummary, toRentOrder } from "./domain";
import * as field from "./fields";
import { toLegacyNodeInfo } from "./legacy/domain";
import { LegacyNodeAnswer } from "./legacy/wire";
import { atNode, type Call, check, shortNode } from "./requests";
import type { NodeInfo, NodeSummary, RentOrder } from "./types";
import * as wire from "./wire";

export const version = (): Call<string> => ({
  operation: "version",
  what: "ask the DBC client for its version",
  path: "/", // without the slash it is a 404
  write: false,
  additional: {},
  needsAuthority: false,
  answer: wire.VersionAnswer.transform((answer) => answer.client_version),
});

export const listNodes = (): Call<NodeSummary[]> => ({
  operation: "list mining nodes",
  what: "list the nodes that the DBC client knows",
  path: "/mining_nodes",
  write: false,
  additional: {},
  needsAuthority: false,
  answer: wire.NodesAnswer.transform((answer) => answer.mining_nodes.map(toNodeSummary)),
});

/** `undefined` when the id is a bare-metal server's: those answer in a shorter form. */
export const getNode = (id: string, imageServer: string | undefined): Call<NodeInfo | undefined> => {
  const { nodeId, what } = atNode("read", id);
  return {
    operation: "query node info",
    what,
    path: "/mining_nodes",
    write: false,
    nodeId,
    additional: {
      image_server: check(what, z.object({ imageServer: field.imageServer.optional() }), { imageServer })
        .imageServer,
    },
    needsAuthority: false,
    answer: z.union([
      wire.AnyNodeAnswer.transform((node) => ("cpu" in node ? toNodeInfo(nodeId, node) : undefined)),
      LegacyNodeAnswer.transform((node) => toLegacyNodeInfo(nodeId, node)),
    ]),
  };
};

export const notForVms = (nodeId: string): RemoteError =>
  new RemoteError(
    "refused",
    `could not read ${shortNode(nodeId)}: it is a bare-metal server, which holds no VMs`,
  );

/** Asks for the session id of the wallet that signs; the only call that is never made with a session. */
export const getSession = (id: string): Call<string> => ({
  operation: "get session_id",
  ...atNode("get a session of", id),
  path: "/mining_nodes/session_id",
  write: false,
  additional: {},
  needsAuthority: true,
  answer: wire.SessionAnswer.transform((answer) => answer.session_id),
});

export const listRentOrders = (id: string): Call<RentOrder[]> => ({
  operation: "query node rent orders",
  ...atNode("list the rental orders of", id),
  path: "/rent_orders",
  write: false,
  additional: {},
  needsAuthority: false,
  answer: wire.RentOrdersAnswer.transform((answer) => answer.rent_orders.map(toRentOrder)),
});
