/** Two small VMs that don't get in each other's way, and what errors of theirs say. */
import type { Values } from "../../provider/core/check";
import { type Lab, NODE } from "./lab";

export const KEY = "pd1aaaaaaaaaaaaaaaaaaa";
export const OTHER = "pd1bbbbbbbbbbbbbbbbbbb";

/** What a small VM is made of. */
export const SMALL = {
  nodeId: NODE,
  image: "ubuntu.qcow2",
  cpuCores: 4,
  memoryGib: 8,
  dataDiskGib: 10,
  sshPort: 20_022,
  vncPort: 5_901,
};

export const args = (more: Values = {}): Values => ({ __key: KEY, __urn: "urn:test", ...SMALL, ...more });

export const others = (more: Values = {}): Values =>
  args({ __key: OTHER, sshPort: 20_055, vncPort: 5_955, ...more });

/** The one sentence of work that must fail, with the lab's own address in general terms. */
export const sentenceOf = async (lab: Lab, work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  return error instanceof Error ? error.message.replaceAll(lab.simulator.url, "<url>") : String(error);
};

/** Everything about every VM of the node. */
export const world = (lab: Lab): unknown => structuredClone(lab.tasks());
