import { createDbcClient } from "../../provider/api/dbc/client";
import type { DbcClient } from "../../provider/api/dbc/types";
import { createSend } from "../../provider/api/http";
import { systemClock, systemRandom } from "../../provider/core/clock";
import { call, type FunctionArgs, type FunctionName } from "../../provider/functions";
import { developmentPhrase, labNodes, type Simulator, startSimulator } from "../../simulator";

const NODE = labNodes.alice1;
const TASK = "pd1aaaaaaaaaaaaaaaaaaa";
const ALICE = `${developmentPhrase}//Alice`;

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
const names = (items: readonly { readonly name: string }[]): string[] => items.map(({ name }) => name);
const vda = (): string =>
  simulator
    .requireTask(NODE, TASK)
    .disks.find(({ name }) => name === "vda")
    ?.file.replace("/data/", "") ?? "";

const powerOff = async (): Promise<void> => {
  await client.poweroffTask(NODE, TASK);
  await simulator.advance(60_000);
};

beforeEach(async () => {
  simulator = await startSimulator();
  client = createDbcClient({
    endpoint: simulator.url,
    endpointIsDefault: false,
    credentials: { kind: "wallet", seed: ALICE },
    effects: { clock: systemClock(), random: systemRandom, send: createSend({}) },
  });
  await client.createTask(NODE, {
    taskId: TASK,
    image: "ubuntu.qcow2",
    gpuCount: 0,
    cpuCores: 2,
    memoryGib: 4,
    diskGib: 1,
    sshPort: 20_022,
    vncPort: 5_901,
  });
  await simulator.advance(60_000);
});
afterEach(() => simulator.close());

test("getImageServers lists what the client node is configured with, to anybody", async () => {
  expect(await ask("getImageServers", undefined)).toEqual(["lab"]);
  expect(await ask("getImageServers", undefined, null)).toEqual(["lab"]);
});

describe("getImages", () => {
  test("of a server shows what it has, to anybody", async () => {
    const images = await ask("getImages", { imageServer: "lab" }, null);
    expect(images).toContainEqual({ name: "pytorch.qcow2", size: "12.5G", sizeGib: 12.5 });
    await expect(ask("getImages", { imageServer: "nowhere" })).rejects.toThrow(
      /^getImages: .*image_server not exist.*getImageServers lists/,
    );
  });

  test("of a node shows what anybody may use, to anybody", async () => {
    const images = await ask("getImages", { nodeId: NODE }, null);
    expect(names(images)).toContain("ubuntu.qcow2");
    expect(names(images)).not.toContain("pytorch.qcow2");
  });

  test("of a node with a server also shows what stands on a backing file that this server has", async () => {
    simulator.requireNode(NODE).images.push({
      name: "pytorch.qcow2",
      sizeBytes: 1024 ** 3,
      virtualGib: 80,
      backing: "/data/ubuntu.qcow2",
    });
    expect(names(await ask("getImages", { nodeId: NODE }))).not.toContain("pytorch.qcow2");
    expect(names(await ask("getImages", { nodeId: NODE, imageServer: "lab" }))).toContain("pytorch.qcow2");
  });

  test("of one's own on a node also shows the disks of VMs that are off, and those alone", async () => {
    expect(names(await ask("getImages", { nodeId: NODE, own: true }))).not.toContain(vda());
    await powerOff();
    expect(names(await ask("getImages", { nodeId: NODE, own: true }))).toContain(vda());
    expect(names(await ask("getImages", { nodeId: NODE }))).not.toContain(vda());
    await expect(ask("getImages", { nodeId: NODE, own: true }, null)).rejects.toThrow(/DBC_WALLET_SEED/);
  });

  test("of nobody is refused", async () => {
    await expect(ask("getImages", {})).rejects.toThrow(/^getImages: say whose images/);
    await expect(ask("getImages", { imageServer: "lab", own: true })).rejects.toThrow(/say whose images/);
  });
});

test("getSnapshots lists a VM's, in the node's order", async () => {
  expect(await ask("getSnapshots", { nodeId: NODE, taskId: TASK })).toEqual([]);
  await powerOff();
  await client.createSnapshot(NODE, TASK, { name: "one", imageServer: "lab", description: "first" });
  const snapshots = await ask("getSnapshots", { nodeId: NODE, taskId: TASK });
  expect(snapshots).toEqual([
    {
      name: "one",
      description: "first",
      file: expect.stringMatching(/^\/tmp\/dbc_snapshots\/snap_.*_vda\.qcow2$/),
      status: expect.stringMatching(/^(?:creating|uploading|none)$/),
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    },
  ]);
  await expect(ask("getSnapshots", { nodeId: NODE, taskId: "a/b" })).rejects.toThrow(/^getSnapshots: /);
});
