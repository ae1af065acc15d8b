import { createDbcClient } from "../../provider/api/dbc/client";
import type { DbcClient } from "../../provider/api/dbc/types";
import { createSend } from "../../provider/api/http";
import { systemClock, systemRandom } from "../../provider/core/clock";
import { call, type FunctionArgs, type FunctionName } from "../../provider/functions";
import { developmentPhrase, labNodes, type Simulator, startSimulator } from "../../simulator";
import { until } from "../engine/workspace";

const NODE = labNodes.alice1;
const TASK = "pd1aaaaaaaaaaaaaaaaaaa";
const ALICE = `${developmentPhrase}//Alice`;
const GIB = 1024 ** 2; // in KiB

let simulator: Simulator;
let client: DbcClient;

/** Calls a function as a program does, as Alice or as nobody. */
const ask = <Name extends FunctionName>(
  name: Name,
  args: FunctionArgs<Name>,
  seed: string | null = ALICE,
) => {
  const env = { DBC_ENDPOINT: simulator.url, ...(seed !== null && { DBC_WALLET_SEED: seed }) };
  return call(name, args, { config: () => undefined, env }, JSON.stringify(env));
};

beforeAll(async () => {
  simulator = await startSimulator({ speed: 1_000 });
  simulator.world.lans = [];
  client = createDbcClient({
    endpoint: simulator.url,
    endpointIsDefault: false,
    credentials: { kind: "wallet", seed: ALICE },
    effects: { clock: systemClock(), random: systemRandom, send: createSend({}) },
  });
  await client.createLan(NODE, { name: "office1", cidr: "10.20.0.0/24" });
  await client.createTask(NODE, {
    taskId: TASK,
    image: "ubuntu.qcow2",
    gpuCount: 0,
    cpuCores: 2,
    memoryGib: 4,
    diskGib: 10,
    sshPort: 20_022,
    vncPort: 5_901,
    networkName: "office1",
  });
  await until(() => simulator.requireTask(NODE, TASK).status === "running");
});
afterAll(() => simulator.close());

describe("getDisks", () => {
  test("lists the VM's own disks and others, with the true sizes beyond a TiB", async () => {
    const task = simulator.requireTask(NODE, TASK);
    const large = { name: "vdc", file: "/data/data_1_2.qcow2", shownKib: 1_537 * GIB, realKib: 1_537 * GIB };
    await simulator.setTask(NODE, TASK, { disks: [...task.disks, large] });
    const disks = await ask("getDisks", { nodeId: NODE, taskId: TASK });
    expect(disks.map(({ name, sizeGib }) => [name, sizeGib])).toEqual([
      ["vda", 350],
      ["vdb", 10],
      ["vdc", 1_537],
    ]);
    expect(disks[2]).toMatchObject({ file: "/data/data_1_2.qcow2" });
  });

  test("of a VM that is not there, or without credentials, is one sentence", async () => {
    await expect(ask("getDisks", { nodeId: NODE, taskId: "nothing" })).rejects.toThrow(
      /^getDisks: could not list the disks of VM nothing of node .*"task not exist"/,
    );
    await expect(ask("getDisks", { nodeId: NODE, taskId: TASK }, null)).rejects.toThrow(/DBC_WALLET_SEED/);
  });
});

describe("getLans", () => {
  test("lists the room's LANs with their members, to anybody", async () => {
    for (const seed of [ALICE, null])
      expect(await ask("getLans", { nodeId: NODE }, seed)).toEqual([
        expect.objectContaining({ name: "office1", cidr: "10.20.0.0/24", members: [TASK] }),
      ]);
    simulator.world.lans = [];
    expect(await ask("getLans", { nodeId: NODE })).toEqual([]);
  });

  test("of a node that nobody knows is one sentence", async () => {
    await expect(ask("getLans", { nodeId: "ee".repeat(32) })).rejects.toThrow(/^getLans: .*eeeeeeee…/);
  });
});
