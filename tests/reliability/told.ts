/** What leaves the provider process by way of the real host adapter, channel by channel. */
import { inspect } from "node:util";
import type * as DebugLog from "../../provider/api/debug-log";
import type { Values } from "../../provider/core/check";
import type { Clock, Send } from "../../provider/core/effects";
import type * as Dynamic from "../../provider/hosts/dynamic";
import type { Kind } from "../../provider/kinds";
import type { Site } from "../../provider/resources/site";

/** Texts by the channel on which they left. */
export type Told = Readonly<Record<string, string>>;

/** Properties as the engine shows them: it encrypts the others. */
const shown = (kind: Kind, properties: unknown): string =>
  typeof properties === "object" && properties !== null
    ? JSON.stringify(
        Object.fromEntries(Object.entries(properties).filter(([name]) => !kind.secrets.includes(name))),
      )
    : "";

/** The host adapter with its ways out replaced by ears. */
export class Ears {
  readonly #rows: string[] = [];
  readonly #debug: string[] = [];
  readonly #printed: string[] = [];
  readonly #errors: Error[] = [];
  readonly #states: string[] = [];

  private constructor(
    readonly dynamic: typeof Dynamic,
    private readonly log: typeof DebugLog,
  ) {}

  /** Loads the adapter anew, with whatever modules the test has put in place of the real ones. */
  static open(site: () => Site): Ears {
    const heard: { ears?: Ears } = {};
    // whoever opens a site gets the lab's present one
    const current = new Proxy({} as Site, {
      get: (_target, name) => {
        const here = site();
        const value: unknown = Reflect.get(here, name, here);
        return typeof value === "function" ? value.bind(here) : value;
      },
    });
    jest.doMock("../../provider/hosts/site", () => ({ openSite: () => current }));
    jest.doMock("../../provider/hosts/engine-log", () => ({
      engineAddress: () => undefined,
      createEngineLog: () => ({
        log: (severity: string, _urn: string, message: string) =>
          heard.ears && void heard.ears.#rows.push(`${severity} ${message}`),
        flush: async () => undefined,
      }),
    }));
    heard.ears = new Ears(
      require("../../provider/hosts/dynamic") as typeof Dynamic,
      require("../../provider/api/debug-log") as typeof DebugLog,
    );
    return heard.ears;
  }

  /** The wire with the debug log on it. */
  listen(send: Send, clock: Clock, redact: (text: string) => string): Send {
    return this.log.withDebugLog(send, { clock, redact, write: (line) => this.#debug.push(line) });
  }

  /** Runs a step of the adapter; whatever comes out of it is kept, and its result returned if it ended well. */
  async hear(kind: Kind, step: Promise<unknown> | undefined): Promise<Values | undefined> {
    const print = jest
      .spyOn(console, "error")
      .mockImplementation((...words) => void this.#printed.push(words.join(" ")));
    try {
      const result = (await step) as { readonly outs?: object; readonly props?: object } | undefined;
      this.#states.push(shown(kind, result?.outs ?? result?.props));
      return { ...result };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#errors.push(error);
      const { properties } = error as { readonly properties?: unknown };
      this.#states.push(shown(kind, properties));
      return undefined;
    } finally {
      print.mockRestore();
    }
  }

  /** All that was told since the last time. */
  take(kind: Kind): Told {
    const errors = this.#errors.map((error) => {
      const { properties, ...rest } = error as unknown as { readonly properties?: unknown };
      return Object.assign(new Error(error.message, { cause: error.cause }), rest, {
        stack: error.stack,
        known: shown(kind, properties),
      });
    });
    const told = {
      state: this.#states.join("\n"),
      rows: this.#rows.join("\n"),
      "debug log": this.#debug.join("\n"),
      printed: this.#printed.join("\n"),
      inspect: errors.map((error) => inspect(error, { depth: 9, showHidden: true })).join("\n"),
      json: errors.map((error) => JSON.stringify(error)).join("\n"),
      stack: errors.map(({ message, stack }) => `${message}\n${stack}`).join("\n"),
      cause: errors.map(({ cause }) => inspect(cause, { depth: 9, showHidden: true })).join("\n"),
    };
    for (const list of [this.#states, this.#rows, this.#debug, this.#printed, this.#errors]) list.length = 0;
    return told;
  }
}
