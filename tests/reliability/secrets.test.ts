/** Nothing is told: planted secrets, searched for in all that leaves the provider process, over every fault row. */
import type * as Redact from "../../provider/api/dbc/redact";
import type { Values } from "../../provider/core/check";
import { kinds } from "../../provider/kinds";
import type * as VmModule from "../../provider/resources/vm";
import type * as LabModule from "../resources/lab";
import { args, KEY } from "../resources/vm-args";
import type * as Wire from "./bad-wire";
import type * as Rows from "./fault-rows";
import { ENCODINGS, formsIn, type Hit, type Planted, search } from "./searcher";
import { Ears } from "./told";

jest.setTimeout(1_800_000); // hundreds of lives, on a machine of any speed

const LOGIN = "C4nary/'login'+passw0rd?&=";
const NEW_LOGIN = "Oth3r/'login'+passw0rd?&=";
const SEED = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
const PLACES = {
  create: /\/tasks\/start$/,
  login: /\/tasks\/passwd\//,
  list: /\/tasks$/,
  detail: new RegExp(`/tasks/${KEY}$`),
  delete: /\/tasks\/delete\//,
} as const;
type Place = keyof typeof PLACES;

/** What is planted; everything of a container account is in `container-secrets.test.ts`. */
const NAMES = [
  "login given",
  "new login given",
  "login made by the node",
  "VNC password",
  "session id",
  "session signature",
  "wallet seed",
] as const;

/** A VM's life on a wire that can be spoilt, heard through the host adapter; without `redacts` nothing is taken out. */
const open = async (redacts: boolean) => {
  jest.resetModules();
  jest.doMock("@polkadot/util-crypto", () => crypto); // it complains of being loaded twice
  if (!redacts)
    jest.doMock("../../provider/api/dbc/redact", () => ({ redactor: () => (text: string) => text }));
  const { Lab, ALICE, NODE } = require("../resources/lab") as typeof LabModule;
  const { BadWire } = require("./bad-wire") as typeof Wire;
  const { redactor } = require("../../provider/api/dbc/redact") as typeof Redact;
  const { vm } = require("../../provider/resources/vm") as typeof VmModule;
  const lab = await Lab.open();
  const wire = await BadWire.open(lab.simulator.url);
  const ears = Ears.open(() => lab.site);
  lab.seam = (effects) => ({
    ...effects,
    send: ears.listen((request) => effects.send(wire.aim(request)), lab.clock, redactor([SEED])),
  });
  const host = ears.dynamic.toDynamic(() => vm, true);
  const restart = () => lab.restart(ALICE, { endpoint: wire.url });
  restart();

  const planted = async (): Promise<Planted[]> => {
    const { sessionId, sessionSign } = await lab.run(lab.site.client.session(NODE));
    const [task] = lab.tasks();
    return [
      { name: "login given", text: LOGIN },
      { name: "new login given", text: NEW_LOGIN },
      { name: "login made by the node", text: generated.password },
      { name: "VNC password", text: task?.vncPassword ?? generated.vnc },
      { name: "session id", text: sessionId },
      { name: "session signature", text: sessionSign },
      { name: "wallet seed", text: SEED },
    ].filter(({ text }) => text !== "");
  };
  const generated = { password: "", vnc: "" };

  const given = (login: string): Values => ({
    ...args({
      login: { username: "dbc", password: login },
      timeouts: { create: "10m", update: "10m", delete: "10m" },
    }),
    __provider: "exports.handler=()=>…",
  });
  const hear = (step: Promise<unknown> | undefined) => lab.run(ears.hear(kinds.vm, step));
  const make = async (login: string): Promise<{ inputs: Values; made: Values | undefined }> => {
    const checked = await hear(host.check?.({}, given(login)));
    // the engine's provider process adds what names our code
    const inputs = { ...(checked?.inputs ?? {}), __provider: "exports.handler=()=>…" } as Values;
    return { inputs, made: await hear(host.create({ ...inputs })) };
  };
  const outsOf = (made: Values | undefined): Values => (made?.outs ?? {}) as Values;

  /** A life in which the requests to `place` are answered by the fault; what was told of it. */
  const live = async (
    place: Place,
    faultOf: (planted: readonly Planted[]) => Omit<Wire.Fault, "path">,
  ): Promise<Record<string, string>> => {
    const { defaultWorld } = require("../../simulator") as typeof import("../../simulator");
    wire.arm(undefined);
    await lab.simulator.seed(defaultWorld);
    restart();
    const strike = async () => {
      const fault = faultOf(await planted());
      wire.arm({ ...fault, path: PLACES[place] });
    };
    if (place === "create") await strike();
    const { inputs, made } = await make(LOGIN);
    const [task] = lab.tasks();
    Object.assign(generated, { password: task?.loginPassword ?? "", vnc: task?.vncPassword ?? "" });
    const id = String(made?.id ?? `${NODE}/${KEY}`);
    if (place === "create") {
      wire.arm(undefined);
      return ears.take(kinds.vm);
    }
    const news = { ...inputs, login: { username: "dbc", password: NEW_LOGIN } };
    restart();
    await strike();
    if (place === "login") await hear(host.update?.(id, outsOf(made), news));
    else if (place === "delete") await hear(host.delete?.(id, outsOf(made)));
    else await hear(host.read?.(id, outsOf(made)));
    expect(wire.struck).toBeGreaterThan(0);
    wire.arm(undefined);
    return ears.take(kinds.vm);
  };
  const close = async () => {
    await wire.close();
    await lab.close();
    jest.dontMock("../../provider/api/dbc/redact");
  };
  return { live, planted, close };
};

const crypto: unknown = require("@polkadot/util-crypto");
const { FAULT_ROWS } = require("./fault-rows") as typeof Rows;
const { said } = require("./bad-wire") as typeof Wire;

let [scenarios, hits] = [0, 0];
afterAll(() => {
  process.stdout.write(`secrets search: ${scenarios} scenarios, ${hits} hits\n`);
});

describe("a VM", () => {
  let life: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    life = await open(true);
  });
  afterAll(() => life.close());

  const places = Object.keys(PLACES) as Place[];
  test.each(FAULT_ROWS.map((row) => [row.row, row.name, row] as const))(
    "%d. %s, wherever it strikes, tells nothing",
    async (_number, _name, row) => {
      for (const place of places) {
        const told = await life.live(place, () => ({
          times: place === "list" || place === "detail" ? 99 : 1,
          deliveries: row.class === "unknown" ? 1 : 0,
          spoil: row.spoil ?? (() => undefined),
          ...(row.url !== undefined && { url: row.url }),
          ...(row.endless && { endless: true }),
        }));
        scenarios += 1;
        const found = search(await life.planted(), told);
        hits += found.length;
        expect({ place, found }).toEqual({ place, found: [] });
        expect(told["debug log"]).toContain('"path":"/api/v1/');
      }
    },
  );
});

/** Has the node repeat each secret in each encoding; what is found of it. */
const repeat = async (redacts: boolean): Promise<{ said: string[]; found: Hit[] }> => {
  const life = await open(redacts);
  const found: Hit[] = [];
  const repeated: string[] = [];
  try {
    for (const name of NAMES)
      for (const encoding of ENCODINGS) {
        // the new login is known to nobody but who sets it
        const place = name === "new login given" ? "login" : "detail";
        const told = await life.live(place, (planted) => {
          const text = planted.find((each) => each.name === name)?.text ?? "";
          const [form = ""] = formsIn(encoding, text);
          const body = JSON.stringify({ errcode: 1, message: `no such thing as ${form} here` });
          return { times: 99, deliveries: 0, spoil: (socket) => void socket.write(said(200, body)) };
        });
        repeated.push(`${name} in ${encoding}`);
        const here = search(await life.planted(), told);
        found.push(...here.filter((hit) => hit.encoding === encoding && hit.secret === name));
      }
  } finally {
    await life.close();
  }
  return { said: repeated, found };
};

test("a node that repeats every secret in every encoding is not quoted on any of them", async () => {
  const { said: repeated, found } = await repeat(true);
  scenarios += repeated.length;
  hits += found.length;
  expect(found).toEqual([]);
  expect(repeated).toHaveLength(NAMES.length * ENCODINGS.length);
});

test("the same search finds each of them when nothing is taken out", async () => {
  const { said: repeated, found } = await repeat(false);
  expect([...new Set(found.map(({ secret, encoding }) => `${secret} in ${encoding}`))].sort()).toEqual(
    repeated.sort(),
  );
  expect(new Set(found.map(({ channel }) => channel))).toEqual(new Set(["inspect", "json", "stack"]));
});
