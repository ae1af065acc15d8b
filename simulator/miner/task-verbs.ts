import { isRenting, orderOf } from "../world/chain";
import type { JobKind } from "../world/job";
import type { DomainState, Task, TaskStatus } from "../world/task";
import { checkResources } from "./accounting";
import type { Authority } from "./authority";
import { sweepForeignDomains } from "./create-task";
import { business, type NodeRequest, okay, Refused } from "./request";
import type { Site } from "./site";

/** libvirt's words, which the refusals use; the list has others (reference b). */
const words: Readonly<Record<DomainState, string>> = {
  running: "running",
  shutoff: "shut_off",
  paused: "paused",
  blocked: "blocked",
  shutdown: "being shutdown",
  crashed: "crashed",
  pmsuspended: "suspended",
};

/** A task by its id alone: nobody asks whose it is (reference a.8). A task without a machine "does not exist". */
export function existingTask(site: Site, request: NodeRequest, code = business): Task {
  const task = site.node.tasks[request.taskId];
  const armed = site.strikes("task-not-exist", request);
  if (task === undefined || site.domain(task) === undefined || armed)
    throw new Refused(code, "task not exist");
  return task;
}

function queue(site: Site, task: Task, status: TaskStatus, job: JobKind): string {
  // The status shows at once, long before the worker gets to it.
  task.status = status;
  site.engine.miner(site.node.id).enqueue(job, task.id);
  return okay;
}

function refuseState(state: DomainState | undefined): never {
  throw new Refused(business, `task is ${state === undefined ? "none" : words[state]}`);
}

/** A task of a lapsed order goes over to the new one, with its GPUs. */
function adoptOrder(site: Site, task: Task, rentOrder: string): void {
  if (task.rentOrder === "" || rentOrder === "" || rentOrder === task.rentOrder) return;
  const next = orderOf(site.node.orders, rentOrder, task.wallet);
  const old = orderOf(site.node.orders, task.rentOrder, task.wallet);
  if (!isRenting(next) || isRenting(old)) return;
  const indexes = next?.gpuIndexes ?? [];
  if (indexes.length > 0 && indexes.join() !== old?.gpuIndexes.join()) {
    const all = [...site.node.hardware.gpus].sort();
    task.gpus = all.filter((_, index) => indexes.includes(index));
  }
  task.rentOrder = rentOrder;
}

type Verb = (site: Site, request: NodeRequest, authority: Authority) => string;

const start: Verb = (site, request) => {
  sweepForeignDomains(site, request, "start");
  const task = existingTask(site, request);
  adoptOrder(site, task, request.credentials.rentOrder);
  checkResources(site, task);
  const state = site.domain(task);
  if (state !== "shutoff" && state !== "pmsuspended") refuseState(state);
  return queue(site, task, "starting", { kind: "start" });
};

const shutdown: Verb = (site, request) => {
  const task = existingTask(site, request);
  const state = site.domain(task);
  if (state === "shutoff" || state === "shutdown") refuseState(state);
  return queue(site, task, "being shutdown", { kind: "shutdown" });
};

const poweroff: Verb = (site, request) => {
  const task = existingTask(site, request);
  const state = site.domain(task);
  if (state === "shutoff") refuseState(state);
  return queue(site, task, "being poweroff", { kind: "poweroff" });
};

const restart: Verb = (site, request) => {
  sweepForeignDomains(site, request, "restart");
  const task = existingTask(site, request);
  adoptOrder(site, task, request.credentials.rentOrder);
  checkResources(site, task);
  const state = site.domain(task);
  if (state !== "shutoff" && state !== "running") refuseState(state);
  return queue(site, task, "restarting", { kind: request.force ? "force-reboot" : "restart" });
};

const reset: Verb = (site, request) => {
  const task = existingTask(site, request);
  const state = site.domain(task);
  if (state !== "running") refuseState(state);
  return queue(site, task, "resetting", { kind: "reset" });
};

const remove: Verb = (site, request) => {
  const task = existingTask(site, request);
  return queue(site, task, "deleting", { kind: "delete" });
};

/** `/tasks/<verb>/<id>`: answered at once, done later (reference 2.4). */
export const taskVerbs: Readonly<Record<string, Verb>> = {
  "tasks.start": start,
  "tasks.shutdown": shutdown,
  "tasks.poweroff": poweroff,
  "tasks.stop": poweroff,
  "tasks.restart": restart,
  "tasks.reset": reset,
  "tasks.delete": remove,
};
