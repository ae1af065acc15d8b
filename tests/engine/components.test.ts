import { defaultWorld, labNodes, profiles, type Simulator, startSimulator } from "../../simulator";
import { succeeded } from "./command";
import { exampleProgram } from "./example";
import type { PulumiStack } from "./pulumi";
import { aliceAt } from "./site";
import { Workspace } from "./workspace";

jest.setTimeout(900_000); // each step is a run of a real program, on a machine of any speed

const SPEED = 60;
const MIB = 1024 * 1024;
const { alice1, alice2, alice3 } = labNodes;
const onServer = ["course.qcow2", "extra.qcow2"].map((name) => ({ name, sizeGib: 1, virtualGib: 40 }));

let simulator: Simulator;
let workspace: Workspace;
let stack: PulumiStack;

beforeAll(async () => {
  simulator = await startSimulator({
    speed: SPEED,
    profile: { ...profiles.fast, transferRate: 64 * MIB },
    seed: { ...defaultWorld, imageServers: [{ id: "lab", images: onServer }] },
  });
  workspace = await Workspace.create({
    files: { "index.js": exampleProgram("classroom") },
    env: aliceAt(simulator, SPEED),
  });
  stack = await workspace.stack();
  await set({ imageServer: "lab", "nodes[0]": alice1, "nodes[1]": alice2, "disksGib[0]": "20" });
});
afterAll(async () => {
  await workspace?.dispose();
  await simulator?.close();
});
beforeEach(() => simulator.clearRequests());

const set = async (settings: Readonly<Record<string, string>>): Promise<void> => {
  for (const [path, value] of Object.entries(settings))
    await succeeded(stack.run(["config", "set", "--path", path, value]));
};
const writes = (): string[] =>
  simulator.requests
    .filter(({ write }) => write)
    .map(({ operation, nodeId }) => `${operation} ${nodeId.slice(0, 2)}`);
const machines = (nodeId: string) => Object.values(simulator.requireNode(nodeId).tasks);

test("a mistake in the component is told with those in its machines", async () => {
  await set({ seats: "0", "nodes[2]": alice2 });
  const { code, output } = await stack.preview();
  expect(code).not.toBe(0);
  expect(output).toContain('Lab "course": vmsPerNode must be a whole number of at least 1, not 0.');
  expect(output).toContain(`forEachNode: ${alice2} is listed twice: name each node once.`);
  await succeeded(stack.run(["config", "rm", "--path", "nodes[2]"]));
  await set({ seats: "1" });
});

test("a Lab brings the image to each node, makes its network, and then machines and disks", async () => {
  await succeeded(stack.up("--parallel", "64"));
  for (const [nodeId, cpuCores] of [
    [alice1, 8],
    [alice2, 4],
  ] as const) {
    const [machine, ...more] = machines(nodeId);
    expect(more).toEqual([]);
    expect(machine).toMatchObject({
      status: "running",
      image: "course.qcow2",
      sshPort: 20_022,
      vncPort: 5_901,
    });
    const { sockets = 0, cores = 0, threads = 0 } = machine?.cpu ?? {};
    expect(sockets * cores * threads).toBe(cpuCores);
    expect(machine?.disks).toHaveLength(3);
    expect(simulator.requireNode(nodeId).images.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["course.qcow2", "extra.qcow2"]),
    );
  }
  const { logins, network, extraImages } = await stack.outputs();
  expect(logins).toEqual({
    "course-a1a1a1a1-0": expect.stringMatching(/^ssh -p 20022 /),
    "course-a2a2a2a2-0": expect.stringMatching(/^ssh -p 20022 /),
  });
  expect([...machines(alice1), ...machines(alice2)].map((machine) => machine.network)).toEqual([
    network,
    network,
  ]);
  expect(extraImages).toEqual([`${alice1}/extra.qcow2`, `${alice2}/extra.qcow2`]);
});

test("everything stands below the component, and its passwords are secret", async () => {
  const { resources, text } = await stack.state();
  const lab = resources.find(({ type }) => type === "dbc:index:Lab");
  expect(lab?.urn).toMatch(/::dbc:index:Lab::course$/);
  const below = resources
    .filter(({ urn }) => urn.includes("::dbc:index:Lab$"))
    .map(({ type }) => type.split(":").at(-1));
  expect([...new Set(below)].sort()).toEqual([
    "DataDisk",
    "DiskClaim",
    "Image",
    "Lan",
    "LanKey",
    "Vm",
    "VmKey",
  ]);
  const { passwords } = await stack.outputs({ showSecrets: true });
  const shown = Object.values(passwords as Record<string, string>);
  expect(shown).toHaveLength(2);
  for (const password of shown) expect(text).not.toContain(password);
});

test("up again changes nothing", async () => {
  await succeeded(stack.up("--expect-no-changes"));
  expect(writes()).toEqual([]);
});

test("a further node and a further machine replace nothing", async () => {
  const before = [...machines(alice1), ...machines(alice2)].map(({ uuid }) => uuid);
  await set({ seats: "2", "nodes[2]": alice3 });
  const output = await succeeded(stack.up("--parallel", "64"));
  expect(output).not.toContain("replace");
  expect([alice1, alice2, alice3].map((nodeId) => machines(nodeId).length)).toEqual([2, 2, 2]);
  const after = [...machines(alice1), ...machines(alice2)].map(({ uuid }) => uuid);
  expect(after).toEqual(expect.arrayContaining(before));
});

test("destroy leaves nothing but the images", async () => {
  await succeeded(stack.destroy("--parallel", "64"));
  expect([alice1, alice2, alice3].flatMap(machines)).toEqual([]);
  expect((await stack.state()).resources).toEqual([]);
});
