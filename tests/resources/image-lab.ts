import type { Values } from "../../provider/core/check";
import { image } from "../../provider/resources/image";
import { defaultWorld, profiles, type WorldSeed } from "../../simulator";
import { Lab, NODE, type Recorded } from "./lab";

export const MIB = 1024 * 1024;
export const PROFILE = { ...profiles.fast, transferRate: 64 * MIB };
export const MINUTE = 60_000;
export const WORLD: WorldSeed = {
  ...defaultWorld,
  imageServers: [...(defaultWorld.imageServers ?? []), { id: "other" }],
};

/** 12.5 GiB: 200 s at this speed. Only the image server has it. */
export const args = (more: Values = {}): Values => ({
  nodeId: NODE,
  name: "pytorch.qcow2",
  imageServer: "lab",
  ...more,
});

export let lab: Lab;

/** The downloads that a node has accepted. */
export const orders = () =>
  lab.simulator.requests.filter(({ operation, errcode }) => operation === "images.download" && errcode === 0);
/** A download of the same image that some other program has begun. */
export const theirs = (): Promise<void> =>
  lab.run(
    lab.site.client.downloadImage(NODE, { imageServer: "lab", name: "pytorch.qcow2", directory: "/data" }),
  );
export const count = (operation: string): number =>
  lab.simulator.requests.filter((request) => request.operation === operation).length;
export const onNode = (nodeId: string = NODE): string[] =>
  lab.simulator.requireNode(nodeId).images.map(({ name }) => name);
export const create = (more: Values = {}): Promise<Recorded> => lab.create(image, args(more));

/** A running VM of ours that has a file of /data as its data disk. */
export const vmWithDisk = async (file: string): Promise<string> => {
  const taskId = "pd1bbbbbbbbbbbbbbbbbbb";
  await lab.run(
    lab.site.client.createTask(NODE, {
      taskId,
      image: "ubuntu.qcow2",
      gpuCount: 0,
      cpuCores: 2,
      memoryGib: 4,
      diskGib: 1,
      sshPort: 20_022,
      vncPort: 5_901,
      dataFile: file,
    }),
  );
  await lab.clock.advance(10_000);
  lab.simulator.clearRequests();
  return taskId;
};

/** A lab of its own for every test of a file. */
export const useLab = (): void => {
  beforeEach(async () => {
    lab = await Lab.open({ profile: PROFILE, seed: WORLD });
  });
  afterEach(() => lab.close());
};
