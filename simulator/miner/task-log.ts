import { business, type NodeRequest, Refused } from "./request";
import type { Site } from "./site";
import { existingTask } from "./task-verbs";

const maxContent = 8 * 1024;

/** POST /tasks/logs/<id>: lines of the node's own log, passwords included (reference 2.5). */
export function showLog(site: Site, request: NodeRequest): string {
  const task = existingTask(site, request);
  if (task.log.length === 0) throw new Refused(business, "task log not exist");
  const lines = request.fromHead ? task.log.slice(0, request.lines) : task.log.slice(-request.lines);
  let content = "";
  for (const line of lines) {
    if (Buffer.byteLength(content) + Buffer.byteLength(line) >= maxContent) break;
    content += `${content === "" ? "" : ","}"${line}"`;
  }
  return `{"errcode":0, "message":{"task_id":"${task.id}", "log_content":[${content}]}}`;
}
