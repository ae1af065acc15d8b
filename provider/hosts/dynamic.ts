import type { dynamic } from "@pulumi/pulumi";
import type { Values } from "../core/check";
import { systemClock, systemRandom } from "../core/clock";
import { costLine } from "../core/cost";
import { sentence } from "../core/errors";
import * as lifecycle from "../core/lifecycle";
import { type Context, type Definition, PartialState, type Shape } from "../core/resource";
import { migrated } from "../core/schema";
import type { Site } from "../resources/site";
import { safeToWait, watchCancel } from "./cancel";
import { createEngineLog, type EngineLog, engineAddress } from "./engine-log";
import { hideSecretsOf } from "./known-secrets";
import { watchEngine } from "./orphan";
import { createProgress, isLogged } from "./progress";
import type { Sources } from "./settings";
import { Slots, slotsOf } from "./slots";

/** Where the text that names our code is kept among the properties. */
const PROVIDER = "__provider";

/** Ends the "stack" of errors that the engine shows on the resource: printed once more, they would only confuse. */
const SHOWN = "(shown on the resource)";

/** What all resources of this provider process share. */
const shared = {
  config: (() => undefined) as Sources["config"],
  site: undefined as Promise<Site> | undefined,
  inFlight: 0,
};

const address = engineAddress(process.argv);
const log = createEngineLog(address);

const logged = isLogged(process.env);

const prepareProcess = (): void => {
  if (address === undefined) return;
  watchEngine(
    address,
    () => shared.inFlight,
    () => process.exit(0),
  );
  watchCancel(() => {
    if (shared.inFlight > 0) log.log("info", "", safeToWait(shared.inFlight), false);
  });
  // biome-ignore lint/suspicious/noConsole: Pulumi's process prints these errors a second time through it
  const print = console.error.bind(console);
  console.error = (...words: unknown[]) => {
    if (!String(words[0]).endsWith(SHOWN)) print(...words);
  };
};
prepareProcess();

/** Opened at the first need: settings that are wrong must not stop what needs none. */
const site = (): Promise<Site> => {
  shared.site ??= (async () => {
    const { openSite } = require("./site") as typeof import("./site");
    return openSite({ config: shared.config, env: process.env });
  })();
  return shared.site;
};

const clock = systemClock();

const slots = new Slots(slotsOf(process.env), clock, (hint) => log.log("info", "", hint, false));

const urnOf = ({ __urn: urn }: Values): string => (typeof urn === "string" ? urn : "");

const contextOf = async (kind: string, props: Values): Promise<Context<Site>> => {
  const here = await site();
  const hide = hideSecretsOf(kind, props);
  const hiding: EngineLog = {
    ...log,
    log: (severity, urn, message, ephemeral) => log.log(severity, urn, hide(message), ephemeral),
  };
  return {
    site: here,
    clock: here.effects.clock,
    random: here.effects.random,
    hidden: lifecycle.hiddenOf(props),
    ...createProgress(hiding, clock, urnOf(props), logged),
  };
};

/** A resource that needs no remote system gets a context without one. */
const localContext = (props: Values): Context<never> => ({
  get site(): never {
    throw new Error("this resource talks to nobody");
  },
  clock,
  random: systemRandom,
  hidden: {},
  ...createProgress(log, clock, urnOf(props), logged),
});

/** The error as the engine takes it: one sentence without secrets, and what exists if anything does. */
const toEngine = (error: unknown, kind: string, props: Values): Error => {
  const hide = hideSecretsOf(kind, props, error instanceof PartialState ? error.state : {});
  const message = hide(error instanceof PartialState ? error.reason : sentence(error));
  const plain = new Error(message);
  plain.stack = SHOWN;
  if (!(error instanceof PartialState)) return plain;
  // without the text that names our code, what is recorded here could never be destroyed
  return Object.assign(plain, {
    id: error.id,
    properties: { ...error.state, [PROVIDER]: props[PROVIDER] },
    reasons: [message],
  });
};

const runStep = async <T>(kind: string, props: Values, step: () => Promise<T>): Promise<T> => {
  shared.inFlight += 1;
  try {
    return await step();
  } catch (error) {
    throw toEngine(error, kind, props);
  } finally {
    await log.flush();
    shared.inFlight -= 1;
  }
};

const without = ({ [PROVIDER]: _, ...rest }: Values): Values => rest;

/** Runs a step in a context, and leaves the resource's row as the step's end should find it. */
const within = async <T>(
  context: Promise<Context<Site>>,
  step: (context: Context<Site>) => Promise<T>,
): Promise<T> => {
  const here = await context;
  try {
    return await step(here);
  } finally {
    here.done();
  }
};

/** Adapts a definition, which is loaded at the first need, to what Pulumi's dynamic provider process calls. */
export const toDynamic = <S extends Shape>(
  load: () => Definition<S, Site> | Definition<S, never>,
  remote: boolean,
): dynamic.ResourceProvider => {
  const definition = load as unknown as () => Definition<Shape, Site>;
  const context = (props: Values): Promise<Context<Site>> =>
    remote ? contextOf(definition().kind, props) : Promise.resolve(localContext(props));
  const run = <T>(props: Values, step: () => Promise<T>): Promise<T> =>
    runStep(definition().kind, props, step);
  /** A step that makes or changes something, and waits for it. */
  const wait = <T>(props: Values, step: () => Promise<T>): Promise<T> =>
    run(props, () => (remote ? slots.hold(urnOf(props), step) : step()));
  return {
    // synchronous, because calls that come at the same time don't wait for it
    async configure({ config }) {
      shared.config = (key) => config.get(key);
    },
    check: (olds: Values, news: Values) =>
      run(news, async () => {
        const { inputs, reasons } = await lifecycle.check(definition(), site, without(olds), without(news));
        const note = shared.site && (await shared.site.catch(() => undefined))?.asking.takeNote();
        if (note !== undefined) log.log("info", urnOf(news), note, false);
        if (remote && reasons.length === 0 && Object.keys(olds).length === 0) slots.announce(urnOf(news));
        // a named property would be printed with its value, secret or not
        return { inputs: { ...inputs }, failures: reasons.map((reason) => ({ property: "", reason })) };
      }),
    diff: (id: string, olds: Values, news: Values) =>
      run(news, async () => {
        const plan = lifecycle.diff(definition(), olds, without(news));
        const { changes, replaces, deleteBeforeReplace } = plan;
        const cost = costLine(definition(), migrated(definition(), olds), without(news), plan);
        if (cost) log.log(cost.losesData ? "warning" : "info", urnOf(news), cost.text, false);
        if (remote && changes) slots.announce(urnOf(news));
        const { planned } = definition();
        if (planned)
          // settings that are wrong must not stop what needs none
          await site().then(
            (here) => planned(here, id, migrated(definition(), olds), without(news), { changes, replaces }),
            () => undefined,
          );
        return { changes, replaces, deleteBeforeReplace };
      }),
    create: (inputs: Values) =>
      wait(inputs, async () => {
        const { id, state } = await within(context(inputs), (here) =>
          lifecycle.create(definition(), here, inputs),
        );
        return { id, outs: { ...state } };
      }),
    read: (id: string, props: Values) =>
      run(props, async () => {
        const found = await within(context(props), (here) => lifecycle.read(definition(), here, id, props));
        return found ? { id, props: { ...found.state }, inputs: { ...found.inputs } } : {};
      }) as Promise<dynamic.ReadResult>,
    update: (id: string, olds: Values, news: Values) =>
      wait(news, async () => ({
        outs: {
          ...(await within(context(news), (here) => lifecycle.update(definition(), here, id, olds, news))),
        },
      })),
    delete: (id: string, props: Values) =>
      wait(props, async () =>
        within(context(props), (here) => lifecycle.remove(definition(), here, id, props)),
      ),
  };
};
