/** Nothing of a container account is told: its keys, tokens and addresses, over bad answers of the platform. */
import type * as Redact from "../../provider/api/dbc/redact";
import type * as Http from "../../provider/api/http";
import type { Values } from "../../provider/core/check";
import type * as Effects from "../../provider/core/effects";
import { kinds } from "../../provider/kinds";
import type * as TaskModule from "../../provider/resources/container-task";
import type * as Fakes from "../api/fakes";
import type * as LabModule from "../container/lab";
import type * as PlatformModule from "../container/platform";
import { ENCODINGS, formsIn, type Hit, type Planted, search } from "./searcher";
import { Ears } from "./told";

jest.setTimeout(1_800_000); // many lives, on a machine of any speed

/** Of a message, beside the words around it. */
const LONGEST = 350;

type Request = Effects.HttpRequest;
type Reply = Effects.HttpReply;

/** Which request is struck. */
const PLACES: Readonly<Record<string, (method: string, path: string) => boolean>> = {
  login: (_, path) => path.endsWith("/v3/tokens"),
  create: (method, path) => method === "POST" && path.endsWith("/instance-service/task"),
  list: (method, path) => method === "GET" && path.includes("/instance-service/task"),
  detail: (_, path) => path.endsWith("/detail"),
  address: (_, path) => path.endsWith("/url"),
  delete: (method) => method === "DELETE",
};

/** What comes back in place of the true answer, when the service says back what it was sent. */
type Spoil = (request: Request, answer: Reply, fault: typeof Effects.TransportError) => Reply;

const echo = ({ url, headers, body }: Request): string =>
  [url, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), body].join(" ");
const refusal = (msg: string): Reply => ({
  status: 200,
  headers: {},
  body: JSON.stringify({ code: "716866", msg, data: "" }),
});

const ROWS: Readonly<Record<string, Spoil>> = {
  "a page that shows the request": (request) => ({
    status: 502,
    headers: {},
    body: `<html><pre>${echo(request)}</pre></html>`,
  }),
  "a refusal that quotes the request": (request) => refusal(echo(request)),
  "a refusal that quotes a header": ({ headers }) =>
    refusal(`bad token ${headers.token ?? headers.accesskey ?? ""}`),
  "half of the true answer": (_, answer) => ({ ...answer, body: answer.body.slice(0, -20) }),
  "the true answer in another shape": (_, { body }) => ({
    status: 200,
    headers: {},
    body: JSON.stringify({ code: "0", msg: "success", data: { surprise: [body] } }),
  }),
  "a code that nobody knows, about the true answer": (_, { body }) => ({
    status: 200,
    headers: {},
    body: JSON.stringify({ code: "31415", msg: body, data: "" }),
  }),
  "a redirect with the token in its address": ({ headers }) => ({
    status: 302,
    headers: { location: `https://user:${headers.token}@elsewhere.invalid/?token=${headers.token}` },
    body: "",
  }),
  "a connection that breaks": (_request, _answer, TransportError) => {
    throw new TransportError("the connection was reset", true);
  },
  "no answer in time": (_request, _answer, TransportError) => {
    throw new TransportError("no reply within 30 s", true, "deadline");
  },
};

/** A task's life on a wire that can be spoilt, heard through the host adapter; without `redacts` nothing is taken out. */
const open = async (redacts: boolean) => {
  jest.resetModules();
  if (!redacts)
    jest.doMock("../../provider/api/dbc/redact", () => ({ redactor: () => (text: string) => text }));
  const { ContainerLab, TASK } = require("../container/lab") as typeof LabModule;
  const { ACCOUNT } = require("../container/platform") as typeof PlatformModule;
  const { createSend } = require("../../provider/api/http") as typeof Http;
  const { TransportError } = require("../../provider/core/effects") as typeof Effects;
  const { countingRandom } = require("../api/fakes") as typeof Fakes;
  const { redactor } = require("../../provider/api/dbc/redact") as typeof Redact;
  const { containerTask } = require("../../provider/resources/container-task") as typeof TaskModule;
  const lab = await ContainerLab.open();
  const ears = Ears.open(() => lab.site);
  const host = ears.dynamic.toDynamic(() => containerTask, true);
  const seen = new Map<string, string>([
    ["access key", ACCOUNT.accessKey],
    ["secret key", ACCOUNT.secretKey],
  ]);
  let strike: { readonly place: string; readonly spoil: Spoil } | undefined;
  let struck = 0;
  const real = lab.clock.track(createSend());
  const send: Effects.Send = async (request) => {
    const answer = await real(request);
    if (request.headers.token) seen.set("token", request.headers.token);
    if (request.headers.signature) seen.set("signature", request.headers.signature);
    const isStruck =
      strike && PLACES[strike.place]?.(request.method ?? "POST", new URL(request.url).pathname);
    if (!strike || !isStruck) return answer;
    struck += 1;
    return strike.spoil(request, answer, TransportError);
  };
  const restart = () =>
    lab.restart({
      effects: {
        clock: lab.clock,
        random: countingRandom(),
        send: ears.listen(send, lab.clock, redactor([ACCOUNT.accessKey, ACCOUNT.secretKey])),
      },
    });
  const hear = (step: Promise<unknown> | undefined) => lab.run(ears.hear(kinds.containerTask, step));

  /** A life in which the answers at `place` are spoilt; what was told of it. */
  const live = async (place: string, spoil: Spoil): Promise<Record<string, string>> => {
    strike = undefined;
    struck = 0;
    lab.simulator.world.tasks.length = 0;
    restart();
    const given = {
      ...TASK,
      __provider: "exports.handler=()=>…",
      timeouts: { create: "3m", update: "3m", delete: "2m" },
    };
    const checked = await hear(host.check?.({}, given));
    // the engine's provider process adds what names our code
    const inputs = { ...(checked?.inputs ?? {}), __provider: given.__provider } as Values;
    const isCreate = place === "create" || place === "login";
    if (isCreate) {
      restart();
      strike = { place, spoil };
    }
    const made = await hear(host.create({ ...inputs }));
    const outs = (made?.outs ?? {}) as Values;
    if (typeof outs.accessUrl === "string") {
      seen.set("address with a token", outs.accessUrl);
      for (const [name, value] of new URL(outs.accessUrl).searchParams)
        seen.set(`${name} of the address`, value);
    }
    if (!isCreate) {
      restart();
      strike = { place, spoil };
      const id = String(made?.id);
      await hear(host.read?.(id, outs));
      await hear(host.delete?.(id, outs));
    }
    expect(struck).toBeGreaterThan(0);
    strike = undefined;
    return ears.take(kinds.containerTask);
  };
  const planted = (): Planted[] => [...seen].map(([name, text]) => ({ name, text }));
  const close = async () => {
    await lab.close();
    jest.dontMock("../../provider/api/dbc/redact");
  };
  return { live, planted, close };
};

let [scenarios, hits] = [0, 0];
afterAll(() => {
  process.stdout.write(`secrets search, containers: ${scenarios} scenarios, ${hits} hits\n`);
});

const count = (found: readonly Hit[], many = 1): void => {
  scenarios += many;
  hits += found.length;
};

describe("a container task", () => {
  let life: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    life = await open(true);
  });
  afterAll(() => life.close());

  test.each(Object.entries(ROWS))("%s, wherever it strikes, tells nothing", async (_name, spoil) => {
    for (const place of Object.keys(PLACES)) {
      const told = await life.live(place, spoil);
      const found = search(life.planted(), told);
      count(found);
      expect({ place, found }).toEqual({ place, found: [] });
      expect(told["debug log"]).toContain('"path":"/');
    }
    expect(life.planted().map(({ name }) => name)).toEqual(
      expect.arrayContaining(["access key", "secret key", "token", "signature"]),
    );
  });
});

/** Has the platform repeat each secret in each encoding; what is found of it. */
const repeat = async (redacts: boolean): Promise<{ said: string[]; found: Hit[] }> => {
  const life = await open(redacts);
  const found: Hit[] = [];
  const repeated: string[] = [];
  try {
    await life.live("detail", (_request, answer) => answer);
    // a signature is good for one sign-in
    const names = life.planted().flatMap(({ name }) => (name === "signature" ? [] : [name]));
    for (const name of names)
      for (const encoding of ENCODINGS) {
        const told = await life.live("detail", () => {
          const text = life.planted().find((each) => each.name === name)?.text ?? "";
          return refusal(`no such thing as ${formsIn(encoding, text)[0]} here`);
        });
        const text = life.planted().find((each) => each.name === name)?.text ?? "";
        // what is longer than any message that is shown can't be found in one
        if ((formsIn(encoding, text)[0] ?? "").length > LONGEST) continue;
        repeated.push(`${name} in ${encoding}`);
        const here = search(life.planted(), told);
        found.push(...here.filter((hit) => hit.encoding === encoding && hit.secret === name));
      }
  } finally {
    await life.close();
  }
  return { said: repeated, found };
};

test("a platform that repeats every secret in every encoding is not quoted on any of them", async () => {
  const { said, found } = await repeat(true);
  count(found, said.length);
  expect(found).toEqual([]);
  expect(said.length).toBeGreaterThanOrEqual(4 * ENCODINGS.length);
});

test("the same search finds each of them when nothing is taken out", async () => {
  const { said, found } = await repeat(false);
  expect([...new Set(found.map(({ secret, encoding }) => `${secret} in ${encoding}`))].sort()).toEqual(
    said.sort(),
  );
});
