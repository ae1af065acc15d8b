/** How often a VM is powered off for work on its disks. */
import { DiskLab, peer } from "../resources/disks-lab";
import { Lab } from "../resources/lab";
import type { Measure } from "./measure";

const NEW = ["b", "c", "d", "e"] as const;

/** Four new disks and one that grows, in one `up`; with `vm`, the VM itself changes as well. */
const cyclesOf = async (vm: boolean): Promise<number> => {
  const lab = await Lab.open();
  try {
    const stack = await new DiskLab(lab).begin();
    stack.peers = [peer("DataDisk", "a")];
    const [grown] = await stack.all(stack.add("a"));
    stack.peers = ["a", ...NEW].map((name) => peer("DataDisk", name));
    await stack.nextUp();
    lab.simulator.clearRequests();
    // the engine's order: the VM's step returns before what stands on it begins
    if (vm) await stack.nextUp({ cpuCores: 8 });
    await lab.run(Promise.all([stack.change(grown, { sizeGib: 80 }), ...NEW.map((name) => stack.add(name))]));
    if (stack.task.disks.length !== 7) throw new Error(`there are ${stack.task.disks.length} disks`);
    return stack.cycles;
  } finally {
    await lab.close();
  }
};

export const power: Measure = {
  keys: ["power_cycles_disks", "power_cycles_mixed"],
  async run() {
    const [disks, mixed] = [await cyclesOf(false), await cyclesOf(true)];
    const what = "4 new DataDisks and one growing on a running VM";
    return [
      {
        key: "power_cycles_disks",
        title: `power cycles of ${what} that is unchanged`,
        unit: "",
        target: 1,
        ours: disks,
        // one stop and start for each operation
        rivals: { "one each": 5 },
      },
      {
        key: "power_cycles_mixed",
        title: `power cycles of ${what} whose cpuCores change`,
        unit: "",
        target: 2,
        ours: mixed,
        rivals: { "one each": 6 },
      },
    ];
  },
};
