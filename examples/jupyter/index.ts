/**
 * A Jupyter notebook with an accelerator.
 *
 *   pulumi config set image <path of an image, such as dbc.getContainerImages() tells>
 *   pulumi up
 *   pulumi stack output url --show-secrets
 *
 * It stops by itself after 12 hours and stays stopped; `pulumi config set power running` and an `up` start it again.
 * What is to outlive it belongs into a mounted directory: `pulumi config set home /public/home/<you>`.
 */
import * as pulumi from "@pulumi/pulumi";
import * as dbc from "pulumi-dbc";

const config = new pulumi.Config();
const home = config.get("home");

const notebook = new dbc.ContainerTask("notebook", {
  name: "notebook",
  resourceGroup: config.get("resourceGroup") ?? "TeslaM40",
  taskType: "jupyter",
  image: config.require("image"),
  acceleratorType: "gpu",
  acceleratorCount: config.getNumber("accelerators") ?? 1,
  cpuCores: config.getNumber("cpuCores") ?? 4,
  ramMib: 16_384,
  timeLimit: "12:00:00",
  ...(home && { mounts: [{ source: home, target: "/home/jovyan/work", type: "path" }] }),
  powerState: config.get<"running" | "stopped">("power"),
  // a change of its size restarts it
  allowStop: true,
});

export const url = notebook.accessUrl;
export const status = notebook.status;
export const remainingTime = notebook.remainingTime;
