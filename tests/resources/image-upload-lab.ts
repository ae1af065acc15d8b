import type { Values } from "../../provider/core/check";
import { imageUpload } from "../../provider/resources/image-upload";
import { defaultWorld, profiles, type WorldSeed } from "../../simulator";
import { Lab, NODE, type Recorded } from "./lab";

export const MIB = 1024 * 1024;
export const PROFILE = { ...profiles.fast, transferRate: 64 * MIB };
export const MINUTE = 60_000;

/** The built-in world, with an image that only one node has (8 GiB: 128 s at this speed) and a second server. */
export const WORLD: WorldSeed = {
  ...defaultWorld,
  imageServers: [...(defaultWorld.imageServers ?? []), { id: "spare" }],
  nodes: (defaultWorld.nodes ?? []).map((node) =>
    node.id === NODE
      ? { ...node, images: [...(node.images ?? []), { name: "own.qcow2", sizeGib: 8, virtualGib: 40 }] }
      : node,
  ),
};

export const args = (more: Values = {}): Values => ({
  nodeId: NODE,
  name: "own.qcow2",
  imageServer: "lab",
  ...more,
});

export let lab: Lab;

export const create = (more: Values = {}): Promise<Recorded> => lab.create(imageUpload, args(more));
export const count = (operation: string): number =>
  lab.simulator.requests.filter((request) => request.operation === operation).length;
export const server = (id = "lab") => {
  const found = lab.simulator.world.imageServers.find((item) => item.id === id);
  if (!found) throw new Error(`there is no server ${id}`);
  return found;
};
export const onServer = (id = "lab"): string[] => server(id).images.map(({ name }) => name);
export const transfers = () => lab.simulator.requireNode(NODE).transfers;

export const TASK = "pd1bbbbbbbbbbbbbbbbbbb";

/** A VM of ours that runs, and the file of its system disk. */
export const vm = async (): Promise<{ readonly taskId: string; readonly disk: string }> => {
  await lab.run(
    lab.site.client.createTask(NODE, {
      taskId: TASK,
      image: "ubuntu.qcow2",
      gpuCount: 0,
      cpuCores: 2,
      memoryGib: 4,
      diskGib: 1,
      sshPort: 20_022,
      vncPort: 5_901,
    }),
  );
  await lab.clock.advance(MINUTE);
  lab.simulator.clearRequests();
  const file = lab.simulator.requireTask(NODE, TASK).disks.find(({ name }) => name === "vda")?.file ?? "";
  return { taskId: TASK, disk: file.replace("/data/", "") };
};

/** A snapshot of a VM that is off. */
export const snapshot = async (): Promise<{ readonly file: string }> => {
  const { taskId } = await vm();
  await lab.run(lab.site.client.poweroffTask(NODE, taskId));
  await lab.clock.advance(MINUTE);
  await lab.run(lab.site.client.createSnapshot(NODE, taskId, { name: "one", imageServer: "lab" }));
  await lab.clock.advance(10 * MINUTE);
  lab.simulator.clearRequests();
  return { file: lab.simulator.requireTask(NODE, taskId).snapshots[0]?.file ?? "" };
};

/** A lab of its own for every test of a file. */
export const useLab = (): void => {
  beforeEach(async () => {
    lab = await Lab.open({ profile: PROFILE, seed: WORLD });
  });
  afterEach(() => lab.close());
};
