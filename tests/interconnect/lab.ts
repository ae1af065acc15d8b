/** Lifecycles as the engine would run them: real definitions, real HTTP, a simulated platform, virtual time. */
import { createSend } from "../../provider/api/http";
import {
  createInterconnectClient,
  type InterconnectClientOptions,
} from "../../provider/api/interconnect/client";
import type { InterconnectClient } from "../../provider/api/interconnect/types";
import type { Values } from "../../provider/core/check";
import * as lifecycle from "../../provider/core/lifecycle";
import { type Context, type Definition, PartialState, type Shape } from "../../provider/core/resource";
import type { RequestShape } from "../../provider/resources/interconnect-request";
import { Site } from "../../provider/resources/site";
import { VirtualClock } from "../../simulator/clock";
import {
  type InterconnectSimulator,
  type InterconnectSimulatorOptions,
  startInterconnectSimulator,
} from "../../simulator/interconnect/simulator";
import { countingRandom } from "../api/fakes";

export const TOKEN = "simulated-interconnect-token";

/** What the engine keeps of a resource. */
export interface Recorded {
  readonly id: string;
  readonly inputs: Values;
  readonly state: Values;
  /** Why the last step did not end well, if so. */
  readonly reason?: string;
}

type Request = Definition<RequestShape, Site>;
const plain = (definition: Request) => definition as unknown as Definition<Shape, Site>;

/** A simulated platform and one stack's worth of engine. */
export class InterconnectLab {
  readonly #random = countingRandom();
  #site: Site | undefined;

  private constructor(
    readonly clock: VirtualClock,
    readonly simulator: InterconnectSimulator,
  ) {}

  static async open(options: InterconnectSimulatorOptions = {}): Promise<InterconnectLab> {
    const clock = new VirtualClock();
    return new InterconnectLab(clock, await startInterconnectSimulator({ ...options, clock }));
  }

  close(): Promise<void> {
    return this.simulator.close();
  }

  client(options: Partial<InterconnectClientOptions> = {}): InterconnectClient {
    return createInterconnectClient({
      endpoint: this.simulator.url,
      token: TOKEN,
      effects: { clock: this.clock, send: this.clock.track(createSend()) },
      ...options,
    });
  }

  /** As a new provider process, with other settings. */
  restart(options: Partial<InterconnectClientOptions> = {}): void {
    const effects = { clock: this.clock, random: this.#random, greet: async () => "" };
    this.#site = new Site(new Proxy({} as never, {}), effects, undefined, false, {
      interconnect: () => this.client(options),
    });
  }

  get site(): Site {
    if (!this.#site) this.restart();
    if (!this.#site) throw new Error("there is no site");
    return this.#site;
  }

  /** Runs `work` while virtual time passes. */
  run<T>(work: Promise<T>): Promise<T> {
    return this.clock.runUntil(work, 24 * 3_600_000);
  }

  check(definition: Request, olds: Values, news: Values): Promise<{ inputs: Values; reasons: string[] }> {
    return this.run(lifecycle.check(plain(definition), async () => this.site, olds, news));
  }

  /** A create as the engine makes it; partial state is recorded, a plain error is thrown. */
  async create(definition: Request, news: Values): Promise<Recorded> {
    const inputs = await this.#checked(definition, {}, news);
    return this.#recorded(inputs, lifecycle.create(plain(definition), this.#context(), inputs));
  }

  /** What an `up` does with `news`; a replacement is made before the old one is deleted. */
  async up(
    definition: Request,
    recorded: Recorded,
    news: Values,
  ): Promise<Recorded & { readonly did: "nothing" | "update" | "replace" }> {
    const inputs = await this.#checked(definition, recorded.inputs, news);
    const { changes, replaces } = lifecycle.diff(plain(definition), recorded.state, inputs);
    if (replaces.length > 0) {
      const made = await this.create(definition, news);
      await this.delete(definition, recorded);
      return { ...made, did: "replace" };
    }
    // after a step that did not end well the engine updates what has not changed, too
    if (!changes && recorded.reason === undefined) return { ...recorded, inputs, did: "nothing" };
    const work = lifecycle
      .update(plain(definition), this.#context(), recorded.id, recorded.state, inputs)
      .then((state) => ({ id: recorded.id, state }));
    return { ...(await this.#recorded(inputs, work)), did: "update" };
  }

  async refresh(definition: Request, { id, inputs, state }: Recorded): Promise<Recorded | undefined> {
    const found = await this.run(lifecycle.read(plain(definition), this.#context(), id, state));
    return found && { id, inputs, state: found.state };
  }

  get(definition: Request, id: string): Promise<unknown> {
    return this.run(lifecycle.read(plain(definition), this.#context(), id, {}));
  }

  delete(definition: Request, { id, state }: Recorded): Promise<void> {
    return this.run(lifecycle.remove(plain(definition), this.#context(), id, state));
  }

  #context(): Context<Site> {
    return {
      site: this.site,
      clock: this.clock,
      random: this.#random,
      hidden: {},
      progress: () => undefined,
      warn: () => undefined,
      done: () => undefined,
    };
  }

  async #checked(definition: Request, olds: Values, news: Values): Promise<Values> {
    const { inputs, reasons } = await this.check(definition, olds, news);
    if (reasons.length > 0) throw new Error(reasons.join("\n"));
    return inputs;
  }

  async #recorded(inputs: Values, work: Promise<{ id: string; state: Values }>): Promise<Recorded> {
    try {
      return { inputs, ...(await this.run(work)) };
    } catch (error) {
      if (!(error instanceof PartialState)) throw error;
      return { id: error.id, inputs, state: error.state, reason: error.reason };
    }
  }
}
