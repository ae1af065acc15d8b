import { alice, labNodes, type Simulator, startSimulator } from "../../simulator";
import { succeeded } from "./command";
import type { PulumiStack } from "./pulumi";
import { aliceAt } from "./site";
import { vmArgs } from "./vm-lab";
import { Workspace } from "./workspace";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

/** Resources of the names and arguments that `lab.json` says, the VM in a component if it says so. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const dbc = require("pulumi-dbc");
const { vm, figures, inside } = JSON.parse(require("node:fs").readFileSync("lab.json", "utf8"));
const parent = inside ? new pulumi.ComponentResource("test:index:Room", inside) : undefined;
exports.taskId = new dbc.Vm(vm.name, vm.args, { parent }).taskId;
new dbc.MonitorServers(figures.name, figures.args, { parent });
`;

const ZABBIX = "zabbix.example.com:10051";
let simulator: Simulator;
let workspace: Workspace;
let stack: PulumiStack;

beforeAll(async () => {
  simulator = await startSimulator({ speed: 60 });
  workspace = await Workspace.create({ files: { "index.js": PROGRAM }, env: aliceAt(simulator, 60) });
  stack = await workspace.stack();
});
afterAll(async () => {
  await workspace.dispose();
  await simulator.close();
});
beforeEach(() => simulator.clearRequests());

const declare = (name: string, more: object = {}, inside?: string) =>
  workspace.write({
    "lab.json": JSON.stringify({
      vm: { name: `${name}-vm`, args: vmArgs(0, { ...more }) },
      figures: { name: `${name}-figures`, args: { nodeId: labNodes.alice1, servers: [ZABBIX] } },
      inside,
    }),
  });
const node = () => simulator.requireNode(labNodes.alice1);
const writes = () => simulator.requests.filter(({ write }) => write).map(({ operation }) => operation);
const recorded = async () =>
  (await stack.state()).resources
    .filter(({ type }) => /dbc:(Vm|MonitorServers)$/.test(type))
    .map(({ urn }) => urn.split("::").at(-1))
    .sort();

test("renamed, and then moved into a component: what was adopted stays until it is really taken away", async () => {
  await declare("old");
  await succeeded(stack.up());
  const { taskId } = await stack.outputs();
  expect(Object.keys(node().tasks)).toEqual([taskId]);
  expect(writes().sort()).toEqual(["monitor.set", "tasks.create"]);
  simulator.clearRequests();

  await declare("new", { adoptTaskId: taskId });
  const said = await succeeded(stack.up());
  expect(said).toMatch(
    /VM \w+ on node \w{8}… stays, because the resource "new-vm" of this program stands for it now/,
  );
  expect(said).toMatch(
    /the sending of figures from node \w{8}… to zabbix\.example\.com:10051 stays, because the resource "new-figures" of/,
  );
  expect([Object.keys(node().tasks), node().monitors[alice]]).toEqual([[taskId], [ZABBIX]]);
  expect(await recorded()).toEqual(["new-figures", "new-vm"]);

  // the same names, another place: other resources to the engine
  await declare("new", { adoptTaskId: taskId }, "room");
  await succeeded(stack.up());
  expect([Object.keys(node().tasks), node().monitors[alice]]).toEqual([[taskId], [ZABBIX]]);
  expect(await recorded()).toEqual(["new-figures", "new-vm"]);
  await succeeded(stack.up("--expect-no-changes"));
  expect(writes()).toEqual([]);

  await succeeded(stack.destroy());
  expect([Object.keys(node().tasks), node().monitors[alice]]).toEqual([[], []]);
  expect(await recorded()).toEqual([]);
});
