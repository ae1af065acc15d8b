import * as pulumi from "@pulumi/pulumi";
import * as dbc from "pulumi-dbc";

const config = new pulumi.Config();

const vm = new dbc.Vm("box", {
  nodeId: config.require("nodeId"),
  image: config.get("image") ?? "ubuntu.qcow2",
  cpuCores: 4,
  memoryGib: 16,
  gpuCount: config.getNumber("gpuCount") ?? 1,
  dataDiskGib: 50,
  sshPort: 20_022,
  vncPort: 5_901,
});

export const ssh = vm.sshCommand;
export const password = vm.password;
