import type { Values } from "../../provider/core/check";
import { image } from "../../provider/resources/image";
import { imageUpload } from "../../provider/resources/image-upload";
import { snapshot } from "../../provider/resources/snapshot";
import { vm } from "../../provider/resources/vm";
import { imageRefusals, type Refusal } from "./image-refusals";
import { Lab, NODE, type Recorded } from "./lab";

const VM_KEY = "pd1aaaaaaaaaaaaaaaaaaa";

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.open();
  await lab.simulator.addImage(NODE, { name: "own.qcow2" });
});
afterEach(() => lab.close());

const inputs: Readonly<Record<Refusal["resource"], Values>> = {
  Image: { nodeId: NODE, name: "pytorch.qcow2", imageServer: "lab", deleteFromNode: true },
  ImageUpload: { nodeId: NODE, name: "own.qcow2", imageServer: "lab" },
  Snapshot: {
    __key: "pd1bbbbbbbbbbbbbbbbbbb",
    __vm: { allowStop: true, status: "running" },
    vmId: `${NODE}/${VM_KEY}`,
    name: "golden",
    imageServer: "lab",
  },
};
const define = (
  resource: Refusal["resource"],
): { create: () => Promise<Recorded>; delete: () => Promise<void> } => ({
  create: () => {
    if (resource === "Image") return lab.create(image, inputs.Image);
    return resource === "ImageUpload"
      ? lab.create(imageUpload, inputs.ImageUpload)
      : lab.create(snapshot, inputs.Snapshot);
  },
  delete: async () => {
    const made = await define(resource).create();
    // an image that this run has made would be its successor's
    lab.restart();
    await (resource === "Image" ? lab.delete(image, made) : lab.delete(snapshot, made));
  },
});

const there = () => ({
  images: lab.simulator.requireNode(NODE).images.map(({ name }) => name),
  server: lab.simulator.world.imageServers[0]?.images.map(({ name }) => name),
  snapshots: lab.simulator.requireNode(NODE).tasks[VM_KEY]?.snapshots.map(({ name }) => name),
  status: lab.simulator.requireNode(NODE).tasks[VM_KEY]?.status,
});

test.each(imageRefusals)(
  '$resource, $step, "$said"',
  async ({ resource, step, operation, said, code, reads, left }) => {
    if (resource === "Snapshot") {
      await lab.create(vm, {
        __key: VM_KEY,
        nodeId: NODE,
        image: "ubuntu.qcow2",
        cpuCores: 2,
        memoryGib: 4,
        dataDiskGib: 1,
        sshPort: 20_022,
        vncPort: 5_901,
        allowStop: true,
      });
      lab.restart();
    }
    const before = there();
    lab.simulator.arm({ kind: "refusal", operation, message: said, code });
    const run = define(resource)[step];
    if (reads === undefined) await run();
    else {
      const error = await run().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      // a plain error: nothing is recorded, because nothing was begun
      expect(error).toMatchObject({ name: "UserError", message: reads });
    }
    expect(lab.simulator.faults).toEqual([]);
    if (left.startsWith("nothing: no ")) expect(there()).toEqual(before);
    if (resource === "Snapshot") expect(there().status).toBe("running");
    if (step === "delete" && reads !== undefined) expect(there().images).toContain("pytorch.qcow2");
    if (step === "create" && reads === undefined) expect(there()).not.toEqual(before);
  },
);

test("every refusal is said of another thing", () => {
  const keys = imageRefusals.map(({ operation, said }) => `${operation} ${said}`);
  expect(new Set(keys).size).toBe(keys.length);
});
