import { readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { kinds } from "../../provider/kinds";
import { labNodes, type Simulator, startSimulator } from "../../simulator";
import { type ContainerSimulator, startContainerSimulator } from "../../simulator/container/simulator";
import {
  type InterconnectSimulator,
  startInterconnectSimulator,
} from "../../simulator/interconnect/simulator";
import { succeeded } from "./command";
import { exampleFiles } from "./example";
import { repositoryRoot } from "./pins";
import type { PulumiStack } from "./pulumi";
import { aliceAt } from "./site";
import { Workspace } from "./workspace";

jest.setTimeout(900_000); // several runs of a real program with one of everything, on a machine of any speed

const SPEED = 60;
const IMAGE = "10.0.35.26:5000/gpu/admin/base/jupyter:4.4-py3.7-gpu";

let simulators: readonly [Simulator, ContainerSimulator, InterconnectSimulator];
let workspace: Workspace;
let stack: PulumiStack;

beforeAll(async () => {
  simulators = [
    await startSimulator({ speed: SPEED }),
    await startContainerSimulator({ speed: SPEED }),
    await startInterconnectSimulator({ speed: SPEED, switches: { mode: "draft" } }),
  ];
  const [node, platform, interconnect] = simulators;
  const env = {
    ...aliceAt(node, SPEED),
    DBC_CONTAINER_ENDPOINT: platform.url,
    DBC_CONTAINER_LOGIN_ENDPOINT: platform.url,
    DBC_CONTAINER_REGION: "11112",
    DBC_CONTAINER_USER: "bob",
    DBC_CONTAINER_ACCESS_KEY: "85f96a42b13f4d2c8b760d2775bbcca8",
    DBC_CONTAINER_SECRET_KEY: "simulated-secret-key",
    DBC_INTERCONNECT_ENDPOINT: `${interconnect.url}/`,
    DBC_INTERCONNECT_TOKEN: "simulated-interconnect-token",
  };
  workspace = await Workspace.create({ files: exampleFiles("reference"), env });
  stack = await workspace.stack();
  for (const [name, value] of [
    ["nodeId", labNodes.alice1],
    ["image", IMAGE],
  ] as const)
    expect(await stack.run(["config", "set", name, value])).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await workspace?.dispose();
  for (const simulator of simulators ?? []) await simulator.close();
});

test("the example of every resource does what its page says, in one stack", async () => {
  await succeeded(stack.up());
  const outputs = z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .parse(await stack.outputs({ showSecrets: true }));
  expect(outputs).toMatchObject({
    vm: { login: expect.stringMatching(/^ssh -p 20022 dbc@/), password: expect.any(String) },
    dataDisk: { file: expect.stringMatching(/\.qcow2$/) },
    snapshot: { image: expect.stringMatching(/\.qcow2$/) },
    image: { size: expect.any(String) },
    imageUpload: { uploaded: "ubuntu.qcow2" },
    lan: { addresses: [expect.stringMatching(/^10\.20\.0\.\d+$/)] },
    monitorServers: { sentTo: ["zabbix.example.com:10051"] },
    containerTask: { url: expect.stringMatching(/^http/) },
    computingResourceQuery: { places: expect.any(Array) },
  });
  const made = new Set((await stack.state()).resources.map(({ type }) => type.split(":").at(-1)));
  // a key stands beside a request only where the program names no session
  for (const { type } of Object.values(kinds)) if (!/Key$/.test(type)) expect(made).toContain(type);

  await succeeded(stack.up("--expect-no-changes"));
  await succeeded(stack.destroy());
  const [node] = simulators;
  expect(Object.keys(node.requireNode(labNodes.alice1).tasks)).toEqual([]);
});

test("no example is left out of the program that runs them all", () => {
  const files = readdirSync(join(repositoryRoot, "examples/reference")).filter((name) =>
    /^(?!index).*\.ts$/.test(name),
  );
  expect(files.length).toBeGreaterThan(10);
  const index = exampleFiles("reference")["index.js"] ?? "";
  for (const file of files) expect(index).toContain(`require("./${file.replace(/\.ts$/, "")}")`);
});
