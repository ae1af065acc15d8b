import { defineRequest, requestShape } from "./interconnect-request";

/** Arguments of a task template. */
export const taskTemplateSubmissionShape = requestShape(
  "POST /api/v1/query_computing_resources_by_task_template/",
  "The chosen task template, in the platform's own terms; sent as it is.",
);

/** A task template handed to the interconnection platform, which may answer with a task and places for it. */
export const taskTemplateSubmission = defineRequest(
  "TaskTemplateSubmission",
  "taskTemplateSubmission",
  taskTemplateSubmissionShape,
);
