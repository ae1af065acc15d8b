/** A lab whose first node is of the older generation, spoken to as its version wants it. */
import { defaultWorld } from "../../simulator/world/default-world";
import { Lab, NODE } from "./lab";

/** A node of the time of seeds 000 and 003. */
export const OLD_VERSION = "0.3.7.9";

export const openLegacy = async (version = OLD_VERSION): Promise<Lab> => {
  const nodes = (defaultWorld.nodes ?? []).map((node) => (node.id === NODE ? { ...node, version } : node));
  const lab = await Lab.open({ seed: { ...defaultWorld, nodes } });
  lab.apiGeneration = "auto";
  return lab;
};

// an older node takes what a small VM is made of
export { args, KEY, OTHER, others } from "./vm-args";

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
