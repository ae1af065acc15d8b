import type { Values } from "../../provider/core/check";

export const nodeIdOf = (index: number): string => (0xf00000 + index).toString(16).padEnd(64, "0");

/** The arguments of VM `index` of its node. */
export const vmInputs = (nodeId: string, index: number): Values => ({
  nodeId,
  image: "ubuntu.qcow2",
  cpuCores: 4,
  memoryGib: 8,
  dataDiskGib: 10,
  sshPort: 20_000 + index,
  vncPort: 5_901 + index,
});
