import { sizeToG, wallTime } from "../size";
import type { Task, TaskStatus } from "../world/task";
import { totalCores } from "../world/task";
import { isWindows } from "./accounting";
import type { Authority } from "./authority";
import { bridgeOf, lanNamed } from "./lan-table";
import { generic, type NodeRequest, Refused } from "./request";
import type { Site } from "./site";

/** A status that says off, on or asleep is put right by what libvirt says; all others stick (reference b). */
export function statusOf(site: Site, task: Task): TaskStatus {
  const state = site.domain(task);
  const agrees =
    (task.status === "closed" && state === "shutoff") ||
    (task.status === "running" && state === "running") ||
    (task.status === "pmsuspend" && state === "pmsuspended");
  if (agrees || !["closed", "running", "pmsuspend"].includes(task.status)) return task.status;
  if (state === "shutoff" || state === "shutdown") task.status = "closed";
  else if (state === "running" || state === "paused" || state === "blocked") task.status = "running";
  else if (state === "pmsuspended") task.status = "pmsuspend";
  return task.status;
}

/** POST /tasks: the caller's own tasks; descriptions go out as they came in, unescaped. */
export function listTasks(site: Site, _request: NodeRequest, authority: Authority): string {
  const items = site
    .tasksOf(authority.wallet)
    .map(
      (task) =>
        `{"task_id":"${task.id}", "create_time":"${wallTime(task.createdAt)}", "desc":"${task.description}", "status":"${statusOf(site, task)}"}`,
    );
  return `{"errcode":0, "message":[${items.join(",")}]}`;
}

/** POST /tasks/<id> (reference d). */
export function showTask(site: Site, request: NodeRequest, authority: Authority): string {
  const task = site.tasksOf(authority.wallet).find((item) => item.id === request.taskId);
  if (task === undefined) throw new Refused(generic, "task_id not exist");
  const windows = isWindows(task.os);
  const user = task.loginUser || (windows ? "Administrator" : "dbc");
  const parts = [
    `"task_id":"${task.id}"`,
    `"os":"${task.os}"`,
    `"ssh_ip":"${task.publicIp || site.node.publicIp}"`,
    windows ? `"rdp_port":"${task.rdpPort}"` : `"ssh_port":"${task.sshPort}"`,
    `"user_name":"${user}"`,
    `"login_password":"${task.loginPassword}"`,
    `"cpu_cores":${totalCores(task.cpu)}`,
    `"gpu_count":${task.gpus.length}`,
    `"mem_size":"${sizeToG(task.memoryKib)}"`,
    '"disk_system":"350G"',
    `"vnc_port":"${task.vncPort}"`,
    `"vnc_password":"${task.vncPassword}"`,
  ];
  if (task.network !== "") parts.push(`"network_name":"${task.network}"`);
  parts.push(
    `"create_time":"${wallTime(task.createdAt)}"`,
    `"desc":"${task.description}"`,
    `"status":"${statusOf(site, task)}"`,
  );
  if (task.rentOrder !== "") parts.push(`"rent_order":"${task.rentOrder}"`);
  const addresses = localAddresses(site, task);
  if (addresses.length > 0) parts.push(`"local_address":[${quoted(addresses)}]`);
  if (task.disks.length > 0) {
    const disks = sortedDisks(task).map(
      (disk) => `{"name":"${disk.name}", "size":"${sizeToG(disk.shownKib)}", "source_file":"${disk.file}"}`,
    );
    parts.push(`"disks":[${disks.join(",")}]`);
  }
  if (task.networkFilters.length > 0) parts.push(`"network_filters":[${quoted(task.networkFilters)}]`);
  parts.push(`"interface":[${interfaces(site, task)}]`);
  return `{"errcode":0, "message":{${parts.join(", ")}}}`;
}

export function sortedDisks(task: Task): Task["disks"] {
  return [...task.disks].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function quoted(texts: readonly string[]): string {
  return texts.map((text) => `"${text}"`).join(",");
}

/** Only with a LAN or multicast, while the machine runs and its agent answers. */
function localAddresses(site: Site, task: Task): string[] {
  if (task.multicast.length === 0 && task.network === "") return [];
  if (site.domain(task) !== "running" || task.loginUser === "N/A" || task.loginUser === "") return [];
  const lan = task.network === "" ? undefined : lanNamed(site, task.network);
  if (lan === undefined) return [];
  const place = Math.max(0, lan.members.indexOf(task.id));
  const [a = "10", b = "0", c = "0", d = "1"] = lan.start.split(".");
  return [`${a}.${b}.${c}.${Number(d) + 1 + place}`];
}

/** The node begins at the last interface, so that there is usually one (reference d). */
function interfaces(site: Site, task: Task): string {
  if (site.domain(task) === undefined) return "";
  const name = task.network === "" ? "default" : bridgeOf(task.network);
  return `{"name":"${name}","type":"${task.interfaceModel}","mac_address":"${task.mac}"}`;
}
