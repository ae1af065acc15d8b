import type { FaultKind } from "../../simulator";
import type { Exchange } from "./exchange";
import { listed } from "./inherit";

const failures: Readonly<Record<string, FaultKind>> = {
  start: "start-error",
  restart: "restart-error",
  reset: "reset-error",
  shutdown: "stop-error",
  poweroff: "stop-error",
  stop: "stop-error",
};

/** The verb of a request that begins work on a VM, and the VM's id. */
function workOf({ path, body }: Exchange): { verb: string; id: string } | undefined {
  if (path.endsWith("/tasks/start")) {
    const id = /"task_id":"([^"]+)"/.exec(body)?.[1];
    return id === undefined ? undefined : { verb: "create", id };
  }
  const [, verb = "", id = ""] = /\/tasks\/(\w+)\/(\w+)(?:\?.*)?$/.exec(path) ?? [];
  return verb in failures ? { verb, id } : undefined;
}

/**
 * Whether a host could do what a node asked of it (such as starting qemu) is a fact of that host: the fault that lets
 * the work of a line end as the lists after it show.
 */
export function failureAfter(lines: readonly Exchange[], exchange: Exchange): FaultKind | undefined {
  const work = workOf(exchange);
  if (work === undefined || !/"errcode": ?0/.test(exchange.body)) return undefined;
  const word = work.verb === "create" ? "create error" : failures[work.verb]?.replace("-", " ");
  const later = lines.slice(lines.indexOf(exchange) + 1);
  const next = later.findIndex((line) => workOf(line)?.id === work.id);
  const statuses = (next < 0 ? later : later.slice(0, next)).flatMap((line) =>
    listed(line).flatMap(({ task_id, status }) => (task_id === work.id ? [status ?? ""] : [])),
  );
  const failed = statuses.some((status) =>
    word === "stop error" ? / (shutdown|poweroff) error/.test(` ${status}`) : status === word,
  );
  if (!failed) return undefined;
  if (work.verb !== "create") return failures[work.verb];
  // Without a machine every verb says that there is no such task.
  const after = later[next];
  return after?.body.includes("task not exist") ? "define-error" : "boot-error";
}
