import { defaultWorld, labNodes, profiles, type Simulator, startSimulator } from "../../simulator";
import { succeeded } from "./command";
import { exampleProgram } from "./example";
import type { PulumiStack } from "./pulumi";
import { aliceAt } from "./site";
import { until, Workspace } from "./workspace";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

const MIB = 1024 * 1024;
/** How much faster than the world simulator and provider run. */
const SPEED = 60;
const IMAGE = "own.qcow2";
const { alice1: SOURCE, alice2: SECOND, alice3: THIRD } = labNodes;

let simulator: Simulator;
let workspace: Workspace;
let stack: PulumiStack;

const open = async (code: string): Promise<void> => {
  simulator = await startSimulator({
    speed: SPEED,
    // two minutes of the world for a transfer, two seconds of the test
    profile: { ...profiles.fast, transferRate: 16 * MIB, copyRate: 64 * MIB },
    seed: {
      ...defaultWorld,
      nodes: (defaultWorld.nodes ?? []).map((node) =>
        node.id === SOURCE
          ? { ...node, images: [...(node.images ?? []), { name: IMAGE, sizeGib: 2, virtualGib: 40 }] }
          : node,
      ),
    },
  });
  workspace = await Workspace.create({
    files: { "index.js": code },
    env: aliceAt(simulator, SPEED),
  });
  stack = await workspace.stack();
};
afterEach(async () => {
  await workspace.dispose();
  await simulator.close();
});

const configure = async (settings: Readonly<Record<string, string>>): Promise<void> => {
  for (const [key, value] of Object.entries(settings))
    await succeeded(stack.run(["config", "set", "--path", key, value]));
};
const writes = (): string[] =>
  simulator.requests.filter(({ write }) => write).map(({ operation, nodeId }) => `${operation} ${nodeId}`);
const onNode = (nodeId: string): string[] => simulator.requireNode(nodeId).images.map(({ name }) => name);
const onServer = (): string[] => (simulator.world.imageServers[0]?.images ?? []).map(({ name }) => name);

describe("examples/image-pipeline", () => {
  test("comes up on several nodes at once, is left alone, mends what went, and is destroyed", async () => {
    await open(exampleProgram("image-pipeline"));
    await configure({ image: IMAGE, from: SOURCE, "nodes[0]": SECOND, "nodes[1]": THIRD });
    expect(await succeeded(stack.preview())).toMatch(/\+ .*dbc:ImageUpload upload create/);
    expect(writes()).toEqual([]);

    await succeeded(stack.up());
    expect(writes()).toEqual([
      `images.upload ${SOURCE}`,
      ...[`images.download ${SECOND}`, `images.download ${THIRD}`].sort((a, b) =>
        writes().indexOf(a) < writes().indexOf(b) ? -1 : 1,
      ),
    ]);
    expect(await stack.outputs()).toEqual({ imageServer: "lab", sizes: { [SECOND]: "2G", [THIRD]: "2G" } });
    // both were under way at the same time: the second began before the first had come
    const begun = simulator.requests.filter(({ operation }) => operation === "images.download");
    const [first = 0, second = Number.POSITIVE_INFINITY] = begun.map(({ time }) => Date.parse(time));
    expect(second - first).toBeLessThan(128_000);

    simulator.clearRequests();
    await succeeded(stack.up("--expect-no-changes"));
    expect(writes()).toEqual([]);
    await succeeded(stack.refresh("--expect-no-changes"));
    expect(writes()).toEqual([]);

    await simulator.removeImage(THIRD, IMAGE);
    expect(await succeeded(stack.refresh())).toMatch(/- .*dbc:Image image-1 delete/);
    await succeeded(stack.up());
    expect(writes()).toEqual([`images.download ${THIRD}`]);
    expect(onNode(THIRD)).toContain(IMAGE);

    simulator.clearRequests();
    expect(await succeeded(stack.destroy())).toContain("stays there: no call of the node can remove it");
    expect(writes()).toEqual([]);
    expect((await stack.state()).resources).toEqual([]);
    expect([onServer(), onNode(SECOND), onNode(THIRD)].every((names) => names.includes(IMAGE))).toBe(true);
  });

  test("cleans its nodes up where it was told to", async () => {
    await open(exampleProgram("image-pipeline"));
    await configure({ image: "pytorch.qcow2", "nodes[0]": SECOND });
    await succeeded(stack.up());
    await configure({ cleanUp: "true" });
    simulator.clearRequests();
    await succeeded(stack.up());
    expect(writes()).toEqual([]);
    await succeeded(stack.destroy());
    expect(writes()).toEqual([`images.delete ${SECOND}`]);
    expect(onNode(SECOND)).not.toContain("pytorch.qcow2");
  });

  test("is gone on with after the engine was killed in the middle of a download", async () => {
    await open(exampleProgram("image-pipeline"));
    await configure({ image: "pytorch.qcow2", "nodes[0]": SECOND });
    const running = stack.startUp();
    await until(() => writes().length > 0);
    running.kill("SIGKILL");
    await running.finished;
    await stack.cancel();
    await succeeded(stack.up());
    expect(onNode(SECOND)).toContain("pytorch.qcow2");
    const accepted = simulator.requests.filter(
      ({ operation, errcode }) => operation === "images.download" && errcode === 0,
    );
    expect(accepted).toHaveLength(1);
    await succeeded(stack.refresh("--clear-pending-creates"));
    await succeeded(stack.up("--expect-no-changes"));
  });

  test("the seed's upload from the client node is refused at preview, with the reason", async () => {
    await open(`
      const dbc = require("pulumi-dbc");
      new dbc.ImageUpload("upload", { nodeId: "", name: "${IMAGE}", imageServer: "lab" });
    `);
    const { code, output } = await stack.preview();
    expect(code).not.toBe(0);
    expect(output).toMatch(/nodeId must be the id of the node that has the file.*uploads nothing/);
    expect(writes()).toEqual([]);
  });
});

describe("a snapshot", () => {
  const PROGRAM = `
    const dbc = require("pulumi-dbc");
    const box = new dbc.Vm("box", {
      nodeId: "${SOURCE}", image: "ubuntu.qcow2", cpuCores: 4, memoryGib: 16, dataDiskGib: 50,
      sshPort: 20022, vncPort: 5901, allowStop: true,
    });
    const golden = new dbc.Snapshot("golden", { vmId: box.id, name: "golden", imageServer: "lab" });
    const there = new dbc.Image("there", {
      nodeId: "${SECOND}", name: golden.image, imageServer: golden.imageServer,
    });
    const copy = new dbc.Vm("copy", {
      nodeId: "${SECOND}", image: there.name, cpuCores: 4, memoryGib: 16, dataDiskGib: 50,
      sshPort: 20022, vncPort: 5901,
    });
    exports.image = golden.image;
    exports.status = [box.status, copy.status];
  `;

  test("of a VM becomes a VM on another node; both are destroyed, and the server keeps its copy", async () => {
    await open(PROGRAM);
    expect(await succeeded(stack.preview())).toMatch(/\+ .*dbc:Snapshot golden create/);
    await succeeded(stack.up());
    const { image, status } = await stack.outputs();
    expect(status).toEqual(["running", "running"]);
    expect(onServer()).toContain(image);
    expect(Object.values(simulator.requireNode(SOURCE).tasks).map(({ status: now }) => now)).toEqual([
      "running",
    ]);
    expect(writes().map((write) => write.split(" ")[0])).toEqual([
      "tasks.create",
      "tasks.poweroff",
      "snapshot.create",
      "tasks.start",
      "images.download",
      "tasks.create",
    ]);
    simulator.clearRequests();
    await succeeded(stack.up("--expect-no-changes"));
    await succeeded(stack.refresh("--expect-no-changes"));
    expect(writes()).toEqual([]);
    await succeeded(stack.destroy());
    // the VM takes its snapshot with it, without a call of its own
    expect(writes().sort()).toEqual([`tasks.delete ${SOURCE}`, `tasks.delete ${SECOND}`]);
    expect(onServer()).toContain(image);
    expect((await stack.state()).resources).toEqual([]);
  });
});
