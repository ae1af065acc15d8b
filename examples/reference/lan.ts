import * as dbc from "pulumi-dbc";
import { nodeId } from "./vm";

const office = new dbc.Lan("office", { nodeId, cidr: "10.20.0.0/24" });

const worker = new dbc.Vm("worker", {
  nodeId,
  image: "ubuntu.qcow2",
  cpuCores: 4,
  memoryGib: 16,
  dataDiskGib: 50,
  sshPort: 20_023,
  vncPort: 5_902,
  lan: office.name,
});

export const addresses = worker.localAddresses;
