/** The functions as a program calls them: settings from the environment, a client of their own, real time. */
import { call } from "../../provider/functions";
import { openSite } from "../../provider/hosts/site";
import { type ContainerSimulator, startContainerSimulator } from "../../simulator/container/simulator";
import { ACCOUNT, IMAGE, ORDER } from "./platform";

let platform: ContainerSimulator;
let env: Record<string, string>;
beforeEach(async () => {
  platform = await startContainerSimulator({ speed: 600 });
  env = {
    DBC_CONTAINER_ENDPOINT: platform.url,
    DBC_CONTAINER_LOGIN_ENDPOINT: platform.url,
    DBC_CONTAINER_USER: ACCOUNT.user,
    DBC_CONTAINER_ACCESS_KEY: ACCOUNT.accessKey,
    DBC_CONTAINER_SECRET_KEY: ACCOUNT.secretKey,
    DBC_CONTAINER_REGION: "11112",
    DBC_CLOCK_SPEED: "600",
  };
});
afterEach(() => platform.close());

const run: <Name extends Parameters<typeof call>[0]>(
  name: Name,
  args?: Record<string, unknown>,
) => Promise<unknown> = (name, args = {}) =>
  call(name, args as never, { config: () => undefined, env }, `${platform.url} ${JSON.stringify(env)}`);

test("getContainerResourceGroups", async () => {
  expect(await run("getContainerResourceGroups")).toEqual([
    { name: "TeslaM40", acceleratorType: "gpu" },
    { name: "kshdtest", acceleratorType: "dcu" },
    { name: "cpuonly", acceleratorType: "cpu" },
  ]);
});

test("getContainerLimits", async () => {
  expect(await run("getContainerLimits", { acceleratorType: "dcu", resourceGroup: "kshdtest" })).toEqual({
    resourceGroup: "kshdtest",
    cpuCores: 40,
    acceleratorCount: 4,
    ramMib: 131_072,
    nodes: 1,
    maxTime: "unlimited",
  });
  await expect(
    run("getContainerLimits", { acceleratorType: "gpu", resourceGroup: "nowhere" }),
  ).rejects.toThrow(
    'getContainerLimits: could not get the limits of a resource group: the service said "parameter resourceGroup is invalid" with code 10004',
  );
  await expect(run("getContainerLimits", { acceleratorType: "tpu", resourceGroup: "x" })).rejects.toThrow(
    "getContainerLimits: could not get the limits of a resource group: acceleratorType must be mlu or dcu or gpu or cpu",
  );
});

test("getContainerImages", async () => {
  expect(await run("getContainerImages", { acceleratorType: "gpu", name: "jupyter" })).toEqual([
    { path: IMAGE, version: "jupyter:4.4-py3.7-gpu", sizeBytes: 6_442_450_944 },
  ]);
  expect(await run("getContainerImages", { access: "private" })).toEqual([]);
});

test("getContainerMountDirs", async () => {
  expect(await run("getContainerMountDirs")).toEqual([
    { path: "/public/home/lab", type: "path" },
    { path: "/public1/home/lab", type: "path" },
  ]);
});

test("getContainerTasks", async () => {
  expect(await run("getContainerTasks")).toEqual([]);
  const { client } = openSite({ config: () => undefined, env }).container;
  const instanceId = await client.createTask(ORDER);
  expect(await run("getContainerTasks")).toEqual([
    expect.objectContaining({ instanceId, name: ORDER.name, taskType: "jupyter" }),
  ]);
  await expect(run("getContainerTasks", { region: "11113" })).rejects.toThrow(
    "getContainerTasks: could not use a region of the container platform: the account is suspended in region 11113 (suspended-region)",
  );
});

test("getContainerUser", async () => {
  expect(await run("getContainerUser")).toEqual({
    userName: "bob",
    accountStatus: "Normal",
    accountBalance: "1024.50",
    computerCenter: "11112",
  });
});

test("equal settings share a client, so that one sign-in does for all", async () => {
  await Promise.all([run("getContainerUser"), run("getContainerMountDirs"), run("getContainerTasks")]);
  expect(platform.requests.filter(({ operation }) => operation === "login")).toHaveLength(1);
  expect(platform.requests.some(({ write }) => write)).toBe(false);
});
