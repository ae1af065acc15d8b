import { labNodes, type Simulator, startSimulator } from "../../simulator";
import { succeeded } from "./command";
import { exampleProgram } from "./example";
import type { PulumiStack } from "./pulumi";
import { aliceAt } from "./site";
import { Workspace } from "./workspace";

jest.setTimeout(900_000); // each step is several runs of a real program, on a machine of any speed

/** How much faster than the world simulator and provider run. */
const SPEED = 60;
const { alice1: HOME, alice2: BRANCH } = labNodes;

let simulator: Simulator;
let workspace: Workspace;
let stack: PulumiStack;

beforeAll(async () => {
  simulator = await startSimulator({ speed: SPEED });
  const env = aliceAt(simulator, SPEED);
  workspace = await Workspace.create({ files: { "index.js": exampleProgram("training-lab") }, env });
  stack = await workspace.stack("training");
  await set("nodes[0]", HOME);
  await set("nodes[1]", BRANCH);
});

afterAll(async () => {
  await workspace?.dispose();
  await simulator?.close();
});

beforeEach(() => simulator.clearRequests());

const set = async (path: string, value: string): Promise<void> => {
  expect(await stack.run(["config", "set", "--path", path, value])).toMatchObject({ code: 0 });
};

const writes = (): string[] =>
  simulator.requests.filter(({ write }) => write).map(({ operation }) => operation);

const count = (operation: string): number => writes().filter((each) => each === operation).length;

const up = (...options: string[]): Promise<string> => succeeded(stack.up(...options));

const statuses = (): string[] =>
  [HOME, BRANCH].flatMap((node) =>
    Object.values(simulator.requireNode(node).tasks).map(({ status }) => status),
  );

test("up makes a LAN, two machines in it and a data disk", async () => {
  await up();
  expect(statuses()).toEqual(["running", "running"]);
  expect(count("lan.create")).toBe(1);
  expect(count("disk.add")).toBe(1);
  const { ssh, disks } = await stack.outputs();
  expect(ssh).toMatchObject({
    "trainer-0": expect.stringMatching(/^ssh /),
    "trainer-1": expect.stringMatching(/^ssh /),
  });
  expect(disks).toEqual([expect.stringMatching(/\.qcow2$/)]);
});

test("up again writes nothing", async () => {
  await up("--expect-no-changes");
  expect(writes()).toEqual([]);
});

test("disks grow and are added only with consent to a stop, in one power cycle", async () => {
  await set("disksGib[0]", "80");
  await set("disksGib[1]", "20");
  const refused = await stack.up();
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain("allowStop: true");
  expect(writes()).toEqual([]);

  await set("allowStop", "true");
  await up("--target", "**trainer-*"); // consent is an update of its own, without a call
  expect(writes()).toEqual([]);
  await up("--parallel", "16");
  expect(writes().sort()).toEqual(["disk.add", "disk.resize", "tasks.poweroff", "tasks.start"]);
  expect(statuses()).toEqual(["running", "running"]);
});

test("a release is copied, sent, fetched and started on another node", async () => {
  await set("release", "v1");
  await up("--parallel", "16");
  expect(statuses()).toEqual(["running", "running", "running"]);
  expect(count("snapshot.create")).toBe(1);
  expect(count("images.download")).toBe(1);
  expect(count("tasks.poweroff")).toBe(1);
  await up("--expect-no-changes");
});

test("a disk is removed, and the others stay", async () => {
  expect(await stack.run(["config", "set", "--path", "disksGib", "[80]"])).toMatchObject({ code: 0 });
  expect(await stack.run(["config", "rm", "--path", "disksGib"])).toMatchObject({ code: 0 });
  await set("disksGib[0]", "80");
  await up();
  expect(count("disk.delete")).toBe(1);
  expect(statuses()).toEqual(["running", "running", "running"]);
});

test("a machine that vanished is made again, with its disks", async () => {
  const tasks = Object.entries(simulator.requireNode(HOME).tasks);
  const [withDisk] = tasks.find(([, { sshPort }]) => Number(sshPort) === 20_022) ?? [];
  await simulator.deleteVm(HOME, withDisk ?? "");
  expect(await stack.refresh()).toMatchObject({ code: 0 });
  await up();
  expect(statuses()).toEqual(["running", "running", "running"]);
  expect(count("tasks.create")).toBe(1);
  expect(count("disk.add")).toBe(1);
  await up("--expect-no-changes");
});

test("a machine is replaced together with its disks", async () => {
  await set("image", "ubuntu-22.04.qcow2");
  await up();
  // both machines of the lab, and the third, whose image is a copy of the first
  expect(count("tasks.create")).toBe(3);
  expect(count("disk.delete")).toBe(0); // its node deletes them with it
  expect(count("disk.add")).toBe(1);
  await up("--expect-no-changes");
});

test("destroy leaves nothing but what the image server keeps", async () => {
  expect(await stack.destroy()).toMatchObject({ code: 0 });
  expect(statuses()).toEqual([]);
  expect(Object.keys(simulator.world.lans)).toEqual([]);
  expect((await stack.state()).resources).toEqual([]);
});
