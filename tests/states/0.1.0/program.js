"use strict";
const dbc = require("pulumi-dbc");
const nodeId = "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1";
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
  image: "10.0.35.26:5000/gpu/admin/base/jupyter:4.4-py3.7-gpu",
  acceleratorType: "gpu",
  cpuCores: 4,
  ramMib: 16384,
  ports: [{ port: 18888, protocol: "http" }],
});
const data = { userID: "alice" };
new dbc.ComputingResourceQuery("where", { data });
const template = new dbc.TaskTemplateSubmission("template", { data });
new dbc.TaskPath("path", { data: { task_id: template.taskId, computing_resource_id: 1, result: true } });
