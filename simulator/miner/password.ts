import { hasSentinel } from "../fault";
import { stringOf } from "../json";
import { business, type NodeRequest, okay, Refused } from "./request";
import type { Site } from "./site";
import { existingTask } from "./task-verbs";

/** POST /tasks/passwd/<id>: one try through the guest agent (reference 2.7). */
export function setPassword(site: Site, request: NodeRequest): string {
  const task = existingTask(site, request);
  if (site.domain(task) !== "running")
    throw new Refused(business, "Only the running task can change the password");
  const username = stringOf(request.additional, "username");
  const password = stringOf(request.additional, "password");
  if (password === "") throw new Refused(business, "password can not be empty");
  if (username === "") throw new Refused(business, "user name can not be empty");
  const absent =
    !site.node.guestAgent ||
    hasSentinel("agent-absent", task.description, task.image) ||
    site.strikes("agent-absent", request);
  const place = "vm_client.cpp | 1973 | SetDomainUserPassword";
  if (absent) {
    site.log(task, "error", place, `set vm user password failed, user:${username}, pwd:${password}`);
    throw new Refused(business, "Guest agent is not responding: QEMU guest agent is not connected");
  }
  site.log(task, "info", place, `set vm user password successful, user:${username}, pwd:${password}`);
  task.loginPassword = password;
  if (task.loginUser === "" || task.loginUser === "N/A") task.loginUser = username;
  return okay;
}
