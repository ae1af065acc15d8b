/**
 * Where is there something to compute on? Asks the interconnection platform, hands in a task template, picks the
 * cheapest place that it answers, records that choice, and runs a container there.
 *
 *   pulumi config set dbc:interconnectEndpoint <address>
 *   pulumi config set --secret dbc:interconnectToken <token>     where the platform wants one
 *   pulumi config set region <region>                            for a platform that names no place
 *
 * The platform keeps a row of each of the three calls, so none is made twice. `pulumi config set ask 2` asks again; if
 * the choice falls on another place then, the container moves there, and what was in it is lost.
 */
import * as pulumi from "@pulumi/pulumi";
import * as dbc from "pulumi-dbc";

const config = new pulumi.Config();
const user = config.require("user");
const accelerator = config.get("accelerator") ?? "TeslaM40";

const demand = new dbc.ComputingResourceQuery("demand", {
  data: { userID: user, resource_type: "超算", gpu_model: accelerator },
  refreshTrigger: config.get("ask") ?? "1",
});

const task = new dbc.TaskTemplateSubmission("task", {
  sessionIdentifier: demand.sessionIdentifier,
  data: { userID: user, template: "jupyter", gpu_model: accelerator, gpu_available: 1 },
  refreshTrigger: demand.id,
});

/** The cheapest place; a platform that names none leaves the choice to the configuration. */
const place = task.results.apply((places) =>
  places.reduce<dbc.ComputingResource>(
    (best, one) => ((one.price ?? Infinity) < (best.price ?? Infinity) ? one : best),
    places[0] ?? {},
  ),
);

const path = new dbc.TaskPath("path", {
  sessionIdentifier: task.sessionIdentifier,
  data: {
    userID: user,
    task_id: task.taskId,
    computing_resource_id: place.apply(({ id }) => id ?? null),
    result: true,
  },
});

const notebook = new dbc.ContainerTask(
  "notebook",
  {
    region: place.apply(({ region }) => region ?? config.require("region")),
    resourceGroup: place.apply(({ gpuModel }) => gpuModel ?? accelerator),
    taskType: "jupyter",
    acceleratorType: "gpu",
    image: config.require("image"),
    cpuCores: 4,
    ramMib: 16_384,
    timeLimit: "12:00:00",
  },
  { dependsOn: path },
);

export const places = demand.results;
export const chosen = place;
export const address = path.computingResourceUrl;
export const url = notebook.accessUrl;
