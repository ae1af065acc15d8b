import { alice, labNodes, type Simulator, startSimulator } from "../../simulator";
import { succeeded } from "./command";
import type { PulumiStack } from "./pulumi";
import { aliceAt } from "./site";
import { Workspace } from "./workspace";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

/** One list, as `servers.json` says it; the node's id is known only after an `up`, as another resource's output is. */
const PROGRAM = `
const dbc = require("pulumi-dbc");
const servers = JSON.parse(require("node:fs").readFileSync("servers.json", "utf8"));
const figures = new dbc.MonitorServers("figures", { nodeId: "${labNodes.alice1}", servers });
const same = dbc.MonitorServers.get("same", figures.id);
exports.sentTo = figures.servers;
exports.seen = same.servers;
`;

const ZABBIX = "zabbix.example.com:10051";
let simulator: Simulator;
let workspace: Workspace;
let stack: PulumiStack;

beforeAll(async () => {
  simulator = await startSimulator({ speed: 20 });
  workspace = await Workspace.create({ files: { "index.js": PROGRAM }, env: aliceAt(simulator, 20) });
  stack = await workspace.stack();
});
afterAll(async () => {
  await workspace.dispose();
  await simulator.close();
});
beforeEach(() => simulator.clearRequests());

const declare = (servers: readonly string[]) => workspace.write({ "servers.json": JSON.stringify(servers) });
const list = () => simulator.requireNode(labNodes.alice1).monitors[alice];
const writes = () => simulator.requests.filter(({ write }) => write).map(({ operation }) => operation);

test("made, kept, changed in place, put right after a drift, and cleared", async () => {
  await declare(["nonsense"]);
  const refused = await stack.preview();
  expect(refused.code).not.toBe(0);
  expect(refused.output).toMatch(/servers\[0\] must be a server and port such as zabbix\.example\.com:10051/);
  expect(writes()).toEqual([]);

  await declare([ZABBIX]);
  await succeeded(stack.up());
  expect(await stack.outputs()).toEqual({ sentTo: [ZABBIX], seen: [ZABBIX] });
  await succeeded(stack.up("--expect-no-changes"));
  expect(writes()).toEqual(["monitor.set"]);

  await declare([ZABBIX, "192.0.2.7:10051"]);
  expect(await succeeded(stack.preview())).toMatch(/figures\s+update/);
  await succeeded(stack.up());
  expect(list()).toEqual([ZABBIX, "192.0.2.7:10051"]);

  simulator.requireNode(labNodes.alice1).monitors[alice] = ["198.51.100.1:10051"];
  await succeeded(stack.up("--refresh"));
  expect(list()).toEqual([ZABBIX, "192.0.2.7:10051"]);

  await succeeded(stack.destroy());
  expect(list()).toEqual([]);
});
