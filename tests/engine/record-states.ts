/** Writes down what this release stores of every kind of resource, for the releases after it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { labNodes } from "../../simulator";
import { IMAGE } from "../container/platform";
import { record } from "./past";
import { repositoryRoot } from "./pins";

const PROGRAM = `"use strict";
const dbc = require("pulumi-dbc");
const nodeId = "${labNodes.alice1}";
const office = new dbc.Lan("office", { nodeId, cidr: "10.20.0.0/24" });
const box = new dbc.Vm("box", {
  nodeId,
  image: "ubuntu.qcow2",
  cpuCores: 4,
  memoryGib: 16,
  gpuCount: 1,
  dataDiskGib: 50,
  sshPort: 20022,
  vncPort: 5901,
  lan: office.name,
  portMaps: [{ protocol: "tcp", host: 8080 }],
  allowStop: true,
  description: "of the past",
});
new dbc.DataDisk("scratch", { vmId: box.id, sizeGib: 20 });
new dbc.Snapshot("golden", { vmId: box.id, name: "golden", imageServer: "lab" });
new dbc.Image("pytorch", { nodeId, name: "pytorch.qcow2", imageServer: "lab", deleteFromNode: true });
new dbc.ImageUpload("own", { nodeId, name: "own.qcow2", imageServer: "lab" });
new dbc.MonitorServers("figures", { nodeId, servers: ["zabbix.example.com:10051"] });
new dbc.ContainerTask("notebook", {
  resourceGroup: "TeslaM40",
  taskType: "jupyter",
  image: "${IMAGE}",
  acceleratorType: "gpu",
  cpuCores: 4,
  ramMib: 16384,
  ports: [{ port: 18888, protocol: "http" }],
});
const data = { userID: "alice" };
new dbc.ComputingResourceQuery("where", { data });
const template = new dbc.TaskTemplateSubmission("template", { data });
new dbc.TaskPath("path", { data: { task_id: template.taskId, computing_resource_id: 1, result: true } });
`;

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")));

void record(version, PROGRAM);
