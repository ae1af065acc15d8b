/** A lab whose first node is of the older generation, spoken to as its version wants it. */
import type { Values } from "../../provider/core/check";
import { defaultWorld } from "../../simulator/world/default-world";
import { Lab, NODE } from "./lab";

/** A node of the time of seeds 000 and 003. */
export const OLD_VERSION = "0.3.7.9";

export const KEY = "pd1aaaaaaaaaaaaaaaaaaa";
export const OTHER = "pd1bbbbbbbbbbbbbbbbbbb";

export const openLegacy = async (version = OLD_VERSION): Promise<Lab> => {
  const nodes = (defaultWorld.nodes ?? []).map((node) => (node.id === NODE ? { ...node, version } : node));
  const lab = await Lab.open({ seed: { ...defaultWorld, nodes } });
  lab.apiGeneration = "auto";
  return lab;
};

/** What an older node takes. */
export const args = (more: Values = {}): Values => ({
  __key: KEY,
  __urn: "urn:test",
  nodeId: NODE,
  image: "ubuntu.qcow2",
  cpuCores: 4,
  memoryGib: 8,
  dataDiskGib: 10,
  sshPort: 20_022,
  vncPort: 5_901,
  ...more,
});

export const others = (more: Values = {}): Values =>
  args({ __key: OTHER, sshPort: 20_055, vncPort: 5_955, ...more });

/** What that create sends, and nothing else. */
export const SEVEN = {
  ssh_port: "20022",
  image_name: "ubuntu.qcow2",
  gpu_count: "0",
  cpu_cores: "4",
  mem_size: "8",
  disk_size: "10",
  vnc_port: "5901",
};
