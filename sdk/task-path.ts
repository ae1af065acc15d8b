import type * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import { InterconnectRequest } from "./interconnect-request";
import type { TaskPathArgs } from "./task-path-args";

/**
 * The path that a user chose for a task, recorded at the interconnection platform (互通平台), which may answer with an
 * address.
 *
 * The platform keeps a row of every call, so it is made once: neither a preview nor an `up` without changes nor a
 * refresh makes another. A change of any argument makes a new request; `refreshTrigger` does so and nothing else. When
 * an answer is lost nobody knows whether the row is there: that is reported once, recorded as `phase` "unknown", and
 * sent again only by `resendTrigger`. A run that is killed in the middle of the call leaves no record: the next one
 * sends it again, with the same session identifier. The platform offers no way to take a row back: a delete only
 * forgets it.
 *
 * Source: POST /api/v1/task_path/.
 *
 * @example
 * ```ts
 * const path = new dbc.TaskPath("path", {
 *   sessionIdentifier: task.sessionIdentifier,
 *   data: { task_id: task.taskId, computing_resource_id: first.apply((place) => place?.id), result: true },
 * });
 * export const url = path.computingResourceUrl; // secret
 * ```
 */
export class TaskPath extends InterconnectRequest {
  /**
   * @param name Name in the program; it never reaches the platform.
   * @param args What to send. Every mistake is reported at preview.
   * @param opts Pulumi's options.
   */
  constructor(name: string, args: TaskPathArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    super(kinds.taskPath, kinds.taskPathKey, name, args, opts);
  }
}
