/** The debug log: useful, and without anything that nobody may know. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { withDebugLog } from "../../provider/api/debug-log";
import type { HttpRequest, Send } from "../../provider/core/effects";
import { TransportError } from "../../provider/core/effects";
import { debugged } from "../../provider/hosts/debug";
import { ok, refusal, reply, TestClock } from "../api/fakes";
import { temporaryFolder } from "../engine/temporary";

const folder = temporaryFolder();

const REQUEST: HttpRequest = {
  method: "POST",
  url: "http://127.0.0.1:5002/api/v1/tasks/start?token=canary-of-the-query",
  headers: { token: "canary-of-a-header" },
  body: '{"session_id":"canary-of-the-body"}',
  deadlineMs: 40_000,
  freshConnection: true,
  attempt: 2,
};

const logged = async (send: Send, request = REQUEST): Promise<Record<string, unknown>> => {
  const clock = new TestClock();
  const lines: string[] = [];
  const wire = withDebugLog(
    async (given) => {
      clock.advance(1_234);
      return send(given);
    },
    {
      clock,
      write: (line) => lines.push(line),
      redact: (text) => text.replaceAll("s3cret-path", "[secret]"),
    },
  );
  await wire(request).catch(() => undefined);
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toMatch(/canary|\n/);
  return JSON.parse(lines[0] ?? "") as Record<string, unknown>;
};

test("a line says method, path, attempt, status, the node's code and the time that it took", async () => {
  expect(await logged(async () => refusal(-3, "canary-of-an-answer"))).toEqual({
    time: "1970-01-01T00:00:00.000Z",
    method: "POST",
    host: "127.0.0.1:5002",
    path: "/api/v1/tasks/start",
    attempt: 2,
    status: 200,
    code: -3,
    bytes: 46,
    ms: 1_234,
  });
});

test.each([
  ["a deadline", new TransportError("canary", true, "deadline"), { fault: "deadline", sent: true }],
  ["no connection", new TransportError("canary", false), { fault: "no-connection", sent: false }],
  ["a mistake of ours", new Error("canary"), { fault: "unexpected", sent: true }],
])("%s is told in our own words", async (_name, error, told) => {
  const line = await logged(() => Promise.reject(error));
  expect(line).toMatchObject({ ...told, ms: 1_234 });
  expect(line).not.toHaveProperty("status");
});

test.each([
  ["a page", reply("<html>canary</html>", 502)],
  ["a code that is text", reply({ code: "canary" })],
  ["a code beyond all numbers", reply('{"errcode":1e400}')],
  ["nothing", reply("")],
  ["a list", reply("[]")],
])("%s has no code", async (_name, answer) => {
  expect(await logged(async () => answer)).not.toHaveProperty("code");
});

test("a path is shown without secrets, control characters and colours", async () => {
  const url = "http://127.0.0.1:5002/s3cret-path/%3C%7B%25x%25%7D%3E\u001b[2J/";
  expect((await logged(async () => ok("ok"), { ...REQUEST, url })).path).toBe(
    "/[secret]/%3C%7B%25x%25%7D%3E%1B[2J/",
  );
});

describe("DBC_DEBUG", () => {
  const send: Send = async () => ok("ok");
  const with_ = (env: Readonly<Record<string, string>>, config: Readonly<Record<string, string>> = {}) =>
    debugged(send, { env, config: (key) => config[key] });

  test.each(["", "0", "false"])('as "%s" changes nothing', (value) => {
    expect(with_({ DBC_DEBUG: value })).toBe(send);
  });

  test("as a path appends to a file of its owner's alone, without the secrets of any source", async () => {
    const file = join(folder, "debug.jsonl");
    const wire = with_(
      { DBC_DEBUG: file, DBC_SESSION_ID: "from-the-environment" },
      { "dbc:walletSeed": "from-the-config" },
    );
    await wire({ ...REQUEST, url: "http://127.0.0.1:5002/from-the-environment" });
    await wire({ ...REQUEST, url: "http://127.0.0.1:5002/from-the-config" });
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { readonly path: string }).path)).toEqual([
      "/[secret]",
      "/[secret]",
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("as a path that can't be written to is told of once, and stops nothing", async () => {
    const told: string[] = [];
    const write = jest
      .spyOn(process.stderr, "write")
      .mockImplementation((text) => told.push(String(text)) > 0);
    try {
      const wire = with_({ DBC_DEBUG: join(folder, "no", "such", "folder") });
      expect(await wire(REQUEST)).toMatchObject({ status: 200 });
      expect(await wire(REQUEST)).toMatchObject({ status: 200 });
    } finally {
      write.mockRestore();
    }
    expect(told).toEqual([
      "pulumi-dbc: DBC_DEBUG names a file that can't be written to; requests are not logged.\n",
    ]);
  });

  test.each(["1", "true"])('as "%s" writes to stderr', async (value) => {
    const told: string[] = [];
    const write = jest
      .spyOn(process.stderr, "write")
      .mockImplementation((text) => told.push(String(text)) > 0);
    try {
      await with_({ DBC_DEBUG: value })(REQUEST);
    } finally {
      write.mockRestore();
    }
    expect(told).toEqual([expect.stringMatching(/^\{"time":".*"path":"\/api\/v1\/tasks\/start".*\}\n$/)]);
  });
});
