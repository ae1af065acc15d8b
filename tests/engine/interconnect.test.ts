import type { Values } from "../../provider/core/check";
import { type ContainerSimulator, startContainerSimulator } from "../../simulator/container/simulator";
import {
  type InterconnectSimulator,
  startInterconnectSimulator,
} from "../../simulator/interconnect/simulator";
import { succeeded } from "./command";
import { exampleProgram } from "./example";
import type { PulumiStack } from "./pulumi";
import { Workspace } from "./workspace";

/** How much faster than the world containers come up. */
const SPEED = 60;
const TOKEN = "simulated-interconnect-token";

/** A program that declares what `lab.json` says. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const dbc = require("pulumi-dbc");
const { provider, requests } = JSON.parse(require("node:fs").readFileSync("lab.json", "utf8"));
const opts = provider ? { provider: new dbc.Provider("site-b", provider) } : {};
for (const [name, { kind, secret, ...args }] of Object.entries(requests)) {
  const made = new dbc[kind](name, secret ? { ...args, data: pulumi.secret(secret) } : args, opts);
  const { phase, sessionIdentifier, taskId, results, computingResourceUrl, raw } = made;
  exports[name] = { phase, sessionIdentifier, taskId, results, computingResourceUrl, raw };
}
`;

jest.setTimeout(300_000); // several runs of a real program each, on a machine of any speed

let platform: InterconnectSimulator;
let workspace: Workspace | undefined;

beforeEach(async () => {
  platform = await startInterconnectSimulator({ speed: SPEED, switches: { mode: "draft" } });
});

afterEach(async () => {
  await workspace?.dispose();
  await platform.close();
});

const environment = () => ({
  DBC_INTERCONNECT_ENDPOINT: `${platform.url}/`,
  DBC_INTERCONNECT_TOKEN: TOKEN,
  DBC_CLOCK_SPEED: String(SPEED),
});

const declare = async (requests: Readonly<Record<string, Values>>, provider?: Values): Promise<void> => {
  await workspace?.write({ "lab.json": JSON.stringify({ provider, requests }) });
};

const open = async (): Promise<PulumiStack> => {
  workspace = await Workspace.create({ files: { "index.js": PROGRAM }, env: environment() });
  return workspace.stack();
};

const calls = () => platform.journal.map(({ call }) => call);

test("rows are written by what is new, and by refreshTrigger, and by nothing else", async () => {
  const stack = await open();
  const data = {
    region: "华东一区",
    userID: "alice",
    odd: [null, { deep: null, text: "城\u0007市" }],
    n: 1.5,
  };
  const requests = {
    demand: { kind: "ComputingResourceQuery", data },
    task: { kind: "TaskTemplateSubmission", sessionIdentifier: "alice-1", source: "ctyun", data },
    path: {
      kind: "TaskPath",
      sessionIdentifier: "alice-1",
      data: { task_id: 1, computing_resource_id: 2, result: true },
    },
  };
  // in parallel the path could come before its task
  await declare({ demand: requests.demand, task: requests.task });
  await succeeded(stack.preview());
  expect(platform.requests).toEqual([]);
  await succeeded(stack.up());
  await declare(requests);
  await succeeded(stack.up());
  expect(calls().sort()).toEqual(["computingResourceQuery", "taskPath", "taskTemplateSubmission"]);
  const demand = platform.journal.find(({ call }) => call === "computingResourceQuery");
  expect(demand).toMatchObject({ source: "pulumi-dbc", session_identifier: expect.stringMatching(/^pd1/) });
  expect(demand?.data).toEqual(data);

  await succeeded(stack.up("--expect-no-changes"));
  await succeeded(stack.refresh());
  await succeeded(stack.up("--expect-no-changes"));
  expect(platform.requests).toHaveLength(3);

  const outputs = await stack.outputs({ showSecrets: true });
  expect(outputs).toMatchObject({
    demand: { phase: "ready", sessionIdentifier: demand?.session_identifier, raw: { count: 2 } },
    task: { taskId: 1, results: [{ id: 1, price: 12 }, { id: 2 }] },
    path: { computingResourceUrl: expect.stringContaining("?token=") },
  });
  const { text } = await stack.state();
  expect(text).not.toContain("compute.example");
  expect(text).not.toContain(TOKEN);
  expect(JSON.stringify(await stack.outputs())).not.toContain("compute.example");

  await declare({ ...requests, demand: { ...requests.demand, refreshTrigger: "2" } });
  expect((await stack.preview()).output).toMatch(/dbc:ComputingResourceQuery demand replace/);
  expect(platform.requests).toHaveLength(3);
  await succeeded(stack.up());
  expect(calls()).toHaveLength(4);
  // asked again, it is still the same session
  expect(platform.journal.at(-1)).toMatchObject({ session_identifier: demand?.session_identifier });

  await succeeded(stack.destroy());
  expect(platform.requests).toHaveLength(4);
  expect((await stack.state()).resources).toEqual([]);
});

test("a lost answer is told once, recorded, and sent again only by resendTrigger", async () => {
  const stack = await open();
  const args = { kind: "TaskTemplateSubmission", secret: { any: "canary-secret" } };
  await declare({ task: args });
  platform.arm({ kind: "lost-answer" });
  const first = await stack.up();
  expect(first.code).not.toBe(0);
  expect(first.output).toContain("could not learn whether the request to submit the task template");
  expect(first.output).toContain("not sent again unless resendTrigger gets a new value.");
  expect(first.output + (await stack.state()).text).not.toContain("canary-secret");

  expect(await succeeded(stack.up())).not.toContain("could not learn");
  await succeeded(stack.refresh());
  await succeeded(stack.up("--expect-no-changes"));
  expect(await stack.outputs()).toMatchObject({ task: { phase: "unknown", results: [] } });
  expect(calls()).toHaveLength(1);

  await declare({ task: { ...args, resendTrigger: "again" } });
  await succeeded(stack.up());
  expect(await stack.outputs()).toMatchObject({ task: { phase: "ready", taskId: 2 } });
  await succeeded(stack.up("--expect-no-changes"));
  expect(calls()).toHaveLength(2);
  const [lost, again] = platform.journal;
  expect(again).toMatchObject({ session_identifier: lost?.session_identifier, data: args.secret });
  expect((await stack.state()).text).not.toContain("canary-secret");
  await succeeded(stack.destroy());
  expect((await stack.state()).resources).toEqual([]);
  expect(platform.requests).toHaveLength(2);
});

test("a mistake is told at preview, and a refusal leaves nothing behind", async () => {
  const stack = await open();
  await declare({ path: { kind: "TaskPath", sessionIdentifier: " ", data: [] } });
  const preview = await stack.preview();
  expect(preview.code).not.toBe(0);
  expect(preview.output).toContain("sessionIdentifier must be 1 to 255 characters, not all of them blank");
  expect(preview.output).toContain("data must be an object, not []");
  expect(platform.requests).toEqual([]);

  await declare({ path: { kind: "TaskPath", data: { task_id: 9, computing_resource_id: 1, result: true } } });
  const refused = await stack.up();
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain('the platform said "task 9 not found" with code 404');
  expect(calls()).toEqual([]);
  await succeeded(stack.destroy());
});

test("an explicit provider has its own address and token", async () => {
  const stack = await open();
  platform.world.tokens = ["token-of-site-b"];
  const provider = { interconnectEndpoint: platform.url, interconnectToken: "token-of-site-b" };
  const requests = { demand: { kind: "ComputingResourceQuery" } };
  await declare(requests);
  expect((await stack.up()).output).toContain('the platform said "Invalid token." with code 401');
  await declare(requests, provider);
  await succeeded(stack.up());
  expect(platform.journal).toEqual([expect.objectContaining({ call: "computingResourceQuery", data: {} })]);
  expect((await stack.state()).text).not.toContain("token-of-site-b");
  await succeeded(stack.destroy());
});

describe("examples/find-compute", () => {
  let containers: ContainerSimulator;
  beforeEach(async () => {
    containers = await startContainerSimulator({ speed: SPEED });
  });
  afterEach(() => containers.close());

  test("asks, picks, submits, records, and runs a container where the answer says", async () => {
    const account = containers.world.accounts[0];
    const image = containers.world.regions[0]?.images[0]?.path ?? "";
    workspace = await Workspace.create({
      files: { "index.js": exampleProgram("find-compute") },
      env: {
        ...environment(),
        DBC_CONTAINER_ENDPOINT: containers.url,
        DBC_CONTAINER_LOGIN_ENDPOINT: containers.url,
        DBC_CONTAINER_USER: account?.user ?? "",
        DBC_CONTAINER_ACCESS_KEY: account?.accessKey ?? "",
        DBC_CONTAINER_SECRET_KEY: account?.secretKey ?? "",
      },
    });
    const stack = await workspace.stack();
    for (const [name, value] of Object.entries({ user: "alice", image }))
      await succeeded(stack.run(["config", "set", name, value]));

    await succeeded(stack.preview());
    expect(platform.requests).toEqual([]);
    await succeeded(stack.up());
    expect(calls()).toEqual(["computingResourceQuery", "taskTemplateSubmission", "taskPath"]);
    expect(new Set(platform.journal.map((row) => row.session_identifier)).size).toBe(1);
    expect(platform.journal.at(-1)?.data).toEqual({
      userID: "alice",
      task_id: 1,
      computing_resource_id: 1,
      result: true,
    });
    expect(containers.tasks).toEqual([
      expect.objectContaining({ region: "11112", resourceGroup: "TeslaM40", status: "Running" }),
    ]);
    expect(await stack.outputs({ showSecrets: true })).toMatchObject({
      chosen: { id: 1, region: "华东一区", price: 12 },
      address: expect.stringContaining("/tasks/1/1/?token="),
      url: expect.stringContaining("/jupyter-forward/"),
    });
    expect((await stack.state()).text).not.toContain("token=");

    await succeeded(stack.up("--expect-no-changes"));
    await succeeded(stack.refresh());
    await succeeded(stack.up("--expect-no-changes"));
    expect(calls()).toHaveLength(3);
    expect(containers.requests.filter(({ write }) => write)).toHaveLength(1);

    await succeeded(stack.run(["config", "set", "ask", "2"]));
    await succeeded(stack.up());
    expect(calls()).toHaveLength(6);
    expect(containers.tasks).toHaveLength(1);

    await succeeded(stack.destroy());
    expect(calls()).toHaveLength(6);
    expect(containers.tasks.filter(({ status }) => status === "Running")).toEqual([]);
    expect((await stack.state()).resources).toEqual([]);
  });
});
