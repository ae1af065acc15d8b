import { isKey } from "../../provider/core/key";
import { SMALL } from "../resources/vm-args";
import { vmOf } from "./programs";
import type { Subject } from "./subjects";
import { NODE, type World } from "./world";

/** Machines of ours, without those of which only a zombie is left. */
export const machines = ({ simulator }: World) =>
  Object.values(simulator.requireNode(NODE).tasks).filter(
    ({ id, status }) => isKey(id) && status !== "create error",
  );

export const VM_ARGS = {
  ...SMALL,
  allowStop: true,
  timeouts: { create: "5m" },
};

/** Cuts the node off, once there is something to leave unfinished. */
export const cutOff: Subject["hinder"] = {
  begun: ({ simulator }) => void simulator.setLink(NODE, "offline"),
  end: ({ simulator }) => void simulator.setLink(NODE, "online"),
};

export const ofVm: Subject = {
  name: "Vm::a",
  base: [],
  program: (args) => vmOf("a", args),
  args: VM_ARGS,
  changed: { cpuCores: 8, memoryGib: 16, dataDiskGib: 20, sshPort: 20_023, publicIp: "198.51.100.9" },
  replaced: { image: "ubuntu-22.04.qcow2" },
  hinder: cutOff,
  alive: machines,
  world: (world, { state }) => {
    const task = machines(world).find(({ id }) => id === state.taskId);
    const booted = task?.bootedWith;
    const cpu = booted?.cpu ?? { sockets: 0, cores: 0, threads: 0 };
    return {
      taskId: task?.id,
      status: task?.status,
      image: task?.image,
      // what it runs with, not what is written down for its next boot
      cpuCores: cpu.sockets * cpu.cores * cpu.threads,
      memoryGib: (booted?.memoryKib ?? 0) / 1024 ** 2,
      vncPort: booted?.vncPort,
      dataDiskGib: (task?.disks.find(({ name }) => name === "vdb")?.realKib ?? 0) / 1024 ** 2,
      sshPort: task?.sshPort,
      ...(task?.publicIp && { publicIp: task.publicIp }),
      password: task?.loginPassword,
      disks: task?.disks.map(({ file }) => expect.objectContaining({ file })),
    };
  },
};
