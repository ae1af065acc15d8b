import { type JsonObject as Json, JsonObject, stringOf } from "../json";
import type { Authority } from "../miner/authority";
import { fileExists } from "../miner/image-files";
import { generic, type NodeRequest, Refused } from "../miner/request";
import type { Site } from "../miner/site";
import { wallTime } from "../size";
import type { LibvirtSnapshot, Task } from "../world/task";
import { existingTask, ownTask } from "./tasks";

type Part = LibvirtSnapshot["disks"][number];

function refuse(text: string): never {
  throw new Refused(generic, text);
}

function item(snapshot: LibvirtSnapshot, withDisks: boolean): string {
  const disks = snapshot.disks.map(
    (disk) =>
      `{"disk_name":"${disk.name}", "snapshot_type":"${disk.type}", "driver_type":"qcow2", "snapshot_file":"${disk.file}"}`,
  );
  const more = withDisks && disks.length > 0 ? `, "disks":[${disks.join(",")}]` : "";
  return `{"snapshot_name":"${snapshot.name}", "description":"${snapshot.description}", "create_time":"${wallTime(snapshot.createdAt)}", "state":"${snapshot.state}"${more}}`;
}

/** POST /snapshot/<task_id>[/<name>] */
export function listSnapshots(site: Site, request: NodeRequest, authority: Authority): string {
  const all = ownTask(site, request, authority).libvirtSnapshots ?? [];
  if (request.name === "")
    return `{"errcode":0, "message":[${all.map((snapshot) => item(snapshot, false)).join(",")}]}`;
  const found = all.find((snapshot) => snapshot.name === request.name);
  if (found === undefined) return refuse("snapshot_name not exist");
  return `{"errcode":0, "message":${item(found, true)}}`;
}

function partOf(site: Site, task: Task, name: string, wish: Json): Part {
  const disk = stringOf(wish, "disk_name");
  if (disk === "") refuse("parse additional disk_name json failed");
  if (!task.disks.some((one) => one.name === disk))
    refuse(`additional disk_name not exist in task:${task.id}`);
  const type = wish.get("snapshot_type") ?? "external";
  if (type !== "external" && type !== "internal" && type !== "no")
    return refuse(`invalid additional disks item snapshot_type value:${String(type)}`);
  const fileName = wish.get("snapshot_file_name");
  if (fileName === undefined) return { name: disk, type, file: `/data/${task.id}_${name}_${disk}.qcow2` };
  if (typeof fileName !== "string" || fileName.includes("/") || !fileName.endsWith(".qcow2"))
    return refuse("invalid snapshot_file_name, use format: xxx.qcow2");
  if (fileExists(site.node, `/data/${fileName}`)) refuse("disks item snapshot_file_name already exist");
  return { name: disk, type, file: `/data/${fileName}` };
}

function partsOf(site: Site, task: Task, name: string, additional: Json): Part[] {
  const wished = additional.get("disks");
  if (wished === undefined)
    return task.disks.map((disk) => ({
      name: disk.name,
      type: "external",
      file: `/data/${task.id}_${name}_${disk.name}.qcow2`,
    }));
  if (!Array.isArray(wished)) return refuse("additional disks must be an array");
  const parts = wished.map((wish) =>
    wish instanceof JsonObject
      ? partOf(site, task, name, wish)
      : refuse("parse additional disks item json failed"),
  );
  return parts.length > 0 ? parts : refuse("disks is empty");
}

/** POST /snapshot/<task_id>/create: whether the VM runs is not asked, and it is off afterwards. */
export function createSnapshot(site: Site, request: NodeRequest, authority: Authority): string {
  const task = ownTask(site, request, authority);
  const all = task.libvirtSnapshots ?? [];
  if (all.some((snapshot) => snapshot.state === "creating"))
    refuse("task snapshot is busy, please wait a moment");
  const name = stringOf(request.additional, "snapshot_name");
  const description = stringOf(request.additional, "description");
  if (name === "") refuse("snapshot_name is not specified");
  // one that failed is forgotten when its name comes again
  if (all.some((snapshot) => snapshot.name === name && snapshot.made))
    refuse("snapshot_name is already exist");
  if (description === "") refuse("snapshot description is not specified");
  const disks = partsOf(site, task, name, request.additional);
  existingTask(site, request);
  const state = site.domain(task);
  if (state !== "running" && state !== "shutoff") refuse("task is paused");
  const snapshot = { name, description, createdAt: site.now, state: "creating", made: false, disks };
  task.libvirtSnapshots = [...all.filter((other) => other.name !== name), snapshot];
  task.status = "creating snapshot";
  site.engine.miner(site.node.id).enqueue({ kind: "libvirt-snapshot", name }, task.id);
  return `{"errcode":0, "message":{"snapshot_name":"${name}", "description":"${description}", "status":"creating"}}`;
}

/** Ends the work on a snapshot; every disk goes on in a file of its own, and the machine is off. */
export function finishSnapshot(task: Task, name: string, fails: boolean): void {
  const snapshot = task.libvirtSnapshots?.find((one) => one.name === name);
  if (snapshot === undefined) return;
  if (fails) {
    snapshot.state = "virDomainSnapshotCreateXML error: internal error";
    task.status = "create snapshot error";
    return;
  }
  snapshot.state = task.domain === "running" ? "disk-snapshot" : "shutoff";
  snapshot.made = true;
  task.disks = task.disks.map((disk) => {
    const part = snapshot.disks.find((one) => one.name === disk.name && one.type === "external");
    return part === undefined ? disk : { ...disk, file: part.file };
  });
  task.domain = "shutoff";
  task.bootedWith = null;
  task.status = "closed";
}

export function deleteSnapshot(): string {
  return refuse("The function is not implemented yet.");
}
