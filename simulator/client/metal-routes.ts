import { JsonObject } from "../json";
import {
  invalid,
  parseDocument,
  parseFields,
  type RequestBody,
  requireAuth,
  requireNode,
  requireWallet,
  walletTexts,
} from "./body";
import { badUri, type Call, forward, type Outcome, partsOf, requirePost } from "./call";
import { gossipList } from "./gossip";
import { localMetal } from "./local-metal";
import type { Found } from "./node-routes";
import type { OperationName } from "./operation";
import { ClientCrash, textReply } from "./reply";

/** `/bare_metal…`: a client node passes on, a manager that is asked directly does it itself (reference 8). */
export function metalRoute(call: Call): Found {
  const parts = partsOf(call);
  const [first = "", second = ""] = parts;
  if (parts.length === 2 && first === "modify")
    return { operation: "bare_metal.modify", run: () => manage(call, "bare_metal.modify", second) };
  if (parts.length > 1) throw badUri("invalid requests uri");
  switch (first) {
    case "add":
      return { operation: "bare_metal.add", run: () => manage(call, "bare_metal.add") };
    case "delete":
      return { operation: "bare_metal.delete", run: () => manage(call, "bare_metal.delete") };
    case "power":
      return { operation: "bare_metal.power", run: () => control(call, "bare_metal.power", "command") };
    case "bootdev":
      return { operation: "bare_metal.bootdev", run: () => control(call, "bare_metal.bootdev", "device") };
    default:
      return { operation: "bare_metal.list", run: () => list(call, first) };
  }
}

function isOwn(call: Call, body: RequestBody): boolean {
  return body.node === undefined || body.node === call.listener.id;
}

function list(call: Call, name: string): Outcome {
  requirePost(call);
  const body = parseFields(parseDocument(call.body), "parse req params failed: ");
  if (!isOwn(call, body)) return forward("bare_metal.list", body.node ?? "", body, { name });
  if (call.listener.role === "client") return textReply(gossipList(call, "bare_metal_nodes"));
  if (call.listener.role === "compute") throw badUri("not support");
  return localMetal(call, "bare_metal.list", body, name);
}

function manage(call: Call, operation: OperationName, name = ""): Outcome {
  requirePost(call);
  const body = parseFields(parseDocument(call.body));
  requireWallet(body);
  if (isOwn(call, body)) {
    if (call.listener.role !== "bare-metal") throw badUri("only bare metal node support");
    return localMetal(call, operation, body, name);
  }
  // Only adding looks for an empty id once more.
  const node = operation === "bare_metal.add" ? requireNode(body) : (body.node ?? "");
  return forward(operation, node, body, { name });
}

const choices: Readonly<Record<string, readonly string[]>> = {
  command: ["status", "on", "off", "reset"],
  device: ["none", "pxe", "cdrom", "disk", "bios"],
};

function control(call: Call, operation: OperationName, field: "command" | "device"): Outcome {
  requirePost(call);
  if (call.listener.role === "bare-metal") throw badUri("only client node support");
  const body = parseFields(parseDocument(call.body));
  const node = requireNode(body);
  requireAuth(body, walletTexts);
  const value = body.additional.get(field);
  if (value === undefined) throw invalid(`parse json additional ${field} failed`);
  if (typeof value !== "string") throw invalid(`additional ${field} must be a string`);
  if (!choices[field]?.includes(value)) throw invalid(`invalid ${field}`);
  return forward(operation, node, body);
}

/** `/deeplink`, `/deeplink/set` */
export function deeplinkRoute(call: Call): Found {
  const parts = partsOf(call);
  if (parts.length === 0) return { operation: "deeplink.show", run: () => showDeeplink(call) };
  if (parts.length === 1 && parts[0] === "set")
    return { operation: "deeplink.set", run: () => setDeeplink(call) };
  throw badUri("invalid requests uri");
}

function showDeeplink(call: Call): Outcome {
  requirePost(call);
  const body = parseFields(parseDocument(call.body), "parse req params failed: ");
  const node = requireNode(body);
  if (ownServer(call, node)) return localMetal(call, "deeplink.show", body, node);
  requireAuth(body, walletTexts);
  return forward("deeplink.show", node, body);
}

function ownServer(call: Call, id: string): boolean {
  return call.world.nodes[call.listener.id]?.servers.some((server) => server.nodeId === id) ?? false;
}

/** The fields are looked at before anything else; without `additional` the process aborts (recorded). */
function setDeeplink(call: Call): Outcome {
  requirePost(call);
  const document = parseDocument(call.body);
  const additional = document.get("additional");
  if (additional === undefined) throw new ClientCrash("additional");
  if (!(additional instanceof JsonObject)) throw invalid("parse json additional failed");
  const id = additional.get("device_id");
  if (id !== undefined && typeof id !== "string") throw invalid("additional device id must be a string");
  const password = additional.get("device_password");
  if (password !== undefined && typeof password !== "string")
    throw invalid("additional device password must be a string");
  if (id === undefined && password === undefined) throw invalid("invalid device info");
  const body = parseFields(document, "parse req params failed: ");
  const node = requireNode(body);
  if (ownServer(call, node)) return localMetal(call, "deeplink.set", body, node);
  requireAuth(body, walletTexts);
  return forward("deeplink.set", node, body);
}
