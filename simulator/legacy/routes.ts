import { generationOf } from "../../provider/api/dbc/legacy/generation";
import { invalid, parseDocument, parseFields, requireAuth, requireNode, walletTexts } from "../client/body";
import { badUri, type Call, forward, type Outcome, partsOf, requirePost } from "../client/call";
import { type Found, nodeRoute, peerRoute } from "../client/node-routes";
import { ClientRefusal, methodNotFound, notFound } from "../client/reply";
import { taskRoute } from "../client/task-routes";
import type { Group } from "../client/uri";
import { JsonError, JsonObject, JsonTooDeep, parseJson } from "../json";
import { isLegacy } from "./generation";

/** The id that a body names first, whatever else is wrong with it. */
function namedNode(body: Buffer): string | undefined {
  try {
    const document = parseJson(body);
    const list = document instanceof JsonObject ? document.get("peer_nodes_list") : undefined;
    const [first] = Array.isArray(list) ? list : [];
    return typeof first === "string" ? first : undefined;
  } catch (error) {
    if (error instanceof JsonError || error instanceof JsonTooDeep) return undefined;
    throw error;
  }
}

/** Whether a request is one for the routes of old: to an older node, or to an older client node's own. */
export function isForLegacy(call: Call): boolean {
  const id = namedNode(call.body);
  if (id !== undefined) return isLegacy(call.world.nodes[id]);
  return generationOf(call.world.client.version) === "legacy";
}

const verbs = new Set(["start", "restart", "stop", "reset", "delete", "logs"]);

const groups: Partial<Record<Group, (call: Call) => Found | undefined>> = {
  "/tasks": (call) => {
    const parts = partsOf(call);
    // nobody answers verbs of later times
    return parts.length === 2 && !verbs.has(parts[0] ?? "") ? undefined : taskRoute(call);
  },
  "/images": imageRoute,
  "/snapshot": snapshotRoute,
  "/mining_nodes": nodeRoute,
  "/peers": peerRoute,
  "/stat": () => undefined,
  "/config": () => undefined,
};

/** The routes of a client node of the older generation (reference g). */
export function legacyRoute(group: Group, call: Call): Found | undefined {
  const route = groups[group];
  if (route === undefined)
    throw new ClientRefusal(notFound, methodNotFound, `not support uri:/api/v1${group}${call.path}`);
  return route(call);
}

/** `/images`, `/images/download/<name>`, `/images/upload/<name>` */
function imageRoute(call: Call): Found {
  const [verb = "", name = "", ...more] = partsOf(call);
  if (verb === "") return { operation: "images.list", run: () => listCentre(call) };
  if (more.length > 0 || name === "" || (verb !== "download" && verb !== "upload"))
    throw badUri("invalid requests uri");
  const run = (): Outcome => {
    requirePost(call);
    const body = parseFields(parseDocument(call.body));
    const node = requireNode(body);
    requireAuth(body, walletTexts);
    return forward(`images.${verb}`, node, body, { name });
  };
  return { operation: `images.${verb}`, run };
}

/** Without a node, the first that the client node knows is asked for the centre that all share. */
function listCentre(call: Call): Outcome {
  requirePost(call);
  const body = parseFields(parseDocument(call.body));
  const known = call.known.find((id) => isLegacy(call.world.nodes[id]));
  const node = body.node ?? known;
  if (node === undefined) throw invalid("peer_nodeid is empty");
  return forward("images.list", node, body);
}

/** `/snapshot/<task_id>`, `/snapshot/<task_id>/<name>`, `/snapshot/<task_id>/create` */
function snapshotRoute(call: Call): Found {
  const parts = partsOf(call);
  const [taskId = "", name = ""] = parts;
  if (parts.length < 1 || parts.length > 3)
    throw badUri("invalid uri, please use /snapshot/<task_id>/<snapshot_name> create ...");
  const verb = name === "create" || name === "delete" ? name : "list";
  const run = (): Outcome => {
    requirePost(call);
    if (taskId === "" || (verb === "list" && parts.length > 2))
      throw invalid("invalid uri, please use /snapshot/<task_id>");
    if (verb === "create" && parts.length !== 2)
      throw invalid("invalid uri, please use: /snapshot/<task_id>/create");
    const body = parseFields(parseDocument(call.body));
    const node = requireNode(body);
    requireAuth(body, walletTexts);
    return forward(`snapshot.${verb}`, node, body, { taskId, name: verb === "list" ? name : "" });
  };
  return { operation: `snapshot.${verb}`, run };
}
