import * as z from "zod";
import { DURATION } from "../core/duration";
import { field, flag, list, oneOf, port, text, whole } from "../core/fields";
import type { ArgsOf } from "../core/resource";
import { changeContainerTask } from "./container-task-change";
import { createContainerTask } from "./container-task-create";
import { deleteContainerTask } from "./container-task-delete";
import { preflight } from "./container-task-preflight";
import { readContainerTask } from "./container-task-read";
import { derive, refuse, rules } from "./container-task-rules";
import { thingOf } from "./container-task-state";
import { defineHolder } from "./holds";

const CREATE = "POST /ai/openapi/v2/instance-service/task";
const RESIZE = "POST /ai/openapi/v2/instance-service/resource-spec/actions/update";
const POWER = "POST /ai/openapi/v2/instance-service/task/actions/restart, …/stop";

const duration = text(DURATION, 'a duration such as "90s" or "1h30m"').optional();
const path = text(/^\/[^\r\n]{0,4095}$/, "an absolute path");
const LIMIT = 'must be "unlimited", a time such as "12:00:00" (hours may be more than 24), or whole seconds';

/** Arguments of a container task. Order: where, what it runs, its size, its surroundings, its life. */
export const containerTaskShape = {
  region: field(
    { cost: "replace" },
    text(/^[^\s/][^/]{0,63}$/, "a region's id or name")
      .optional()
      .describe(
        "Region of the platform, by id or name; the setting `containerRegion`, else the account's only one, unless given. An id and a name are two values: going from one to the other replaces.",
      ),
  ),
  resourceGroup: field(
    { cost: "replace", wire: "resourceGroup", source: CREATE },
    text(/^[^\r\n]{1,200}$/, "the name of a resource group").describe(
      "Resource group (queue) whose nodes it runs on: see `getContainerResourceGroups`.",
    ),
  ),
  name: field(
    { cost: "replace", wire: "instanceServiceName", source: CREATE },
    text(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, "a letter, and at most 31 more letters, digits, _ or -")
      .default("pulumi")
      .describe("What its name on the platform begins with; `-pd1` and eight characters of its key follow."),
  ),
  taskType: field(
    { cost: "replace", wire: "taskType", source: CREATE },
    oneOf(["ssh", "jupyter", "codeserver", "rstudio"]).describe("What serves in the first container."),
  ),
  image: field(
    { cost: "replace", wire: "imagePath", source: CREATE },
    text(
      /^[^\s/]+(\/[^\s/]+)*\/[^\s/:]+:[^\s/:]+$/,
      "a full registry path such as host:port/…/name:tag",
    ).describe(
      "Image by its full registry path, as `getContainerImages` tells it; its last part is sent as `version`.",
    ),
  ),
  acceleratorType: field(
    { cost: "replace", wire: "acceleratorType", source: CREATE },
    oneOf(["mlu", "dcu", "gpu", "cpu"]).describe("Kind of accelerator; `cpu` for none."),
  ),
  acceleratorCount: field(
    { cost: "needsStop", wire: "gpuNumber", source: RESIZE },
    whole(0, 1_024).optional().describe("Accelerators of each container: 1 unless given, 0 with `cpu`."),
  ),
  cpuCores: field(
    { cost: "needsStop", wire: "cpuNumber", source: RESIZE },
    whole(1, 65_535).describe("CPU cores of each container."),
  ),
  ramMib: field(
    { cost: "needsStop", wire: "ramSize", source: RESIZE },
    whole(1, 1_073_741_824, "MiB").describe("Memory of each container in MiB."),
  ),
  containers: field(
    { cost: "replace", wire: "taskNumber", source: CREATE },
    whole(1, 10_000).default(1).describe("Number of equal containers; the first is the header."),
  ),
  timeLimit: field(
    { cost: "replace", wire: "timeoutLimit", source: CREATE },
    z
      .union(
        [
          z.literal("unlimited"),
          z.string().regex(/^\d{2,5}:[0-5]\d:[0-5]\d$/),
          z.int().min(1).max(359_999_999),
        ],
        {
          error: LIMIT,
        },
      )
      .default("unlimited")
      .describe("How long after its start it is stopped: `unlimited`, `HH:MM:SS`, or seconds."),
  ),
  startScript: field(
    { cost: "replace", wire: "startScriptContent", source: CREATE },
    z
      .string({ error: "must be text" })
      .min(1, { error: "must not be empty: leave it out for none" })
      .max(262_144, { error: "must have at most 262144 characters" })
      .optional()
      .describe(
        "Shell script that runs at each start; line ends are mended. Pass it as `pulumi.secret` if it holds a password.",
      ),
  ),
  startScriptScope: field(
    { cost: "replace", wire: "startScriptActionScope", source: CREATE },
    oneOf(["all", "header"])
      .default("all")
      .describe("Whether every container runs the script, or only the first."),
  ),
  mounts: field(
    { cost: "replace", wire: "mountInfoList", source: CREATE },
    list(
      z.strictObject(
        { source: path, target: path, type: oneOf(["data", "path"]) },
        { error: "must be an object { source, target, type }" },
      ),
    )
      .optional()
      .describe("Directories of the shared storage that the containers see: see `getContainerMountDirs`."),
  ),
  ports: field(
    { cost: "replace", wire: "containerPortInfoList", source: CREATE },
    list(
      z.strictObject(
        { port: port(), protocol: oneOf(["ssh", "http"]) },
        { error: "must be an object { port, protocol }" },
      ),
    )
      .optional()
      .describe("Ports of the container that get an address of their own: see the output `portUrls`."),
  ),
  description: field(
    { cost: "replace", wire: "description", source: CREATE },
    z
      .string({ error: "must be text" })
      .max(500, { error: "must have at most 500 characters" })
      .optional()
      .describe("Free text. The platform offers no call to change it."),
  ),
  powerState: field(
    { cost: "live", source: POWER },
    oneOf(["running", "stopped"])
      .optional()
      .describe(
        "Whether it runs; not managed unless given, so that a task that has ended, or was stopped by its time limit, is no difference.",
      ),
  ),
  timeouts: field(
    { cost: "stateOnly" },
    z
      .strictObject(
        { create: duration, update: duration, delete: duration },
        { error: "must be an object { create?, update?, delete? }" },
      )
      .optional()
      .describe(
        "Deadlines: create 60 m, update 60 m, delete 20 m unless given. Filled from `customTimeouts`.",
      ),
  ),
  waitFor: field(
    { cost: "stateOnly" },
    oneOf(["running", "accepted"])
      .default("running")
      .describe("When a create counts as done: the task runs (or has ended), or it stands in the queue."),
  ),
  allowStop: field(
    { cost: "stateOnly" },
    flag()
      .default(false)
      .describe("Whether a running task may be stopped and restarted for a change of its size."),
  ),
  deletionProtection: field(
    { cost: "stateOnly" },
    flag().default(false).describe("Refuses deletes and replacements."),
  ),
  adoptInstance: field(
    { cost: "stateOnly" },
    text(/^[^\s/]{1,64}$/, "an instance's id or name")
      .optional()
      .describe("Takes over this existing task, by instance id or by name, instead of creating one."),
  ),
} as const;

/** Arguments of a container task as a user may write them. */
export type ContainerTaskGiven = z.input<z.ZodObject<typeof containerTaskShape>>;

/** Checked arguments of a container task. */
export type ContainerTaskArgs = ArgsOf<typeof containerTaskShape>;

/** A container task on the container platform. */
export const containerTask = defineHolder<typeof containerTaskShape>(thingOf, {
  kind: "ContainerTask",
  schemaVersion: 1,
  shape: containerTaskShape,
  // the new one bears the name of the old, and may need its place
  deleteBeforeReplace: true,
  derive,
  rules,
  refuse,
  costs: () => ({ needsStop: "stopped, changed, started again" }),
  preflight,
  create: createContainerTask,
  read: readContainerTask,
  update: changeContainerTask,
  delete: deleteContainerTask,
});
