import { RawPlatform } from "./raw";

let platform: RawPlatform;
beforeEach(async () => {
  platform = await RawPlatform.start();
});
afterEach(() => platform.close());

const TASK = "/instance-service/task";
const create = (body: unknown) => platform.call("POST", TASK, { body });
const statuses = async (...ids: string[]) =>
  Promise.all(ids.map(async (id) => (await platform.detail(id)).status));

test("codes are text with HTTP 200; switches make them numbers, or give them an HTTP status; words of success vary", async () => {
  const list = () => platform.call("GET", `${TASK}/list`, { query: "limit=20&sort=desc" });
  const words = new Set<unknown>();
  for (let n = 0; n < 20; n++) words.add((await list()).body.msg);
  expect([...words].sort()).toEqual(["SUCCESS", "success", "操作成功"].sort());
  expect(await create({})).toMatchObject({ status: 200, body: { code: "10003" } });
  Object.assign(platform.simulator.world.switches, { errorStatus: 400, numericCodes: true });
  expect(await create({})).toMatchObject({ status: 400, body: { code: 10_003 } });
  expect(await list()).toMatchObject({ status: 200, body: { code: 0 } });
});

test("detail: nothing of a run until it runs, in the words and types of the page", async () => {
  const id = await platform.create({ timeoutLimit: "360:00:00" });
  const idle = {
    startTime: null,
    endTime: null,
    duration: "--",
    remainingTime: "--",
    headerNotebookIp: null,
  };
  expect(await platform.detail(id)).toMatchObject({
    ...idle,
    id,
    status: "Waiting",
    resourceSpec: "CPU:3核; 加速器:1卡; 内存:15.0G",
    createTime: "2026-01-01 20:00:00",
    tensorboardId: null,
    startScriptPath: null,
    taskNumber: 1,
  });
  expect((await platform.call("GET", `/instance-service/${id}/url`)).body).toMatchObject({ data: null });
  await platform.clock.advance(60_000);
  const first = await platform.detail(id);
  expect(first).toMatchObject({
    status: "Running",
    startTime: "2026-01-01 20:01:00",
    remainingTime: "15d 0h 0m",
    containerPortInfoList: [{ accessUrl: expect.stringContaining("?token=sothisai_") }],
  });
  const { body } = await platform.call("GET", `/instance-service/${id}/url`);
  expect(body.data).toMatch(
    new RegExp(`/jupyter-forward/${String(first.headerNotebookId)}/\\?token=sothisai_\\w+$`),
  );
  await platform.call("POST", `${TASK}/actions/stop`, { query: `ids=${id}` });
  expect(await platform.detail(id)).toMatchObject({ status: "Terminated", remainingTime: "--" });
  const restarted = await platform.call("POST", `${TASK}/actions/restart`, {
    query: `instanceServiceId=${id}`,
  });
  expect(restarted.body.data).not.toBe(id);
  await platform.clock.advance(60_000);
  const second = await platform.detail(id);
  expect(second.headerNotebookId).not.toBe(first.headerNotebookId);
  expect(second.headerNotebookIp).not.toBe(first.headerNotebookIp);
});

test("a task waits, is set up, runs, and is stopped by its limit, ends by itself, or fails", async () => {
  const limited = await platform.create({ timeoutLimit: "00:10:00" });
  const complete = await platform.create({
    instanceServiceName: "fault-complete-300",
    resourceGroup: "TeslaM40",
  });
  const failing = await platform.create({ instanceServiceName: "fault-fail" });
  const all = () => statuses(limited, complete, failing);
  expect(await all()).toEqual(["Waiting", "Waiting", "Waiting"]);
  await platform.clock.advance(30_000);
  expect(await all()).toEqual(["Deploying", "Deploying", "Deploying"]);
  await platform.clock.advance(30_000);
  expect(await all()).toEqual(["Running", "Running", "Failed"]);
  await platform.clock.advance(300_000);
  expect(await all()).toEqual(["Running", "Completed", "Failed"]);
  await platform.clock.advance(300_000);
  expect(await all()).toEqual(["Terminated", "Completed", "Failed"]);
});

test("a group that is full queues, first in, first out; whoever is stopped gives its place up", async () => {
  const big = { gpuNumber: 4 };
  const [one, two, three] = [
    await platform.create(big),
    await platform.create(big),
    await platform.create(big),
  ];
  const small = await platform.create();
  await platform.clock.advance(120_000);
  expect(await statuses(one, two, three, small)).toEqual(["Running", "Running", "Waiting", "Waiting"]);
  await platform.call("POST", `${TASK}/actions/stop`, { query: `ids=${three}` });
  await platform.call("POST", `${TASK}/actions/stop`, { query: `ids=${one}` });
  await platform.clock.advance(60_000);
  expect(await statuses(one, two, three, small)).toEqual(["Terminated", "Running", "Terminated", "Running"]);
});

test("stop and delete take several ids; a delete of one that is active is refused, or forced by a switch", async () => {
  const ids = [await platform.create(), await platform.create()];
  const query = ids.map((id) => `ids=${id}`).join("&");
  expect((await platform.call("DELETE", TASK, { query })).body).toMatchObject({ code: "716866" });
  await platform.call("POST", `${TASK}/actions/stop`, { query });
  expect(await statuses(...ids)).toEqual(["Terminated", "Terminated"]);
  expect((await platform.call("DELETE", TASK, { query })).body).toMatchObject({ code: "0", data: null });
  await platform.clock.advance(5_000);
  expect(platform.simulator.tasks).toEqual([]);
  const running = await platform.create();
  platform.simulator.world.switches.deletePolicy = "force";
  expect((await platform.call("DELETE", TASK, { query: `ids=${running}` })).body).toMatchObject({
    code: "0",
  });
});

test("the size changes only while nothing runs, a script runs only while something does", async () => {
  const id = await platform.create();
  const size = { id, cpuNumber: 8, gpuNumber: 2, ramSize: 1_024 };
  const script = { id, startScriptActionScope: "header", startScriptContent: "ls\n" };
  const resize = () =>
    platform.call("POST", "/instance-service/resource-spec/actions/update", { body: size });
  const run = (change = {}) =>
    platform.call("POST", `${TASK}/actions/execute-script`, { body: { ...script, ...change } });
  expect((await resize()).body).toMatchObject({ code: "10004" });
  expect((await run()).body).toMatchObject({ code: "716864" });
  await platform.clock.advance(60_000);
  expect((await run()).body).toMatchObject({ code: "0", data: null });
  expect((await run({ id: [id] })).body).toMatchObject({ code: "716870" });
  await platform.call("POST", `${TASK}/actions/stop`, { query: `ids=${id}` });
  expect((await resize()).body).toMatchObject({ code: "0" });
  expect(await platform.detail(id)).toMatchObject({
    cpuNumber: 8,
    gpuNumber: 2,
    ramSize: 1_024,
    status: "Terminated",
  });
});

test.each([
  ["query parameters", `${TASK}/list`, "query"],
  ["query parameters on the documented path", TASK, "task-query"],
  ["a body in a GET", TASK, "body"],
] as const)("lists by %s: filters, order, pages", async (_how, path, style) => {
  platform.simulator.world.switches.listStyles = [style];
  for (const name of ["a-1", "b-1", "b-2"]) {
    await platform.create({ instanceServiceName: name });
    await platform.clock.advance(1_000);
  }
  const list = async (asked: Readonly<Record<string, string | number>>) => {
    const answer = await platform.call(
      "GET",
      path,
      style === "body"
        ? { body: asked, headers: { "content-type": "application/json" } }
        : {
            query: new URLSearchParams(
              Object.entries(asked).map(([k, v]): [string, string] => [k, String(v)]),
            ).toString(),
          },
    );
    const { data } = answer.body.data as { data: { instanceServiceName: string }[] };
    return data.map(({ instanceServiceName }) => instanceServiceName);
  };
  expect(await list({ limit: 20, sort: "desc" })).toEqual(["b-2", "b-1", "a-1"]);
  expect(await list({ limit: 1, start: 1, sort: "asc" })).toEqual(["b-1"]);
  expect(await list({ limit: 20, sort: "DESC", instanceServiceName: "b" })).toEqual(["b-2", "b-1"]);
  expect(await list({ limit: 20, sort: "desc", status: "Running" })).toEqual([]);
  expect((await platform.call("GET", path, { query: "limit=20" })).body.code).not.toBe("0");
});

test("one catalogue: groups by type, limits, directories, images in both calls", async () => {
  const groups = await platform.call("GET", "/instance-service/resource-group");
  expect(groups.body.data).toEqual({
    gpu: [{ name: "TeslaM40" }],
    dcu: [{ name: "kshdtest" }],
    mlu: [],
    cpu: [{ name: "cpuonly" }],
  });
  const limits = (query: string) => platform.call("GET", "/instance-service/resources", { query });
  expect((await limits("acceleratorType=gpu&resourceGroup=TeslaM40")).body.data).toMatchObject({
    id: null,
    nvLimits: 0,
    gpuNumber: 4,
    memorySize: 131_072,
    maxTime: "unlimited",
  });
  expect((await limits("acceleratorType=gpu")).body).toMatchObject({ code: "10003" });
  expect((await platform.call("GET", "/instance-service/allowed-mount-dir")).body.data).toHaveLength(2);
  const asked = { access: "public", orderBy: "create_time", sort: "DESC", start: 0, limit: 2 };
  const images = await platform.call("POST", "/image/images", { body: asked });
  expect(images.body.data).toMatchObject({ data: [{ imageSize: "6442450944" }, {}], total: 6 });
  platform.simulator.world.switches.imagesWithBody = true;
  const older = await platform.call("GET", "/instance-service/images", {
    body: { acceleratorType: "dcu", imageType: "JupyterLab" },
  });
  expect(older.body.data).toMatchObject({ data: [{ version: "jupyter:4.4-py3.7-dcu" }] });
  expect((await platform.call("POST", "/image/images", { body: asked })).status).toBe(404);
});

test("of an id that is not there it says what the switch says", async () => {
  const ask = () => platform.call("GET", `/instance-service/${"0".repeat(32)}/detail`);
  expect((await ask()).body).toMatchObject({ code: "10004" });
  platform.simulator.world.switches.unknownId = "null";
  expect((await ask()).body).toMatchObject({ code: "0", data: null });
  platform.simulator.world.switches.unknownId = "404";
  expect((await ask()).status).toBe(404);
});
