import { intOf, stringOf } from "../json";
import { gib, scaleSize } from "../size";
import type { Task } from "../world/task";
import { availableSpace } from "./accounting";
import { business, generic, type NodeRequest, okayCompact, Refused } from "./request";
import type { Site } from "./site";
import { sortedDisks } from "./task-list";
import { existingTask } from "./task-verbs";

/** Refusals of these handlers lack the space after the comma. */
export class RefusedCompact extends Refused {}

function refuse(text: string): never {
  throw new RefusedCompact(business, text);
}

/** Disk calls say "task not exist" with another code than the verbs do (reference 3). */
function taskWithDisks(site: Site, request: NodeRequest): Task {
  const task = existingTask(site, request, generic);
  if (task.bios === "pxe") throw new Refused(generic, "pxe not support disk");
  return task;
}

function requireOff(site: Site, task: Task): void {
  if (site.domain(task) !== "shutoff") refuse("please close task first and try again");
}

export function listDisks(site: Site, request: NodeRequest): string {
  const task = taskWithDisks(site, request);
  const items = sortedDisks(task).map(
    (disk) => `{"name":"${disk.name}","file":"${disk.file}","size":"${scaleSize(disk.shownKib)}"}`,
  );
  return `{"errcode":0,"message":[${items.join(",")}]}`;
}

/** A missing or wrong-typed `size` is whatever the memory holds: the node does not initialise it (recorded: 31T disks). */
function sizeOf(site: Site, request: NodeRequest): number {
  const size = intOf(request.additional, "size") ?? site.node.garbageSize;
  if (size <= 0) throw new Refused(generic, "'size' is invalid");
  return size * gib;
}

/** POST /disk/resize: by the size, not to it; done by the worker, and nothing ever tells whether it was (reference 3). */
export function resizeDisk(site: Site, request: NodeRequest): string {
  const task = taskWithDisks(site, request);
  const name = stringOf(request.additional, "disk");
  if (name === "") throw new Refused(generic, "'disk' is empty");
  const growKib = sizeOf(site, request);
  const disk = task.disks.find((item) => item.name === name) ?? refuse(`task have no disk:${name}`);
  requireOff(site, task);
  site.engine
    .miner(site.node.id)
    .enqueue({ kind: "resize-disk", disk: name, file: disk.file, growKib }, task.id);
  return okayCompact;
}

export function addDisk(site: Site, request: NodeRequest): string {
  const task = taskWithDisks(site, request);
  const sizeKib = sizeOf(site, request);
  const directory = stringOf(request.additional, "mount_dir") || "/data";
  if (!directoryExists(site, directory)) throw new Refused(generic, `${directory} is not exist`);
  requireOff(site, task);
  const mount = mountOf(site, directory);
  if (availableSpace(site, mount) <= gib) refuse(`mount directory:${directory} have no enough space`);
  site.engine.miner(site.node.id).enqueue({ kind: "add-disk", sizeKib, directory }, task.id);
  return okayCompact;
}

export function deleteDisk(site: Site, request: NodeRequest): string {
  const task = taskWithDisks(site, request);
  const name = stringOf(request.additional, "disk");
  if (name === "") throw new Refused(generic, "'disk' is empty");
  if (!task.disks.some((disk) => disk.name === name)) refuse(`task have no disk:${name}`);
  requireOff(site, task);
  if (name === "vda") refuse("can not allowed to delete disk:'vda'");
  site.engine.miner(site.node.id).enqueue({ kind: "delete-disk", disk: name }, task.id);
  return okayCompact;
}

/** Directories of the host that may hold a disk: the data directories, and what every host has. */
function directoryExists(site: Site, path: string): boolean {
  const plain = path.length > 1 ? path.replace(/\/+$/, "") : path;
  return (
    ["/", "/tmp", "/home", "/root", "/var", "/opt", "/mnt"].includes(plain) ||
    site.node.hardware.directories.some((directory) => directory.path === plain)
  );
}

function mountOf(site: Site, path: string): string {
  const plain = path.replace(/\/+$/, "");
  return site.node.hardware.directories.some((directory) => directory.path === plain) ? plain : "/data";
}
