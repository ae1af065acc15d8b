import { stringOf } from "../json";
import {
  invalid,
  parseDocument,
  parseFields,
  requireAuth,
  requireNode,
  sessionTexts,
  walletTexts,
} from "./body";
import { badUri, type Call, forward, type Outcome, partsOf, requirePost } from "./call";
import { type Found, optionalServer } from "./node-routes";
import type { OperationName } from "./operation";

/** `/disk/<verb>/<task_id>` */
export function diskRoute(call: Call): Found {
  const parts = partsOf(call);
  const [verb = "", taskId = ""] = parts;
  if (parts.length !== 2 || !["list", "resize", "add", "delete"].includes(verb))
    throw badUri("invalid requests uri");
  const operation = `disk.${verb}` as OperationName;
  const run = (): Outcome => {
    requirePost(call);
    if (taskId === "") throw invalid("task_id is empty");
    const body = parseFields(parseDocument(call.body, false), "parse request params failed: ");
    const node = requireNode(body);
    requireAuth(body, sessionTexts);
    return forward(operation, node, body, { taskId });
  };
  return { operation, run };
}

/** `/snapshot/<verb>/<task_id>[/<name>]`; the hints of the refusals are those of an older API. */
export function snapshotRoute(call: Call): Found {
  const parts = partsOf(call);
  const [verb = "", taskId = "", name = ""] = parts;
  if (parts.length >= 1 && parts.length <= 3) {
    if (verb === "create")
      return { operation: "snapshot.create", run: () => createSnapshot(call, parts.length, taskId) };
    if (verb === "delete")
      return { operation: "snapshot.delete", run: () => deleteSnapshot(call, parts.length, taskId, name) };
    if (verb === "list")
      return { operation: "snapshot.list", run: () => listSnapshots(call, parts.length, taskId, name) };
  }
  throw badUri("invalid uri");
}

function createSnapshot(call: Call, length: number, taskId: string): Outcome {
  requirePost(call);
  if (length !== 2) throw invalid("invalid uri, please use: /snapshot/<task_id>/create");
  const document = parseDocument(call.body);
  if (taskId === "") throw invalid("task_id is empty");
  const body = parseFields(document);
  const node = requireNode(body);
  const name = stringOf(body.additional, "image_server");
  if (name === "") throw invalid("image_server not exist");
  const imageServer = optionalServer(call, name);
  requireAuth(body, walletTexts);
  return forward("snapshot.create", node, body, { taskId, imageServer });
}

function deleteSnapshot(call: Call, length: number, taskId: string, name: string): Outcome {
  requirePost(call);
  if (length !== 3) throw invalid("invalid uri, please use /snapshot/<task_id>/delete/<snapshot_name>");
  if (taskId === "") throw invalid("task_id is empty");
  if (name === "") throw invalid("snapshot_name is empty");
  const body = parseFields(parseDocument(call.body));
  const node = requireNode(body);
  requireAuth(body, walletTexts);
  return forward("snapshot.delete", node, body, { taskId, name });
}

function listSnapshots(call: Call, length: number, taskId: string, name: string): Outcome {
  requirePost(call);
  if (length < 2) throw invalid("invalid uri, please use /snapshot/list/<task_id>[/snapshot_name]");
  const body = parseFields(parseDocument(call.body));
  const node = requireNode(body);
  requireAuth(body, walletTexts);
  return forward("snapshot.list", node, body, { taskId, name });
}

/** `/monitor`, `/monitor/set`, `/monitor/<anything else>` */
export function monitorRoute(call: Call): Found {
  const parts = partsOf(call);
  if (parts.length > 1) throw badUri("invalid requests uri");
  const operation: OperationName = parts[0] === "set" ? "monitor.set" : "monitor.list";
  const run = (): Outcome => {
    requirePost(call);
    const body = parseFields(parseDocument(call.body));
    const node = requireNode(body);
    requireAuth(body, walletTexts);
    return forward(operation, node, body);
  };
  return { operation, run };
}
