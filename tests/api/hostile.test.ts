/// <reference types="jest" />
/** A remote system that answers anything at all, and a caller that passes anything at all. */
import { inspect } from "node:util";
import * as fc from "fast-check";
import type { Credentials, DbcClient } from "../../provider/api/dbc/types";
import { type HttpReply, type HttpRequest, TransportError } from "../../provider/core/effects";
import { RemoteError } from "../../provider/core/errors";
import { CALL_NAMES, CALLS, clientOf, NEW_TASK, NODE, ok, reply, SESSION, TASK } from "./fakes";

// Thousands of runs: the machine may be busy.
jest.setTimeout(600_000);

const PASSWORD = "canaryPassword/+=1"; // of CALLS.setPassword
const secretsOf = (credentials: Credentials): string[] =>
  credentials.kind === "session"
    ? Object.values(credentials.sessions).flatMap((pair) => [pair.sessionId, pair.sessionSign])
    : credentials.kind === "wallet"
      ? [credentials.seed]
      : [...credentials.seeds];

/** What a call ended with; the test fails if anything but a RemoteError came out. */
const endOf = async (call: Promise<unknown>): Promise<RemoteError | undefined> => {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (!(error instanceof RemoteError)) throw new Error(`not a RemoteError: ${inspect(error)}`);
    return error;
  }
};

/** All that anybody could get out of an error. */
const allOf = (error: RemoteError): string =>
  [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), error.stack, error.said].join("\n");

// biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|<\{%/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
const BREAKS_JSON = /["\\\u0000-\u001f]/;

const session = secretsOf(SESSION);
const planted = fc.constantFrom(
  ...session,
  ...session.map((secret) => Buffer.from(secret).toString("base64")),
  ...session.map((secret) => Buffer.from(secret).toString("hex")),
);
const words = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.constantFrom(
    "task not exist",
    "task_id not exist",
    "ok",
    "list task timeout",
    "check authority failed: ",
    "task is ",
    "<{%x%}>\u001b[2J",
  ),
  planted,
);
const text = fc.array(words, { maxLength: 4 }).map((parts) => parts.join(""));
const code = fc.oneof(
  fc.constantFrom(0, 1, -1, -3, -25, -32600, -32601, -32701),
  fc.integer(),
  fc.double(),
  fc.string(),
  fc.constant(null),
);
const task = fc.record(
  {
    task_id: fc.oneof(fc.constant(TASK), fc.constant(NEW_TASK.taskId), text),
    create_time: text,
    desc: text,
    status: fc.oneof(fc.constant("running"), text, fc.integer()),
    cpu_cores: fc.oneof(fc.integer(), text),
    gpu_count: fc.oneof(fc.nat(), fc.nat().map(String)),
    mem_size: fc.oneof(fc.constant("7.81G"), text),
    ssh_port: fc.oneof(fc.nat(99_999).map(String), text),
    disks: fc.oneof(fc.array(fc.record({ name: text, size: text, source_file: text })), text),
  },
  { requiredKeys: [] },
);
const message = fc.oneof(text, task, fc.array(task, { maxLength: 3 }), fc.jsonValue({ maxDepth: 6 }));
const body = fc.oneof(
  { weight: 6, arbitrary: fc.record({ errcode: code, message }).map((envelope) => JSON.stringify(envelope)) },
  { weight: 1, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: text },
  { weight: 1, arbitrary: text.map((inner) => `<HTML>${inner}</HTML>`) },
);
const answer = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      status: fc.constantFrom(200, 200, 200, 204, 302, 400, 401, 403, 404, 429, 500, 502, 503),
      headers: fc.dictionary(fc.constantFrom("location", "retry-after", "x"), text),
      body,
    }),
  },
  { weight: 1, arbitrary: fc.tuple(text, fc.boolean()) },
);

const OUTCOMES = new Set([
  "not-sent",
  "refused",
  "unknown",
  "not-found",
  "unavailable",
  "unauthorised",
  "rental-over",
]);

test("whatever is answered, only a RemoteError comes out, without our secrets, fit for a terminal", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...CALL_NAMES), answer, async (name, what) => {
      const send = async (): Promise<HttpReply> => {
        if (Array.isArray(what)) throw new TransportError(what[0], what[1]);
        return what;
      };
      const { call, write } = CALLS[name];
      const error = await endOf(call(clientOf(send)));
      if (error === undefined) return;
      for (const secret of [...session, PASSWORD]) expect(allOf(error)).not.toContain(secret);
      expect(OUTCOMES).toContain(error.outcome);
      if (!write) expect(error.outcome).not.toBe("unknown");
      expect(error.message).not.toMatch(UNPRINTABLE);
      expect(error.said).not.toMatch(UNPRINTABLE);
      expect(error.message.length).toBeLessThanOrEqual(500);
    }),
    { numRuns: 2000, seed: 5002 },
  );
});

/** Everything that was sent, in the ways in which a careless server repeats it. */
const echoes = (request: HttpRequest): string[] => [
  request.body,
  JSON.stringify(request.body),
  encodeURIComponent(request.body),
  Buffer.from(request.body).toString("base64"),
  Buffer.from(request.body).toString("hex"),
  ...Object.values(JSON.parse(request.body) as Record<string, unknown>).map((value) =>
    typeof value === "string" ? value : JSON.stringify(value),
  ),
];

const SEED = "e5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a";
const FORMS: readonly (readonly [string, Credentials])[] = [
  ["a session", SESSION],
  ["a wallet", { kind: "wallet", seed: `0x${SEED}` }],
  [
    "a multisignature account",
    {
      kind: "multisig",
      wallets: ["5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"],
      threshold: 1,
      seeds: [SEED],
    },
  ],
];

test.each(FORMS)(
  "a server that repeats what was sent, in any form, does not make %s known",
  async (_, credentials) => {
    const signs = new Set<string>();
    const remember = (request: HttpRequest): void => {
      for (const [, sign] of request.body.matchAll(/"(?:session_id_)?sign":"([^"]+)"/g))
        if (sign) signs.add(sign);
    };
    for (const at of echoes({ body: '{"a":"b","c":1,"d":2,"e":3,"f":4}' } as HttpRequest).keys())
      for (const refusesSession of [true, false]) {
        const send = async (request: HttpRequest): Promise<HttpReply> => {
          remember(request);
          if (!refusesSession && request.url.endsWith("/session_id"))
            return ok({ session_id: "canarySessionId2222" });
          return reply({ errcode: 1, message: `odd: ${echoes(request)[at]}` });
        };
        const error = await endOf(CALLS.setPassword.call(clientOf(send, { credentials })));
        const all = error === undefined ? "" : allOf(error);
        expect(all).toContain("odd: ");
        for (const secret of [...secretsOf(credentials), SEED, PASSWORD, "canarySessionId2222", ...signs]) {
          expect(all).not.toContain(secret);
          expect(all).not.toContain(Buffer.from(secret).toString("hex"));
          expect(all).not.toContain(encodeURIComponent(secret));
        }
      }
    expect(signs.size).toBeGreaterThan(0);
  },
);

test.each([
  ["a seed with a path", `0x${SEED}//canary`, [SEED, `0x${SEED}`, `0x${SEED}//canary`]],
  [
    "a mnemonic with a path",
    "bottom drive obey lake curtain smoke basket hold race lonely fit walk//Alice",
    ["bottom drive obey lake curtain smoke basket hold race lonely fit walk"],
  ],
])("%s is not shown even if a server knows it from elsewhere", async (_, seed, parts) => {
  for (const part of parts) {
    const send = async (): Promise<HttpReply> => reply({ errcode: 1, message: `odd: <${part}>` });
    const error = await endOf(clientOf(send, { credentials: { kind: "wallet", seed } }).listTasks(NODE));
    expect(error?.said).toMatch(/^odd: <\[secret\]/);
    expect(error && allOf(error)).not.toContain(parts[0]);
  }
});

describe("a caller that passes anything", () => {
  const anything = fc.oneof(
    fc.anything(),
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      null,
      undefined,
      NODE,
      TASK,
      NODE.toUpperCase(),
      "vdb",
      "office1",
      1,
      5900,
      "../x",
      "a?b",
      ["tcp,80"],
    ),
  );
  const fields = [
    "taskId",
    "image",
    "os",
    "bios",
    "description",
    "gpuCount",
    "cpuCores",
    "memoryGib",
    "diskGib",
    "sshPort",
    "rdpPort",
    "vncPort",
    "publicIp",
    "customPorts",
    "dataFile",
    "networkName",
    "multicast",
    "networkFilters",
    "interfaceModel",
  ] as const;
  const oneChanged = fc
    .tuple(fc.constantFrom(...fields), anything)
    .map(([name, value]) => ({ ...NEW_TASK, [name]: value }));
  const methods: readonly (keyof DbcClient)[] = [
    "fingerprint",
    "session",
    "getNode",
    "listRentOrders",
    "listTasks",
    "getTask",
    "createTask",
    "startTask",
    "shutdownTask",
    "poweroffTask",
    "restartTask",
    "resetTask",
    "deleteTask",
    "modifyTask",
    "setPassword",
    "getTaskLogs",
    "listDisks",
    "growDisk",
    "getLan",
  ];
  const node = fc.oneof({ weight: 3, arbitrary: fc.constant(NODE) }, { weight: 1, arbitrary: anything });
  const id = fc.oneof({ weight: 3, arbitrary: fc.constant(TASK) }, { weight: 1, arbitrary: anything });

  /** The shape that the client node survives, and paths that stay where they belong. */
  const expectHarmless = (request: HttpRequest): void => {
    const path = request.url.replace("http://127.0.0.1:5002/api/v1", "");
    expect(path).toMatch(
      /^\/(mining_nodes(\/session_id)?|rent_orders|tasks(\/[a-z]+)?(\/[0-9A-Za-z]{1,64})?(\?[a-z_=0-9&]+)?|disk\/(list|resize)\/[0-9A-Za-z]{1,64}|lan\/[0-9A-Za-z]{6,10})$/,
    );
    const sent = JSON.parse(request.body) as {
      peer_nodes_list: unknown;
      additional: Record<string, unknown>;
    };
    expect(sent.peer_nodes_list).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    for (const [name, value] of Object.entries(sent.additional))
      if (name === "size") expect(Number.isSafeInteger(value)).toBe(true);
      else
        for (const part of Array.isArray(value) ? (value as unknown[]) : [value]) {
          expect(typeof part).toBe("string");
          expect(part).not.toMatch(BREAKS_JSON);
          expect(String(part).isWellFormed()).toBe(true);
        }
  };

  test("can't make the client send what ends a node's process, nor get anything but a RemoteError", async () => {
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...methods),
        node,
        id,
        fc.oneof(oneChanged, anything),
        anything,
        async (method, a, b, c, d) => {
          const send = async (request: HttpRequest): Promise<HttpReply> => {
            sent += 1;
            expectHarmless(request);
            return ok("ok");
          };
          const client = clientOf(send);
          const call = client[method] as (...args: readonly unknown[]) => Promise<unknown>;
          const args = method === "createTask" ? [a, c] : [a, b, c, d];
          const error = await endOf(call(...args));
          if (error) expect(error.message).not.toMatch(UNPRINTABLE);
        },
      ),
      { numRuns: 2000, seed: 5002 },
    );
    expect(sent).toBeGreaterThan(300);
  });
});
