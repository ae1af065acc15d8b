import { stringOf } from "../json";
import {
  invalid,
  parseDocument,
  parseFields,
  requireAuth,
  requireNode,
  requireWalletOrMultisig,
  walletTexts,
} from "./body";
import { badUri, type Call, forward, type Outcome, partsOf, requirePost } from "./call";
import { gossipList } from "./gossip";
import type { OperationName } from "./operation";
import { textReply } from "./reply";

/** A route: what the request is called (what is forwarded may be called more exactly), and what becomes of it. */
export interface Found {
  readonly operation: OperationName;
  readonly run: () => Outcome;
}

const parsing = "parse req params failed: ";

export function nodeRoute(call: Call): Found {
  const parts = partsOf(call);
  const [first = ""] = parts;
  if (parts.length === 0) return { operation: "mining_nodes.list", run: () => nodes(call) };
  if (parts.length === 1 && first === "session_id")
    return { operation: "mining_nodes.session_id", run: () => session(call) };
  if (parts.length === 1 && first === "free_memory")
    return { operation: "mining_nodes.free_memory", run: () => freeMemory(call) };
  throw badUri("invalid requests uri");
}

/** An image server that is known to the client node; none named is fine. */
export function optionalServer(call: Call, name: string): string {
  if (name !== "" && !call.world.imageServers.some((server) => server.id === name))
    throw invalid("image_server not exist");
  return name;
}

function nodes(call: Call): Outcome {
  requirePost(call);
  const body = parseFields(parseDocument(call.body), parsing);
  if (body.node === undefined) return textReply(gossipList(call, "mining_nodes"));
  const imageServer = optionalServer(call, stringOf(body.additional, "image_server"));
  return forward("mining_nodes.info", body.node, body, { imageServer });
}

function session(call: Call): Outcome {
  requirePost(call);
  const body = parseFields(parseDocument(call.body));
  const node = requireNode(body);
  requireWalletOrMultisig(body);
  return forward("mining_nodes.session_id", node, body);
}

function freeMemory(call: Call): Outcome {
  requirePost(call);
  const body = parseFields(parseDocument(call.body));
  const node = requireNode(body);
  requireAuth(body, walletTexts);
  return forward("mining_nodes.free_memory", node, body);
}

/** The order's number in the path is read and then ignored (reference 1.6). */
export function rentOrderRoute(call: Call): Found {
  if (partsOf(call).length > 1) throw badUri("invalid requests uri");
  return {
    operation: "rent_orders",
    run: () => {
      requirePost(call);
      const body = parseFields(parseDocument(call.body), parsing);
      return forward("rent_orders", requireNode(body), body);
    },
  };
}

/** `/peers/active|global|lan`: what the listener itself is connected to; the body is not read (reference 1.7). */
export function peerRoute(call: Call): Found {
  const parts = partsOf(call);
  const [option = ""] = parts;
  if (parts.length !== 1) throw badUri("invalid requests uri");
  return { operation: "peers", run: () => peers(call, option) };
}

function peers(call: Call, option: string): Outcome {
  requirePost(call);
  const connected = Object.values(call.world.nodes).filter(
    (node) => node.link !== "offline" && node.id !== call.listener.id,
  );
  const answer = (items: string[]) =>
    textReply(`{"errcode":0, "message":{"peer_nodes":[${items.join(",")}]}}`);
  switch (option) {
    case "active": {
      const shuffled = connected
        .map((node) => ({ node, place: call.random(1_000_000) }))
        .sort((a, b) => a.place - b.place)
        .slice(0, 50);
      return answer(
        shuffled.map(
          ({ node, place }) =>
            `{"node_id":"${node.id}", "addr":"${node.publicIp}:${30_000 + (place % 30_000)}"}`,
        ),
      );
    }
    case "global":
      return answer([]);
    case "lan":
      return answer(
        connected
          .filter((node) => node.role === "compute")
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .slice(0, 51)
          .map(
            (node) =>
              `{"node_id":"${node.id}", "addr":"0.0.0.0:5011", "node_type":"computer", "net_type":"${call.world.client.networkType}"}`,
          ),
      );
    default:
      throw invalid("invalid option. the option is active or global");
  }
}
