import * as dbc from "pulumi-dbc";
import { task } from "./task-template-submission";

const path = new dbc.TaskPath("path", {
  sessionIdentifier: task.sessionIdentifier,
  data: {
    userID: "student-7",
    task_id: task.taskId,
    computing_resource_id: task.results.apply(([place]) => place?.id ?? null),
    result: true,
  },
});

export const address = path.computingResourceUrl; // secret
