import { createContainerClient } from "../../provider/api/container/client";
import { ENDPOINT_NAMES, type EndpointName } from "../../provider/api/container/paths";
import type { ContainerClient, ContainerCredentials } from "../../provider/api/container/types";
import type { HttpRequest } from "../../provider/core/effects";
import { countingRandom, RestlessClock, reply } from "../api/fakes";
import { ACCOUNT, failureOf, ORDER } from "./platform";

const PASSWORD: ContainerCredentials = { kind: "password", user: "bob", password: "p", orgId: "o" };
const DETAIL = {
  ...{ id: "a", instanceServiceName: "n", status: "Running", taskType: "ssh", acceleratorType: "gpu" },
  ...{ imagePath: "i", resourceGroup: "g", cpuNumber: 1, gpuNumber: 1, ramSize: 1, taskNumber: 1 },
};

/** What each call answers, by its path of ours. */
const DATA: Readonly<Record<string, unknown>> = {
  login: [{ clusterId: "1", clusterName: "one", token: "t" }],
  passwordLogin: [{ clusterId: "1", clusterName: "one", token: "t" }],
  renewToken: "t2",
  center: { aiUrls: [{ enable: "true", url: "https://ai.example/ai" }] },
  user: { userName: "bob" },
  create: "a",
  detail: DETAIL,
  limits: { cpuNumber: 1 },
};

/** A site all of whose paths are others; calls that are not there answer 404. */
const otherSite = (
  credentials: ContainerCredentials,
  missing: readonly EndpointName[] = [],
  denied: readonly EndpointName[] = [],
) => {
  const sent: HttpRequest[] = [];
  const left = [...denied];
  const client = createContainerClient({
    loginEndpoint: "https://login.example",
    endpoint: "https://platform.example/",
    paths: Object.fromEntries(ENDPOINT_NAMES.map((name) => [name, `/x/${name}/{id}`])),
    credentials,
    effects: {
      clock: new RestlessClock(),
      random: countingRandom(),
      send: async (request) => {
        sent.push(request);
        const name = new URL(request.url).pathname.split("/").at(-2) as EndpointName;
        if (missing.includes(name)) return reply("not found", 404);
        if (left.includes(name)) {
          left.splice(left.indexOf(name), 1);
          return reply({ code: "10008", msg: "no", data: null });
        }
        return reply({ code: "0", msg: "success", data: DATA[name] ?? null });
      },
    },
  });
  return { client, sent };
};

type Use = (client: ContainerClient) => Promise<unknown>;
interface Case {
  readonly use: Use;
  readonly credentials?: ContainerCredentials;
  readonly missing?: readonly EndpointName[];
  readonly denied?: readonly EndpointName[];
  readonly base?: string;
}

const TOKEN: ContainerCredentials = { kind: "token", token: "t" };
const PLATFORM = "https://platform.example";

const cases: Readonly<Record<EndpointName, Case>> = {
  login: { use: (client) => client.region(), base: "https://login.example" },
  passwordLogin: { use: (client) => client.region(), credentials: PASSWORD, base: PLATFORM },
  renewToken: {
    use: (client) => client.listMountDirs(),
    credentials: TOKEN,
    denied: ["mountDirs", "tokenState"],
    base: PLATFORM,
  },
  tokenState: {
    use: (client) => client.listMountDirs(),
    denied: ["mountDirs", "tokenState"],
    base: PLATFORM,
  },
  center: { use: (client) => client.listMountDirs(), base: PLATFORM },
  user: { use: (client) => client.getUser(), base: PLATFORM },
  create: { use: (client) => client.createTask(ORDER) },
  list: { use: (client) => client.listTasks() },
  listWithBody: { use: (client) => client.listTasks(), missing: ["list"] },
  detail: { use: (client) => client.getTask("a") },
  url: { use: (client) => client.getTaskUrl("a") },
  restart: { use: (client) => client.restartTask("a") },
  stop: { use: (client) => client.stopTask("a") },
  delete: { use: (client) => client.deleteTask("a") },
  executeScript: { use: (client) => client.executeScript("a", "ls", "all") },
  resize: { use: (client) => client.resizeTask("a", { cpuCores: 1, acceleratorCount: 0, ramMib: 1 }) },
  resourceGroups: { use: (client) => client.listResourceGroups() },
  limits: { use: (client) => client.getLimits("gpu", "g") },
  mountDirs: { use: (client) => client.listMountDirs() },
  images: { use: (client) => client.listImages({}) },
  imagesWithBody: { use: (client) => client.listImages({}), missing: ["images"] },
};

test.each(ENDPOINT_NAMES)("the path of %s can be another", async (name) => {
  const { use, credentials = ACCOUNT, missing, denied, base = "https://ai.example/ai" } = cases[name];
  const { client, sent } = otherSite(credentials, missing, denied);
  await use(client);
  const urls = sent.map(({ url }) => url.split("?")[0]);
  const id = ["detail", "url"].includes(name) ? "a" : "";
  expect(urls).toContain(`${base}/x/${name}/${id}`);
  expect(urls.every((url) => url?.includes("/x/"))).toBe(true);
});

test.each([
  ["https://ai.example", "https://ai.example/ai/openapi/v2/instance-service/task/list"],
  ["https://ai.example/", "https://ai.example/ai/openapi/v2/instance-service/task/list"],
  ["https://ai.example/ai", "https://ai.example/ai/openapi/v2/instance-service/task/list"],
  ["https://ai.example/ai/", "https://ai.example/ai/openapi/v2/instance-service/task/list"],
  [
    "https://ai.example:65051/r/7/ai",
    "https://ai.example:65051/r/7/ai/openapi/v2/instance-service/task/list",
  ],
  ["https://ai.example/mai", "https://ai.example/mai/ai/openapi/v2/instance-service/task/list"],
])("base %s", async (serviceUrl, wanted) => {
  for (const given of [true, false]) {
    const sent: string[] = [];
    const client = createContainerClient({
      loginEndpoint: "https://login.example",
      endpoint: "https://platform.example",
      ...(given && { serviceUrl }),
      credentials: TOKEN,
      effects: {
        clock: new RestlessClock(),
        random: countingRandom(),
        send: async ({ url }) => {
          sent.push(url.split("?")[0] ?? "");
          const aiUrls = [
            { enable: "false", url: "https://off.example/ai" },
            { enable: "true", url: serviceUrl },
          ];
          return reply({ code: "0", data: url.endsWith("/center") ? { aiUrls } : [] });
        },
      },
    });
    await client.listTasks();
    expect(sent.at(-1)).toBe(wanted);
    expect(sent).toHaveLength(given ? 1 : 2);
  }
});

test("paths that can't be, and names that there are not, are refused at once", () => {
  const open = (paths: Record<string, string>) => () =>
    createContainerClient({
      loginEndpoint: "https://login.example",
      endpoint: "https://platform.example",
      paths,
      credentials: TOKEN,
      effects: { clock: new RestlessClock(), random: countingRandom(), send: async () => reply({}) },
    });
  expect(open({ liste: "/x" })).toThrow(
    'could not use containerPaths: there is no endpoint "liste"; there are login, passwordLogin,',
  );
  for (const path of ["x", "/x?y", "/x#y", "/ä", ""])
    expect(open({ list: path })).toThrow('"list" must be a path that begins with /, without ? or #');
});

test("a region whose service is switched off", async () => {
  const { client } = otherSite(ACCOUNT);
  const off = createContainerClient({
    loginEndpoint: "https://login.example",
    endpoint: "https://platform.example",
    credentials: TOKEN,
    effects: {
      clock: new RestlessClock(),
      random: countingRandom(),
      send: async () =>
        reply({ code: "0", data: { aiUrls: [{ enable: "false", url: "https://a.example/ai" }] } }),
    },
  });
  expect(await client.listTasks()).toEqual([]);
  expect((await failureOf(off.listTasks())).message).toBe(
    "could not find the container service of region default: the platform lists none that is switched on; choose another region, or set containerUrl",
  );
});
