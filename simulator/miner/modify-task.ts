import { type JsonObject, stringOf, stringsOf } from "../json";
import { atoi, gib, uint16 } from "../size";
import { orderOf } from "../world/chain";
import type { Task } from "../world/task";
import { allocateCpu, allocateGpus, allocateMemory, checkPublicIp, portConflict } from "./accounting";
import type { Authority } from "./authority";
import { business, isString, NodeDies, type NodeRequest, Refused, refusal } from "./request";
import type { Site } from "./site";
import { existingTask } from "./task-verbs";

function refuse(text: string): never {
  throw new Refused(business, text);
}

/**
 * POST /tasks/modify/<id> (reference 2.6): one field after the other, each kept although a later one is refused; a
 * public address that is not named again is removed; numbers instead of texts change nothing and still get an "ok".
 */
export function modifyTask(site: Site, request: NodeRequest, authority: Authority): string {
  const task = existingTask(site, request);
  const fields = request.additional;
  const rented = orderOf(site.node.orders, task.rentOrder, authority.wallet)?.gpuIndexes ?? [];
  const all = site.node.hardware.gpus.length;
  const whole = task.rentOrder === "" || rented.length === all;
  if (!whole && rented.length === 0) refuse("gpu rent order is empty");
  const share = whole ? 1 : rented.length / all;
  modifyAddress(site, task, stringOf(fields, "new_public_ip"));
  modifyServicePorts(site, task, fields);
  modifyLists(task, fields);
  const changes = [
    modifyVncPort(site, task, stringOf(fields, "new_vnc_port")),
    modifyGpus(site, task, stringOf(fields, "new_gpu_count"), rented, whole),
    modifyCpu(site, task, stringOf(fields, "new_cpu_cores"), share, whole),
    modifyMemory(site, task, stringOf(fields, "new_mem_size"), share, whole),
  ];
  return refusal(0, changes.includes(true) ? "some changes will take effect on the next boot" : "ok");
}

function modifyAddress(site: Site, task: Task, address: string): void {
  checkPublicIp(site, address, task.id);
  if (address === task.publicIp) return;
  if (!task.forwarded) refuse("can not find iptable info when modify public ip");
  task.publicIp = address;
}

function modifyServicePorts(site: Site, task: Task, fields: JsonObject): void {
  const change = (field: "ssh" | "rdp", current: number): number | undefined => {
    const text = stringOf(fields, `new_${field}_port`);
    if (text === "") return undefined;
    const port = uint16(atoi(text));
    if (port <= 0) refuse(`new_${field}_port ${text} is invalid! (usage: > 0)`);
    if (task.publicIp === "" && portConflict(site, port, task.id) !== undefined)
      refuse(`new_${field}_port ${text} has been used!`);
    if (port !== current && !task.forwarded) refuse(`can not find iptable info when modify ${field} port`);
    return port;
  };
  const ssh = change("ssh", task.sshPort);
  task.sshPort = ssh ?? task.sshPort;
  const rdp = change("rdp", task.rdpPort);
  task.rdpPort = rdp ?? task.rdpPort;
  if (ssh !== undefined && ssh === rdp) refuse("new_ssh_port and new_rdp_port are the same!");
}

function modifyLists(task: Task, fields: JsonObject): void {
  const ports = fields.get("new_custom_port");
  if (Array.isArray(ports)) {
    if (!ports.every(isString)) throw new NodeDies("new_custom_port");
    const changed = ports.join("\n") !== task.customPorts.join("\n");
    if (changed && !task.forwarded) refuse("can not find iptable info when modify custom port");
    task.customPorts = [...ports];
  }
  task.networkFilters = stringsOf(fields, "new_network_filters") ?? task.networkFilters;
}

function modifyVncPort(site: Site, task: Task, text: string): boolean {
  if (text === "") return false;
  const port = uint16(atoi(text));
  if (port < 5900) refuse(`new_vnc_port ${text} is invalid! (usage: 5900 =< port <= 65535)`);
  if (portConflict(site, port, task.id) !== undefined) refuse(`new_vnc_port ${text} has been used!`);
  const changed = port !== task.vncPort;
  task.vncPort = port;
  return changed;
}

function modifyGpus(site: Site, task: Task, text: string, rented: number[], whole: boolean): boolean {
  if (text === "") return false;
  if (!whole) refuse("can not modify gpu count");
  const count = uint16(atoi(text));
  if (count === task.gpus.length) return false;
  task.gpus = allocateGpus(site, count, rented, task.id) ?? refuse("allocate gpu failed");
  return true;
}

function modifyCpu(site: Site, task: Task, text: string, share: number, whole: boolean): boolean {
  if (text === "") return false;
  if (!whole) refuse("can not modify cpu cores");
  const cpu = allocateCpu(site, atoi(text), share, task.id) ?? refuse("allocate cpu failed");
  const { sockets, cores, threads } = task.cpu;
  const changed = cpu.sockets !== sockets || cpu.cores !== cores || cpu.threads !== threads;
  task.cpu = cpu;
  return changed;
}

function modifyMemory(site: Site, task: Task, text: string, share: number, whole: boolean): boolean {
  if (text === "") return false;
  if (!whole) refuse("can not modify mem size");
  const kib = atoi(text) * gib;
  if (!allocateMemory(site, kib, share, task.id)) refuse("allocate memory failed");
  const changed = kib !== task.memoryKib;
  task.memoryKib = kib;
  return changed;
}
