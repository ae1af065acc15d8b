import * as dbc from "pulumi-dbc";
import { demand } from "./computing-resource-query";

export const task = new dbc.TaskTemplateSubmission("task", {
  sessionIdentifier: demand.sessionIdentifier,
  data: { userID: "student-7", template: "jupyter", gpu_model: "TeslaM40", gpu_available: 1 },
});

export const taskId = task.taskId;
