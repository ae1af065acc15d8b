import { nativeFlags } from "../miner/lan-table";
import { lanText } from "../miner/lans";
import type { Lan } from "../world/world";
import { parseDocument, parseFields, requireAuth, requireNode, walletTexts } from "./body";
import { badUri, type Call, forward, type Outcome, partsOf, requirePost } from "./call";
import type { Found } from "./node-routes";
import { badRequest, ClientRefusal, responseError, textReply } from "./reply";

/** `/lan[/<name>]`, `/lan/create`, `/lan/delete/<name>`; `undefined` for another verb, which nobody answers. */
export function lanRoute(call: Call): Found | undefined {
  const parts = partsOf(call);
  const [first = "", second = ""] = parts;
  if (parts.length > 2) throw badUri("invalid requests uri");
  if (parts.length === 2)
    return first === "delete" ? { operation: "lan.delete", run: () => remove(call, second) } : undefined;
  if (parts.length === 1 && first === "create") return { operation: "lan.create", run: () => create(call) };
  return { operation: "lan.list", run: () => list(call, first) };
}

function list(call: Call, name: string): Outcome {
  requirePost(call);
  const body = parseFields(parseDocument(call.body), "parse req params failed: ");
  if (body.node !== undefined) return forward("lan.list", body.node, body, { name });
  const lans = ownLans(call);
  const show = (lan: Lan) => {
    const own = call.world.nodes[call.listener.id];
    return lanText(lan, own === undefined ? 0 : nativeFlags(lan, own));
  };
  if (name === "") {
    const items = lans.slice(0, 51).map(show);
    return textReply(`{"errcode":0, "message":{"networks":[${items.join(",")}]}}`);
  }
  const found = lans.find((lan) => lan.name === name);
  if (found === undefined) throw new ClientRefusal(badRequest, responseError, "network name not exist");
  return textReply(`{"errcode":0, "message":${show(found)}}`);
}

/** The listener's own table: a client node is in no room and knows none. */
function ownLans(call: Call): Lan[] {
  const own = call.world.nodes[call.listener.id];
  if (own === undefined) return [];
  return call.world.lans.filter((lan) => lan.room === own.room).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function create(call: Call): Outcome {
  requirePost(call);
  const body = parseFields(parseDocument(call.body));
  const node = requireNode(body);
  requireAuth(body, walletTexts);
  return forward("lan.create", node, body);
}

/** Nobody looks at the shape of the credentials here (reference 6). */
function remove(call: Call, name: string): Outcome {
  requirePost(call);
  const body = parseFields(parseDocument(call.body));
  if (body.node === undefined) requireNode(body);
  return forward("lan.delete", body.node ?? "", body, { name });
}
