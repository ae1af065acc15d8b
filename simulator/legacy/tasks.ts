import type { Authority } from "../miner/authority";
import { generic, type NodeRequest, okay, Refused } from "../miner/request";
import type { Site } from "../miner/site";
import { sizeToG, wallTime } from "../size";
import type { JobKind } from "../world/job";
import { type DomainState, type Task, type TaskStatus, totalCores } from "../world/task";

const words: Readonly<Record<DomainState, string>> = {
  running: "running",
  shutoff: "shut_off",
  paused: "paused",
  blocked: "blocked",
  shutdown: "being shutdown",
  crashed: "crashed",
  pmsuspended: "suspended",
};

/** What the list of old calls a status; a stop that failed has no word, and reads as the first of them. */
const shown: Partial<Record<TaskStatus, string>> = {
  "being poweroff": "stopping",
  "being shutdown": "stopping",
  "poweroff error": "closed",
  "shutdown error": "closed",
};

/** Whoever asks for the status also has it put right: a machine that is off and should run is started again. */
function statusOf(site: Site, task: Task): string {
  const state = site.domain(task);
  const isQueued = site.node.queue.some((job) => job.taskId === task.id);
  if (!isQueued && task.status === "running" && state === "shutoff")
    site.engine.miner(site.node.id).enqueue({ kind: "start" }, task.id);
  if (!isQueued && task.status === "closed" && state === "running")
    site.engine.miner(site.node.id).enqueue({ kind: "poweroff" }, task.id);
  return shown[task.status] ?? task.status;
}

/** POST /tasks: neither descriptions nor sizes. */
export function listTasks(site: Site, _request: NodeRequest, authority: Authority): string {
  const items = site
    .tasksOf(authority.wallet)
    .map(
      (task) =>
        `{"task_id":"${task.id}", "create_time":"${wallTime(task.createdAt)}", "status":"${statusOf(site, task)}"}`,
    );
  return `{"errcode":0, "message":[${items.join(",")}]}`;
}

/** POST /tasks/<id>, which seed 000 also prints as the path of the delete. */
export function showTask(site: Site, request: NodeRequest, authority: Authority): string {
  const task = ownTask(site, request, authority);
  const data = task.disks.find((disk) => disk.name !== "vda");
  const disks = task.disks.map(
    (disk) => `{"name":"${disk.name}", "type":"qcow2", "source_file":"${disk.file}"}`,
  );
  const parts = [
    `"task_id":"${task.id}"`,
    `"ssh_ip":"${site.node.publicIp}"`,
    `"ssh_port":"${task.sshPort}"`,
    '"user_name":"dbc"',
    `"login_password":"${task.loginPassword}"`,
    `"cpu_cores":${totalCores(task.cpu)}`,
    `"gpu_count":${task.gpus.length}`,
    `"mem_size":"${sizeToG(task.memoryKib)}"`,
    '"disk_system":"350G"',
    `"disk_data":"${sizeToG(data?.realKib ?? 0)}"`,
    `"vnc_port":"${task.vncPort}"`,
    `"vnc_password":"${task.vncPassword}"`,
    `"create_time":"${wallTime(task.createdAt)}"`,
    `"status":"${statusOf(site, task)}"`,
    ...(site.domain(task) === undefined ? [] : [`"disks":[${disks.join(",")}]`]),
  ];
  return `{"errcode":0, "message":{${parts.join(", ")}}}`;
}

export function ownTask(site: Site, request: NodeRequest, authority: Authority): Task {
  const task = site.tasksOf(authority.wallet).find((item) => item.id === request.taskId);
  if (task === undefined) throw new Refused(generic, "task_id not exist");
  return task;
}

/** By its id alone; one without a machine is told apart here. */
export function existingTask(site: Site, request: NodeRequest): Task {
  const task = site.node.tasks[request.taskId];
  if (task === undefined) throw new Refused(generic, "task_id not exist");
  if (site.domain(task) === undefined || site.strikes("task-not-exist", request))
    throw new Refused(generic, "domain not exist");
  return task;
}

type Verb = (site: Site, request: NodeRequest) => string;

function order(
  site: Site,
  task: Task,
  allowed: readonly DomainState[],
  status: TaskStatus,
  job: JobKind,
): string {
  const state = site.domain(task);
  if (state !== undefined && !allowed.includes(state)) throw new Refused(generic, `task is ${words[state]}`);
  task.status = status;
  site.engine.miner(site.node.id).enqueue(job, task.id);
  return okay;
}

const verb =
  (allowed: readonly DomainState[], status: TaskStatus, job: JobKind): Verb =>
  (site, request) =>
    order(site, existingTask(site, request), allowed, status, job);

/** A delete asks for no machine, so that one that never came to be can go, too. */
const remove: Verb = (site, request) => {
  const task = site.node.tasks[request.taskId];
  if (task === undefined) throw new Refused(generic, "task_id not exist");
  return order(site, task, ["shutoff", "running", "paused"], "deleting", { kind: "delete" });
};

export const taskVerbs: Readonly<Record<string, Verb>> = {
  "tasks.start": verb(["shutoff"], "starting", { kind: "start" }),
  "tasks.stop": verb(["running", "paused"], "being poweroff", { kind: "poweroff" }),
  "tasks.restart": verb(["shutoff", "running"], "restarting", { kind: "restart" }),
  "tasks.reset": verb(["running"], "resetting", { kind: "reset" }),
  "tasks.delete": remove,
};
