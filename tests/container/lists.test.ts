import { failureOf, ORDER, type Platform, startPlatform } from "./platform";

let platform: Platform;
beforeEach(async () => {
  platform = await startPlatform();
});
afterEach(() => platform.close());

const switches = () => platform.simulator.world.switches;
const operations = () => platform.simulator.requests.map(({ operation }) => operation);

/** Puts `count` tasks into the world. */
const fill = async (count: number): Promise<void> => {
  await platform.run(platform.client().createTask(ORDER));
  const [first] = platform.simulator.tasks;
  for (let n = 1; first && n < count; n++)
    platform.simulator.world.tasks.push({ ...first, id: n.toString(16).padStart(32, "0"), name: `n-${n}` });
};

const names = async (client = platform.client()) =>
  (await platform.run(client.listTasks())).map(({ name }) => name);

test.each(["array", "data", "list", "records"] as const)(
  "all tasks, from pages in the shape of %s, with and without a total",
  async (listShape) => {
    await fill(45);
    const all = platform.simulator.tasks.map(({ name }) => name).sort();
    Object.assign(switches(), { listShape, pageCap: 20 });
    for (const listTotals of [true, false]) {
      switches().listTotals = listTotals;
      expect((await names()).sort()).toEqual(all);
    }
  },
);

test("a site whose cap is the page itself ends, also without a total", async () => {
  await fill(40);
  Object.assign(switches(), { listTotals: false, pageCap: 20, listShape: "records" });
  expect(await names()).toHaveLength(40);
  // the last page was full: one more question, which finds nothing
  expect(operations().filter((one) => one === "list")).toHaveLength(3);
});

test("the documented call, a GET with a body, is used where the other is not served, and remembered", async () => {
  await fill(3);
  switches().listStyles = ["body"];
  const client = platform.client();
  expect(await names(client)).toHaveLength(3);
  expect(await names(client)).toHaveLength(3);
  expect(operations().slice(-3)).toEqual(["list", "listWithBody", "listWithBody"]);
  expect(platform.simulator.requests.at(-1)?.body).toEqual({
    limit: 100,
    sort: "desc",
    start: 0,
    status: null,
    taskType: null,
    instanceServiceName: null,
  });
});

test("query parameters on the documented path, by an override of the path", async () => {
  await fill(3);
  switches().listStyles = ["task-query"];
  const paths = { list: "/ai/openapi/v2/instance-service/task" };
  expect(await names(platform.client({ paths }))).toHaveLength(3);
});

test("no style at all is told", async () => {
  switches().listStyles = [];
  expect(await failureOf(platform.run(platform.client().listTasks()))).toMatchObject({
    outcome: "refused",
    message: expect.stringContaining("it has other paths (setting containerPaths)"),
  });
});

test.each(["wrong-shape", "broken-json", "huge-body", "html-body", "redirect"] as const)(
  "a list that is %s is never an empty list",
  async (kind) => {
    await fill(1);
    platform.simulator.arm({ kind, operation: "list", times: null });
    expect(["unavailable", "refused"]).toContain(
      (await failureOf(platform.run(platform.client().listTasks()))).outcome,
    );
  },
);

test("images: the newer call, or the older where only that is served", async () => {
  const client = platform.client();
  const newer = await platform.run(client.listImages({ acceleratorType: "gpu", type: "JupyterLab" }));
  expect(newer).toEqual([
    {
      path: "10.0.35.26:5000/gpu/admin/base/jupyter:4.4-py3.7-gpu",
      version: "jupyter:4.4-py3.7-gpu",
      sizeBytes: 6_442_450_944,
    },
  ]);
  switches().imagesWithBody = true;
  expect(await platform.run(client.listImages({ acceleratorType: "gpu", type: "JupyterLab" }))).toEqual(
    newer,
  );
  expect(await platform.run(client.listImages({}))).toHaveLength(6);
});
