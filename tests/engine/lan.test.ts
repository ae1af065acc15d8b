import type { Values } from "../../provider/core/check";
import { labNodes, type Simulator, startSimulator } from "../../simulator";
import { succeeded } from "./command";
import type { PulumiStack } from "./pulumi";
import { aliceAt } from "./site";
import { Workspace } from "./workspace";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

const SPEED = 20;

/** LANs and VMs as `lab.json` declares them; a VM's `lan` is the name of a LAN of the program, or `=name` as it is. */
const PROGRAM = `
const dbc = require("pulumi-dbc");
const { lans, vms } = JSON.parse(require("node:fs").readFileSync("lab.json", "utf8"));
const made = {};
for (const [name, args] of Object.entries(lans)) {
  made[name] = new dbc.Lan(name, args);
  exports[name] = made[name].name;
}
for (const [name, { lan, ...args }] of Object.entries(vms))
  new dbc.Vm(name, { ...args, ...(lan && { lan: lan.startsWith("=") ? lan.slice(1) : made[lan].name }) });
`;

const NODE = labNodes.alice1;
const office = (more: Values = {}): Values => ({ nodeId: NODE, cidr: "10.20.0.0/24", ...more });
const box = (n: number, lan: string): Values => ({
  nodeId: NODE,
  image: "ubuntu.qcow2",
  cpuCores: 2,
  memoryGib: 4,
  dataDiskGib: 10,
  sshPort: 20_022 + n,
  vncPort: 5_901 + n,
  lan,
});

let simulator: Simulator;
let workspace: Workspace;
let stack: PulumiStack;

beforeAll(async () => {
  simulator = await startSimulator({ speed: SPEED });
  workspace = await Workspace.create({
    files: { "index.js": PROGRAM },
    env: aliceAt(simulator, SPEED),
  });
  stack = await workspace.stack();
});

afterAll(async () => {
  await workspace.dispose();
  await simulator.close();
});

beforeEach(() => simulator.clearRequests());

const declare = (
  lans: Readonly<Record<string, Values>>,
  vms: Readonly<Record<string, Values>> = {},
): Promise<void> => workspace.write({ "lab.json": JSON.stringify({ lans, vms }) });

const up = (...options: string[]): Promise<string> => succeeded(stack.up(...options));
const writes = (): string[] =>
  simulator.requests.filter(({ write }) => write).map(({ operation }) => operation);
const tasks = () => Object.values(simulator.requireNode(NODE).tasks);
const lans = () => simulator.world.lans.filter(({ machineId }) => machineId === NODE);

test("ranges that overlap are a mistake at preview, and nothing is made", async () => {
  await declare({ office: office(), lab: office({ cidr: "10.20.0.128/25" }) });
  const done = await stack.preview();
  expect(done.code).not.toBe(0);
  expect(done.output).toMatch(/overlaps 10\.20\.0\.\S+ of the Lan "(office|lab)" on the same node/);
  expect(writes()).toEqual([]);
});

test("a LAN with a name of its own and two VMs on it", async () => {
  await declare({ office: office() }, { a: box(0, "office"), b: box(1, "office") });
  await up();
  const { office: name } = await stack.outputs();
  expect(name).toMatch(/^pd1[0-9a-z]{7}$/);
  expect(writes()).toEqual(["lan.create", "tasks.create", "tasks.create"]);
  expect(lans()).toEqual([expect.objectContaining({ name, cidr: "10.20.0.0/24" })]);
  expect(lans()[0]?.members).toHaveLength(2);
  simulator.clearRequests();
  await up("--expect-no-changes");
  expect(writes()).toEqual([]);
});

test("another range replaces it, and the VMs with it, which leave first", async () => {
  await declare({ office: office({ cidr: "10.21.0.0/24" }) }, { a: box(0, "office"), b: box(1, "office") });
  expect((await stack.preview()).output).toMatch(/office.*replace.*cidr/);
  await up();
  expect(writes()).toEqual([
    "tasks.delete",
    "tasks.delete",
    "lan.delete",
    "lan.create",
    "tasks.create",
    "tasks.create",
  ]);
  expect(lans().map(({ cidr }) => cidr)).toEqual(["10.21.0.0/24"]);
  await up("--expect-no-changes");
});

test("one that was removed while nobody used it is made again by up --refresh", async () => {
  await declare(
    { office: office({ cidr: "10.21.0.0/24" }), spare: office({ cidr: "10.30.0.0/24" }) },
    {
      a: box(0, "office"),
      b: box(1, "office"),
    },
  );
  await up();
  const { spare } = await stack.outputs();
  simulator.world.lans = simulator.world.lans.filter(({ name }) => name !== spare);
  simulator.clearRequests();
  await up("--refresh");
  expect(writes()).toEqual(["lan.create"]);
  expect(lans()).toHaveLength(2);
});

test("destroy empties the node", async () => {
  expect(await stack.destroy()).toMatchObject({ code: 0 });
  expect([tasks(), lans()]).toEqual([[], []]);
});

test("a VM that names the LAN by plain text is waited for when both go", async () => {
  await declare({ office: office({ name: "office1" }) }, { a: box(0, "=office1") });
  await up();
  expect(lans()[0]?.members).toHaveLength(1);
  expect(await stack.destroy()).toMatchObject({ code: 0 });
  expect([tasks(), lans()]).toEqual([[], []]);
});
