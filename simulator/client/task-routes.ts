import { JsonObject } from "../json";
import { atoi } from "../size";
import {
  invalid,
  parseDocument,
  parseFields,
  type RequestBody,
  requireAuth,
  requireNode,
  sessionTexts,
  walletTexts,
} from "./body";
import { badUri, type Call, forward, type Outcome, partsOf, requirePost } from "./call";
import type { Found } from "./node-routes";
import type { OperationName } from "./operation";
import { queryOf } from "./uri";

/** `/tasks`, `/tasks/start`, `/tasks/<id>`, `/tasks/<verb>/<id>`; `undefined` for a verb that nobody answers. */
export function taskRoute(call: Call): Found | undefined {
  const parts = partsOf(call);
  const [first = "", second = ""] = parts;
  switch (parts.length) {
    case 0:
      return { operation: "tasks.list", run: () => list(call, "") };
    case 1:
      return first === "start"
        ? { operation: "tasks.create", run: () => create(call) }
        : { operation: first === "" ? "tasks.list" : "tasks.detail", run: () => list(call, first) };
    case 2:
      return verbRoute(call, first, second);
    default:
      throw badUri("invalid requests uri");
  }
}

function verbRoute(call: Call, verb: string, taskId: string): Found | undefined {
  const known = ["start", "restart", "shutdown", "poweroff", "stop", "reset", "delete", "modify", "passwd"];
  if (verb === "logs") return { operation: "tasks.logs", run: () => logs(call, taskId) };
  if (!known.includes(verb)) return undefined;
  const operation = `tasks.${verb}` as OperationName;
  return { operation, run: () => act(call, operation, taskId) };
}

function checked(call: Call, auth: string): { node: string; body: RequestBody } {
  const body = parseFields(parseDocument(call.body));
  const node = requireNode(body);
  requireAuth(body, auth);
  return { node, body };
}

function list(call: Call, taskId: string): Outcome {
  requirePost(call);
  const { node, body } = checked(call, walletTexts);
  return forward(taskId === "" ? "tasks.list" : "tasks.detail", node, body, { taskId });
}

function create(call: Call): Outcome {
  requirePost(call);
  const { node, body } = checked(call, sessionTexts);
  const version = call.world.nodes[node]?.version ?? "";
  const additional = renamed(body.additional, version > "0.3.9.7");
  return forward("tasks.create", node, body, { additional });
}

/** The client node replaces whole texts anywhere in `additional`, a description too (reference 2.1). */
function renamed(object: JsonObject, newer: boolean): JsonObject {
  const names: Record<string, string> = newer
    ? { ubuntu: "linux", win: "windows" }
    : { linux: "ubuntu", windows: "win" };
  const name = (text: string) => (Object.hasOwn(names, text) ? (names[text] ?? text) : text);
  const copy = new JsonObject();
  for (const [key, value] of object.members) {
    let next = value;
    if (typeof value === "string") next = name(value);
    else if (Array.isArray(value)) next = value.map((item) => (typeof item === "string" ? name(item) : item));
    copy.members.push([name(key), next]);
  }
  return copy;
}

function act(call: Call, operation: OperationName, taskId: string): Outcome {
  requirePost(call);
  if (taskId === "") throw invalid("task_id is empty");
  const { node, body } = checked(call, walletTexts);
  return forward(operation, node, body, { taskId, force: isForced(call) });
}

/** `true`, or a number that is not 0; everything else means no. */
function isForced(call: Call): boolean {
  const wish = queryOf(call.path).get("force_reboot") ?? "";
  return wish === "true" || atoi(wish) !== 0;
}

function logs(call: Call, taskId: string): Outcome {
  requirePost(call);
  const query = queryOf(call.path);
  const flag = query.get("flag") ?? "";
  // Without a flag the number of lines is not looked at.
  const wanted = flag === "" ? "100" : query.get("line_num") || "100";
  if (!["", "head", "tail"].includes(flag)) throw invalid('head_or_tail is invalid"');
  const number = atoi(wanted);
  if (number <= 0) throw invalid("invalid line num");
  if (taskId === "") throw invalid("task_id is empty");
  const { node, body } = checked(call, walletTexts);
  const lines = number > 100 ? 99 : number;
  return forward("tasks.logs", node, body, { taskId, fromHead: flag === "head", lines });
}
