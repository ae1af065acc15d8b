import { defaultWorld, labNodes, profiles, type Simulator, startSimulator } from "../../simulator";
import { succeeded } from "./command";
import { exampleProgram } from "./example";
import type { PulumiStack } from "./pulumi";
import { aliceAt } from "./site";
import { Workspace } from "./workspace";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

const SPEED = 60;
const NODE = labNodes.alice1;

let simulator: Simulator;
let workspace: Workspace;
let stack: PulumiStack;

beforeEach(async () => {
  const nodes = (defaultWorld.nodes ?? []).map((node) =>
    node.id === NODE
      ? { ...node, version: "0.3.7.9", images: [...(node.images ?? []), { name: "mine.qcow2", sizeGib: 1 }] }
      : node,
  );
  simulator = await startSimulator({
    speed: SPEED,
    profile: profiles.fast,
    seed: { ...defaultWorld, nodes },
  });
  workspace = await Workspace.create({
    files: { "index.js": exampleProgram("legacy-node") },
    env: aliceAt(simulator, SPEED),
  });
  stack = await workspace.stack();
});
afterEach(async () => {
  await workspace.dispose();
  await simulator.close();
});

const set = (key: string, value: string): Promise<string> =>
  succeeded(stack.run(["config", "set", key, value]));
const writes = (): string[] => {
  const operations = simulator.requests.filter(({ write }) => write).map(({ operation }) => operation);
  simulator.clearRequests();
  return operations;
};
const tasks = () => Object.values(simulator.requireNode(NODE).tasks);

test("examples/legacy-node: up, nothing to do, stop, start, snapshot and upload, refresh, destroy", async () => {
  await set("nodeId", NODE);
  await succeeded(stack.up());
  expect(writes()).toEqual(["tasks.create"]);
  expect(tasks()).toMatchObject([{ sshPort: 20_022, vncPort: 5_904, status: "running" }]);

  await succeeded(stack.up("--expect-no-changes"));
  expect(writes()).toEqual([]);

  await set("off", "true");
  await succeeded(stack.up());
  await set("off", "false");
  await succeeded(stack.up());
  expect(writes()).toEqual(["tasks.stop", "tasks.start"]);

  await set("snapshot", "first");
  await set("share", "mine.qcow2");
  await succeeded(stack.up());
  expect(writes().sort()).toEqual(["images.upload", "snapshot.create", "tasks.start", "tasks.stop"]);
  expect(tasks()).toMatchObject([{ status: "running", libvirtSnapshots: [{ name: "first", made: true }] }]);
  expect(simulator.world.imageServers[0]?.images.map(({ name }) => name)).toContain("mine.qcow2");

  await succeeded(stack.refresh("--expect-no-changes"));
  expect(writes()).toEqual([]);

  await succeeded(stack.destroy());
  expect(writes()).toEqual(["tasks.delete"]);
  expect(tasks()).toEqual([]);
});
