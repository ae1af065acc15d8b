import * as pulumi from "@pulumi/pulumi";
import * as dbc from "pulumi-dbc";

const notebook = new dbc.ContainerTask("notebook", {
  name: "notebook",
  taskType: "jupyter",
  resourceGroup: "TeslaM40",
  image: new pulumi.Config().require("image"), // getContainerImages lists them
  acceleratorType: "gpu",
  acceleratorCount: 1,
  cpuCores: 4,
  ramMib: 16_384,
  timeLimit: "12:00:00",
});

export const url = notebook.accessUrl; // secret
