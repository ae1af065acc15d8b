import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as typescript from "typescript";
import {
  defaultWorld,
  developmentPhrase,
  labNodes,
  profiles,
  type Simulator,
  startSimulator,
} from "../../simulator";
import { repositoryRoot } from "./pins";
import type { PulumiStack } from "./pulumi";
import { Workspace } from "./workspace";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

const SPEED = 60;
const NODE = labNodes.alice1;

let simulator: Simulator;
let workspace: Workspace;
let stack: PulumiStack;

beforeEach(async () => {
  const source = readFileSync(join(repositoryRoot, "examples/legacy-node/index.ts"), "utf8");
  const code = typescript.transpileModule(source, {
    compilerOptions: { module: typescript.ModuleKind.CommonJS, target: typescript.ScriptTarget.ES2022 },
  }).outputText;
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
    files: { "index.js": code },
    env: {
      DBC_ENDPOINT: simulator.url,
      DBC_WALLET_SEED: `${developmentPhrase}//Alice`,
      DBC_CLOCK_SPEED: String(SPEED),
    },
  });
  stack = await workspace.stack();
});
afterEach(async () => {
  await workspace.dispose();
  await simulator.close();
});

const done = async (running: Promise<{ code: number | null; output: string }>): Promise<string> => {
  const { code, output } = await running;
  if (code !== 0) throw new Error(`pulumi ended with ${code}:\n${output}`);
  return output;
};
const set = (key: string, value: string): Promise<string> => done(stack.run(["config", "set", key, value]));
const writes = (): string[] => {
  const operations = simulator.requests.filter(({ write }) => write).map(({ operation }) => operation);
  simulator.clearRequests();
  return operations;
};
const tasks = () => Object.values(simulator.requireNode(NODE).tasks);

test("examples/legacy-node: up, nothing to do, stop, start, snapshot and upload, refresh, destroy", async () => {
  await set("nodeId", NODE);
  await done(stack.up());
  expect(writes()).toEqual(["tasks.create"]);
  expect(tasks()).toMatchObject([{ sshPort: 20_022, vncPort: 5_904, status: "running" }]);

  await done(stack.up("--expect-no-changes"));
  expect(writes()).toEqual([]);

  await set("off", "true");
  await done(stack.up());
  await set("off", "false");
  await done(stack.up());
  expect(writes()).toEqual(["tasks.stop", "tasks.start"]);

  await set("snapshot", "first");
  await set("share", "mine.qcow2");
  await done(stack.up());
  expect(writes().sort()).toEqual(["images.upload", "snapshot.create", "tasks.start", "tasks.stop"]);
  expect(tasks()).toMatchObject([{ status: "running", libvirtSnapshots: [{ name: "first", made: true }] }]);
  expect(simulator.world.imageServers[0]?.images.map(({ name }) => name)).toContain("mine.qcow2");

  await done(stack.refresh("--expect-no-changes"));
  expect(writes()).toEqual([]);

  await done(stack.destroy());
  expect(writes()).toEqual(["tasks.delete"]);
  expect(tasks()).toEqual([]);
});
