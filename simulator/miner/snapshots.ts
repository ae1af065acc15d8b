import { stringOf } from "../json";
import { fileTime, wallTime } from "../size";
import type { NodeState } from "../world/node";
import type { Snapshot, Task } from "../world/task";
import { RefusedCompact } from "./disks";
import { business, generic, type NodeRequest, okayCompact, Refused } from "./request";
import type { Site } from "./site";

function item(task: Task, snapshot: Snapshot): string {
  const status = task.snapshotStatus[snapshot.name] ?? "none";
  return `{"snapshot_name":"${snapshot.name}", "description":"${snapshot.description}", "snapshot_file":"${snapshot.file}", "create_time":"${wallTime(snapshot.createdAt)}", "status":"${status}"}`;
}

/** POST /snapshot/list/<id>[/<name>]: an unknown task has none, which is no error (reference 4). */
export function listSnapshots(site: Site, request: NodeRequest): string {
  const task = site.node.tasks[request.taskId];
  if (request.name === "") {
    const items = (task?.snapshots ?? []).map((snapshot) => (task ? item(task, snapshot) : ""));
    return `{"errcode":0, "message":[${items.join(",")}]}`;
  }
  const found = task?.snapshots.find((snapshot) => snapshot.name === request.name);
  if (task === undefined || found === undefined) throw new Refused(business, "snapshot_name not exist");
  return `{"errcode":0, "message":${item(task, found)}}`;
}

/** POST /snapshot/create/<id>: names may repeat, and then share one status. */
export function createSnapshot(site: Site, request: NodeRequest): string {
  const name = stringOf(request.additional, "snapshot_name");
  if (name === "") throw new Refused(generic, "'snapshot_name' is empty");
  const task = site.node.tasks[request.taskId];
  if (task === undefined || task.bios === "pxe") throw new RefusedCompact(business, "task have no disk");
  if (!task.disks.some((disk) => disk.name === "vda"))
    throw new RefusedCompact(business, "task have no disk:'vda'");
  if (site.domain(task) !== "shutoff")
    throw new RefusedCompact(business, "please close task first and try again");
  const file = `/tmp/dbc_snapshots/snap_${site.engine.dice.below(100_000)}_${fileTime(site.now)}_vda.qcow2`;
  task.snapshots.push({
    name,
    description: stringOf(request.additional, "desc"),
    file,
    createdAt: site.now,
    sizeBytes: 1_245_708_288,
  });
  task.snapshotStatus[name] = "creating";
  const job = { kind: "snapshot", name, file, imageServer: request.imageServer } as const;
  site.engine.miner(site.node.id).enqueue(job, task.id);
  return okayCompact;
}

/** POST /snapshot/delete/<id>/<name>: the copy on the image server stays. */
export function deleteSnapshot(site: Site, request: NodeRequest): string {
  const task = site.node.tasks[request.taskId];
  if (task === undefined || !dropSnapshot(site, task, request.name))
    throw new RefusedCompact(business, `${request.name} not exist`);
  return okayCompact;
}

/** A node that ends while it copies a disk leaves half a file. */
export function tearSnapshot(node: NodeState): void {
  const job = node.queue[0];
  if (job?.kind !== "snapshot") return;
  const snapshot = node.tasks[job.taskId]?.snapshots.find(({ file }) => file === job.file);
  if (snapshot !== undefined) Object.assign(snapshot, { made: true, torn: true });
}

/** Takes away the first snapshot of a name, its file and its upload. */
export function dropSnapshot(site: Site, task: Task, name: string): boolean {
  const found = task.snapshots.find((snapshot) => snapshot.name === name);
  if (found === undefined) return false;
  site.node.transfers = site.node.transfers.filter((transfer) => transfer.key !== found.file);
  task.snapshots = task.snapshots.filter((snapshot) => snapshot !== found);
  delete task.snapshotStatus[name];
  return true;
}
