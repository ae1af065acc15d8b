/** 10,000 answers that a hostile node might give: what a lifecycle makes of each is fit for the engine, or an error. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { createDbcClient } from "../../provider/api/dbc/client";
import { checkFields } from "../../provider/core/check";
import type { HttpReply } from "../../provider/core/effects";
import { UserError } from "../../provider/core/errors";
import * as lifecycle from "../../provider/core/lifecycle";
import { type Context, type Definition, PartialState, type Shape } from "../../provider/core/resource";
import { Site } from "../../provider/resources/site";
import { vm, vmShape } from "../../provider/resources/vm";
import { countingRandom, RestlessClock, SESSION } from "../api/fakes";
import { args, KEY } from "../resources/vm-args";

const RUNS = 10_000;
const NODE = String(args().nodeId);
const ID = `${NODE}/${KEY}`;
const definition = vm as unknown as Definition<Shape, Site>;

const MAGIC = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "4dabf18193072939515e22adb298388d",
  "c44067f5952c0a294b673a41bacd8c17",
];

const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.constantFrom(
    ...MAGIC,
    "<{%bogus%}>",
    "\u001b[2J\u202e",
    "\ud800",
    "a\u0000b",
    "%s%n",
    "../../etc",
    "N/A",
    "",
  ),
  fc.constantFrom("x".repeat(100_000), "9".repeat(400), "1e400", "-1", "65536"),
);
const magic = fc.constantFrom<unknown>(
  { "4dabf18193072939515e22adb298388d": MAGIC[2], path: "/etc/passwd" },
  { constructor: { prototype: { polluted: 1 } } },
  JSON.parse('{"__proto__":{"polluted":1}}'),
);
const deep = fc.nat({ max: 60 }).map((depth) => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value };
  return value;
});
const wrong = fc.oneof(
  { weight: 6, arbitrary: nasty },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: magic },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: fc.constantFrom(null, -1, 1.5, 2 ** 53, true, [], {}) },
);

const DETAIL: Readonly<Record<string, unknown>> = {
  task_id: KEY,
  os: "linux",
  ssh_ip: "203.0.113.10",
  ssh_port: "20022",
  user_name: "dbc",
  login_password: "Abcdefgh12345678",
  cpu_cores: 4,
  gpu_count: 0,
  mem_size: "8G",
  disk_system: "350G",
  vnc_port: "5901",
  vnc_password: "Abcdefgh",
  create_time: "2026-01-01 12:00:00",
  desc: "",
  status: "running",
  rent_order: "",
  network_name: "",
  local_address: ["10.0.0.2"],
  disks: [{ name: "vda", size: "350G", source_file: "/data/vm_1.qcow2" }],
  network_filters: ["in,tcp,22,0.0.0.0/0,accept"],
  interface: [{ name: "default", type: "virtio", mac_address: "52:54:00:00:00:01" }],
};
const LINE = { task_id: KEY, create_time: "2026-01-01 12:00:00", desc: "", status: "running" };

const fields = fc.array(fc.tuple(fc.constantFrom(...Object.keys(DETAIL), "disks.0", "extra"), wrong), {
  maxLength: 4,
});
/** A detail with some fields spoiled, and now and then within a list. */
const detail = fields.map((spoiled) => {
  const message: Record<string, unknown> = structuredClone(DETAIL);
  for (const [name, value] of spoiled)
    if (name === "disks.0") message.disks = [{ name: value, size: value, source_file: value }];
    else message[name] = value;
  return message;
});
const ok = (message: unknown): string => JSON.stringify({ errcode: 0, message });
const anyBody = fc.oneof(
  fc.string({ unit: "binary", maxLength: 2_000 }),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.record({ errcode: fc.oneof(fc.integer(), nasty), message: wrong }).map((value) => JSON.stringify(value)),
  wrong.map(ok),
  fc.nat({ max: 300_000 }).map((depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`),
);
const answers = fc.record({
  list: fc.oneof({ weight: 6, arbitrary: fc.constant(ok([LINE])) }, { weight: 1, arbitrary: anyBody }),
  detail: fc.oneof({ weight: 6, arbitrary: detail.map(ok) }, { weight: 1, arbitrary: anyBody }),
  rest: anyBody,
  status: fc.constantFrom(200, 200, 200, 200, 200, 200, 400, 500, 502),
});
interface Answers {
  readonly list: string;
  readonly detail: string;
  readonly rest: string;
  readonly status: number;
}

/** A provider process that talks to whoever gives these answers. */
const processOf = (given: Answers): { context: Context<Site>; told: string[] } => {
  const clock = new RestlessClock();
  const told: string[] = [];
  const send = async ({ url }: { readonly url: string }): Promise<HttpReply> => {
    const path = new URL(url).pathname;
    const body = path.endsWith("/tasks") ? given.list : path.endsWith(KEY) ? given.detail : given.rest;
    return { status: given.status, headers: {}, body };
  };
  const random = countingRandom();
  const endpoint = "http://127.0.0.1:5002";
  const client = createDbcClient({
    endpoint,
    endpointIsDefault: false,
    credentials: SESSION,
    effects: { clock, random, send },
  });
  const site = new Site(client, { clock, random, greet: async () => "SSH-2.0-x" }, undefined, false);
  const hidden = { __key: KEY };
  const tell = (text: string) => void told.push(text);
  return { context: { site, clock, random, hidden, progress: tell, warn: tell, done: () => {} }, told };
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
const UNFIT = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\ud800-\udbff](?![\udc00-\udfff])|<\{%/;

/** What the engine can store, and what does nothing to it. */
const expectFit = (state: unknown): void => {
  const text = JSON.stringify(state);
  for (const word of MAGIC) expect(text).not.toContain(word);
  expect(text).not.toContain("polluted");
  expect(text.length).toBeLessThan(1_000_000);
  expect(() => Struct.fromJavaScript(state as Record<string, never>)).not.toThrow();
};

const VERBS = {
  read: async ({ context }: { context: Context<Site> }, state: object) =>
    (await lifecycle.read(definition, context, ID, { ...state }))?.state,
  get: async ({ context }: { context: Context<Site> }) =>
    (await lifecycle.read(definition, context, ID, {}))?.state,
  create: async ({ context }: { context: Context<Site> }, _state: object, inputs: object) =>
    (await lifecycle.create(definition, context, { ...inputs })).state,
} as const;

setFlagsFromString("--expose_gc");
const collect: () => void = runInNewContext("gc");
/** Bytes that something still refers to: when garbage is collected is chance. */
const heapKept = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

test("whatever a node answers, the engine gets what it can store, or a sentence", async () => {
  const { values, problems } = checkFields(vmShape, args({ timeouts: { create: "8s" } }));
  expect(problems).toEqual([]);
  const inputs = vm.derive?.(values) ?? values;
  const good = { list: ok([LINE]), detail: ok(DETAIL), rest: ok("ok"), status: 200 };
  const made = await VERBS.create(processOf(good), {}, inputs);
  expect(made).toMatchObject({ phase: "ready", port: 20_022 });
  const [heap, ends] = [heapKept(), { fit: 0, refused: 0, partial: 0, gone: 0 }];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom("read", "read", "get", "create"), answers, async (verb, given) => {
      const process_ = processOf(given);
      const said: string[] = process_.told;
      try {
        const state = await VERBS[verb as keyof typeof VERBS](process_, made, inputs);
        if (state === undefined) ends.gone += 1;
        else {
          ends.fit += 1;
          expectFit(state);
        }
      } catch (error) {
        if (error instanceof PartialState) {
          ends.partial += 1;
          expectFit(error.state);
          said.push(error.reason);
        } else if (error instanceof UserError) {
          ends.refused += 1;
          said.push(error.message);
        } else throw error;
      }
      for (const text of said) {
        expect(text).not.toMatch(UNFIT);
        expect(text).not.toContain("inside the provider");
        expect(text.length).toBeLessThan(1_500);
      }
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    }),
    { numRuns: RUNS, seed: 5_002 },
  );
  expect(heapKept() - heap).toBeLessThan(64 * 1024 * 1024);
  expect(ends.fit).toBeGreaterThan(RUNS / 20);
  // a VM is taken for gone only on the node's exact words
  expect(ends.gone).toBe(0);
  process.stdout.write(`hostile answers: ${RUNS} runs, 0 failures (${JSON.stringify(ends)})\n`);
}, 600_000);
