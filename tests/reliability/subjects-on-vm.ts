import { isKey } from "../../provider/core/key";
import { partsOf, vmOf } from "./programs";
import { cutOff, machines, VM_ARGS } from "./subject-vm";
import type { Subject } from "./subjects";
import type { World } from "./world";

const base = vmOf("v", VM_ARGS);
/** Nothing else would touch a VM that was left off when what stands on it needs no change any more. */
const RUNS = { ...VM_ARGS, powerState: "running" };
const running = vmOf("v", RUNS);
const task = (world: World) => {
  const [found] = machines(world);
  if (!found) throw new Error("there is no VM");
  return found;
};
const isOn = (world: World) => task(world).domain === "running";

const added = (world: World) => (machines(world)[0]?.disks ?? []).filter(({ name }) => name > "vdb");

const ofDataDisk: Subject = {
  name: "DataDisk::a",
  base,
  program: (args) => [...base, ...partsOf("v", VM_ARGS, { disks: { a: args } })],
  mended: (args) => [...running, ...partsOf("v", RUNS, { disks: { a: args } })],
  args: { sizeGib: 50, timeouts: { create: "5m" } },
  changed: { sizeGib: 70 },
  replaced: { directory: "/data1" },
  hinder: cutOff,
  alive: added,
  world: (world) => {
    const [disk] = added(world);
    return {
      file: isOn(world) ? disk?.file : "on a VM that is off",
      sizeGib: (disk?.realKib ?? 0) / 1024 ** 2,
      device: disk?.name,
    };
  },
};

const snapshots = (world: World) =>
  (machines(world)[0]?.snapshots ?? []).filter(({ description }) => {
    const mark = /\[(pd1[0-9a-z]+)\]$/.exec(description)?.[1];
    return mark !== undefined && isKey(mark);
  });

const ofSnapshot: Subject = {
  name: "Snapshot::a",
  base,
  program: (args) => [...base, ...partsOf("v", VM_ARGS, { snapshots: { a: args } })],
  mended: (args) => [...running, ...partsOf("v", RUNS, { snapshots: { a: args } })],
  args: { name: "golden", imageServer: "lab", timeouts: { create: "10m" } },
  replaced: { name: "silver" },
  hinder: cutOff,
  alive: snapshots,
  world: (world, { state }) => {
    const [found] = snapshots(world);
    const [server] = world.simulator.world.imageServers;
    const sent = server?.images.find(({ name }) => name === state.image);
    return {
      image: sent?.name,
      // it is there while its server has it; an interrupted delete may have taken the node's file away
      ...(found && { file: found.file, name: found.name }),
      ...(!isOn(world) && { phase: "of a VM that is off" }),
      ...(sent?.torn && { phase: "torn" }),
    };
  },
};

export const ON_VM: readonly Subject[] = [ofDataDisk, ofSnapshot];
