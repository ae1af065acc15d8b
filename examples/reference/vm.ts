import * as pulumi from "@pulumi/pulumi";
import * as dbc from "pulumi-dbc";

const config = new pulumi.Config();
/** A node that you rent. */
export const nodeId = config.require("nodeId");

export const box = new dbc.Vm("box", {
  nodeId,
  image: "ubuntu.qcow2",
  cpuCores: 8,
  memoryGib: 32,
  gpuCount: 1,
  dataDiskGib: 200,
  sshPort: 20_022,
  vncPort: 5_901,
  allowStop: true, // disks and snapshots below may power it off for a while
});

export const login = box.sshCommand;
export const password = box.password; // secret
