import { defineRequest, requestShape } from "./interconnect-request";

/** Arguments of a chosen path. */
export const taskPathShape = requestShape(
  "POST /api/v1/task_path/",
  "What was chosen and what came of it, in the platform's own terms; sent as it is.",
);

/** The path that was chosen for a task, recorded at the interconnection platform. */
export const taskPath = defineRequest("TaskPath", "taskPath", taskPathShape);
