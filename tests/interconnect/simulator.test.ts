import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InterconnectRequest } from "../../provider/api/interconnect/types";
import { startSimulator } from "../../simulator";
import { startInterconnectSimulator } from "../../simulator/interconnect/simulator";
import { failure } from "../api/fakes";
import { InterconnectLab, TOKEN } from "./lab";

const ask: InterconnectRequest = {
  source: "pulumi-dbc",
  sessionIdentifier: "s-1",
  data: { userID: "alice" },
};

let lab: InterconnectLab;
const open = async (mode: "seed" | "strict" | "draft") => {
  lab = await InterconnectLab.open({ switches: { mode } });
};
afterEach(() => lab.close());

const raw = async (
  path: string,
  { method = "POST", token = TOKEN, body = "{}", type = "application/json" } = {},
) => {
  const reply = await fetch(`${lab.simulator.url}${path}`, {
    method,
    headers: { ...(token && { token }), "content-type": type },
    redirect: "manual",
    ...(method === "POST" && { body }),
  });
  const text = await reply.text();
  return { status: reply.status, location: reply.headers.get("location"), text };
};

const QUERY = "/api/v1/query_computing_resources/";
const PATH = "/api/v1/task_path/";

describe("seed", () => {
  beforeEach(() => open("seed"));

  test("takes what the document calls optional, writes a row and answers nothing", async () => {
    expect(await raw(QUERY)).toMatchObject({ status: 200, text: '{"code":0,"message":"ok","data":{}}' });
    expect(await lab.run(lab.client().send("taskPath", { ...ask, sessionIdentifier: "" }))).toMatchObject({
      raw: {},
    });
    expect(lab.simulator.journal).toEqual([
      expect.objectContaining({
        number: 1,
        call: "computingResourceQuery",
        source: null,
        session_identifier: null,
        data: null,
      }),
      {
        number: 2,
        time: "2026-01-01T12:00:00.000Z",
        call: "taskPath",
        source: "pulumi-dbc",
        session_identifier: "",
        data: { userID: "alice" },
      },
    ]);
  });

  test.each([
    [
      "no token",
      QUERY,
      { token: "" },
      '{"code":401,"message":"Authentication credentials were not provided.",',
    ],
    ["a wrong token", QUERY, { token: "x" }, '{"code":401,"message":"Invalid token.","data":{}}'],
    ["another method", QUERY, { method: "GET" }, '{"code":405,"message":"Method \\"GET\\" not allowed.",'],
    ["no JSON", QUERY, { body: "{" }, '{"code":400,"message":"JSON parse error","data":{}}'],
    ["a form", QUERY, { type: "text/plain" }, '{"code":415,'],
    ["a list", QUERY, { body: "[]" }, '{"code":400,"message":"Invalid data. Expected a dictionary.",'],
    ["a number for data", QUERY, { body: '{"data":1}' }, "data: Expected a dictionary of items."],
    ["another page", "/api/v1/", {}, "<h1>404</h1>"],
  ])("refuses %s and writes no row", async (_name, path, how, words) => {
    expect((await raw(path, how)).text).toContain(words);
    expect(lab.simulator.journal).toEqual([]);
  });

  test("sends a path without its last slash to the one that has it", async () => {
    expect(await raw(PATH.slice(0, -1))).toMatchObject({
      status: 301,
      location: `${lab.simulator.url}${PATH}`,
    });
    expect(lab.simulator.journal).toEqual([]);
    const error = await failure(
      lab.run(lab.client({ paths: { taskPath: PATH.slice(0, -1) } }).send("taskPath", ask)),
    );
    expect(error).toMatchObject({
      outcome: "refused",
      message: expect.stringContaining("every path ends in a slash"),
    });
  });

  test("refusals bear their code as status, and codes are text, where switches say so", async () => {
    await lab.simulator.commands.switches?.({ errorStatus: true, textCodes: true });
    expect(await raw(QUERY, { token: "x" })).toMatchObject({
      status: 401,
      text: '{"code":"401","message":"Invalid token.","data":{}}',
    });
    expect(await lab.run(lab.client().send("taskPath", ask))).toMatchObject({ raw: {} });
    expect(await failure(lab.run(lab.client({ token: "x" }).send("taskPath", ask)))).toMatchObject({
      outcome: "unauthorised",
    });
  });

  test("its journal can be read and cleared at the control endpoint, which counts for nothing", async () => {
    await lab.run(lab.client().send("taskPath", ask));
    await lab.run(lab.client().send("computingResourceQuery", ask));
    const read = async () =>
      JSON.parse((await raw("/_control/journal", { body: '{"call":"taskPath"}' })).text);
    expect(await read()).toEqual({
      rows: [expect.objectContaining({ call: "taskPath", source: "pulumi-dbc" })],
    });
    await raw("/_control/clear-journal");
    expect(await read()).toEqual({ rows: [] });
    expect(lab.simulator.requests.map(({ operation, write, code }) => [operation, write, code])).toEqual([
      ["taskPath", true, "0"],
      ["computingResourceQuery", true, "0"],
    ]);
  });
});

describe("strict", () => {
  beforeEach(() => open("strict"));

  test.each([
    ["blank", { ...ask, sessionIdentifier: " " }, "session_identifier: This field may not be blank."],
    ["empty", { ...ask, source: "" }, "source: This field may not be blank."],
  ])("refuses a %s text and writes no row", async (_name, request, words) => {
    const error = await failure(lab.run(lab.client().send("taskPath", request)));
    expect(error).toMatchObject({ outcome: "refused", message: expect.stringContaining(words) });
    expect(lab.simulator.journal).toEqual([]);
  });

  test("wants every member", async () => {
    expect((await raw(PATH)).text).toBe(
      '{"code":400,"message":"source: This field is required. session_identifier: This field is required. data: This field is required.","data":{}}',
    );
    const long = JSON.stringify({ source: "x".repeat(256), session_identifier: "s", data: {} });
    expect((await raw(PATH, { body: long })).text).toContain("no more than 255 characters");
  });

  test("every call adds a row, also one that was made before", async () => {
    const client = lab.client();
    expect(await lab.run(client.send("taskPath", { ...ask, data: {} }))).toMatchObject({ raw: {} });
    await lab.run(client.send("taskPath", { ...ask, data: {} }));
    expect(lab.simulator.journal.map(({ number }) => number)).toEqual([1, 2]);
  });
});

describe("draft", () => {
  beforeEach(() => open("draft"));

  test("tells where something is, in pages", async () => {
    const client = lab.client();
    const found = await lab.run(
      client.send("computingResourceQuery", {
        ...ask,
        data: { gpu_model: "TeslaM40", page: 2, page_size: 1 },
      }),
    );
    expect(found.raw).toMatchObject({ count: 2 });
    expect(found.results).toEqual([
      expect.objectContaining({ region: "北京", availabilityZone: "北京-a", organization: "中科曙光" }),
    ]);
  });

  test("makes a task of a template, and an address of a path", async () => {
    const client = lab.client();
    const task = await lab.run(
      client.send("taskTemplateSubmission", { ...ask, data: { gpu_model: "TeslaM40", gpu_available: 5 } }),
    );
    expect(task).toMatchObject({
      taskId: 1,
      results: [{ id: 3, gpuAvailable: 8, networkDelay: "5ms", networkIsixp: true, price: 20 }],
    });
    const path = await lab.run(
      client.send("taskPath", { ...ask, data: { task_id: 1, computing_resource_id: "3", result: true } }),
    );
    expect(path.computingResourceUrl).toMatch(
      /^https:\/\/compute\.example\/tasks\/1\/3\/\?token=[0-9a-f]{32}$/,
    );
    expect(lab.simulator.world.tasks).toEqual([{ id: 1, row: 1, chosen: 3, result: true }]);
  });

  test.each([
    [{ task_id: 9, computing_resource_id: 1, result: true }, "task 9 not found"],
    [
      { computing_resource_id: 1, result: 1 },
      "task_id: This field is required. result: Must be a valid boolean.",
    ],
  ])("refuses %j and writes no row", async (data, words) => {
    const error = await failure(lab.run(lab.client().send("taskPath", { ...ask, data })));
    expect(error).toMatchObject({ outcome: "refused", message: expect.stringContaining(words) });
    expect(lab.simulator.journal).toEqual([]);
  });
});

test("its rows survive its end", async () => {
  await open("seed");
  const folder = mkdtempSync(join(tmpdir(), "interconnect-"));
  try {
    const options = { stateFile: join(folder, "world.json") };
    const first = await startInterconnectSimulator(options);
    await fetch(`${first.url}${QUERY}`, { method: "POST", headers: { token: TOKEN } });
    await first.close();
    const second = await startInterconnectSimulator(options);
    expect(second.journal).toEqual([expect.objectContaining({ number: 1, call: "computingResourceQuery" })]);
    await second.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("is served beside the simulated node, on one address and clock, in the mode that answers", async () => {
  await open("seed");
  const simulator = await startSimulator({ clock: lab.clock });
  try {
    const endpoint = `${simulator.url}/interconnect`;
    const task = await lab.run(lab.client({ endpoint }).send("taskTemplateSubmission", ask));
    expect(task).toMatchObject({ taskId: 1, results: [{ id: 1 }, { id: 2 }, { id: 3 }] });
    expect(simulator.interconnect.journal).toEqual([
      expect.objectContaining({ call: "taskTemplateSubmission", time: "2026-01-01T12:00:00.000Z" }),
    ]);
    expect(lab.simulator.journal).toEqual([]);
  } finally {
    await simulator.close();
  }
});
