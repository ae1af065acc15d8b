/** Lifecycles as the engine would run them: real definitions, real HTTP, a simulated node, virtual time. */
import { createDbcClient } from "../../provider/api/dbc/client";
import type { ApiGeneration } from "../../provider/api/dbc/legacy/generation";
import type { Credentials } from "../../provider/api/dbc/types";
import { createSend } from "../../provider/api/http";
import type { Values } from "../../provider/core/check";
import type { Effects, Greet, Random } from "../../provider/core/effects";
import * as lifecycle from "../../provider/core/lifecycle";
import { type Context, type Definition, PartialState, type Shape } from "../../provider/core/resource";
import { Asking } from "../../provider/resources/asking";
import { Site } from "../../provider/resources/site";
import {
  developmentPhrase,
  type LoggedRequest,
  labNodes,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
  VirtualClock,
} from "../../simulator";

export const NODE = labNodes.alice1;
export const ALICE: Credentials = { kind: "wallet", seed: `${developmentPhrase}//Alice` };
export const BOB: Credentials = { kind: "wallet", seed: `${developmentPhrase}//Bob` };

/** Different bytes each time, the same in each run. */
const seeded = (): Random => {
  let state = 20_260_101;
  return (bytes) =>
    Uint8Array.from({ length: bytes }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
};

/** What the engine keeps of a resource. */
export interface Recorded {
  readonly id: string;
  readonly inputs: Values;
  readonly state: Values;
  /** Why the last step did not end well, if so. */
  readonly reason?: string;
}

/** A simulated site and one stack's worth of engine. */
export class Lab {
  readonly progress: string[] = [];
  readonly warnings: string[] = [];
  greet: Greet = async () => "SSH-2.0-OpenSSH_8.9";
  /** Put between a new provider process and its effects. */
  seam: (effects: Effects) => Effects = (effects) => effects;
  /** How nodes are spoken to; `auto` asks the client node for their versions first. */
  apiGeneration: ApiGeneration = "current";
  /** Whether plans ask the node; `DBC_PREFLIGHT=0` says no. Taken over by the next `restart`. */
  asks = true;
  /** Rejects when the provider process dies. */
  death: Promise<never> | undefined;
  #site: Site | undefined;
  #effects: Effects | undefined;
  readonly #random = seeded();

  private constructor(
    readonly simulator: Simulator,
    readonly clock: VirtualClock,
    private credentials: Credentials,
  ) {}

  static async open(options: SimulatorOptions = {}, credentials = ALICE): Promise<Lab> {
    const clock = new VirtualClock();
    return new Lab(await startSimulator({ ...options, clock }), clock, credentials);
  }

  close(): Promise<void> {
    return this.simulator.close();
  }

  /** As a new provider process: nothing is remembered. */
  restart(
    credentials: Credentials | undefined = this.credentials,
    options: { readonly allowStop?: boolean; readonly endpoint?: string; readonly isDefault?: boolean } = {},
  ): void {
    this.credentials = credentials;
    this.#effects = this.seam({
      clock: this.clock,
      random: this.#random,
      send: this.clock.track(createSend({})),
      greet: (...args: Parameters<Greet>) => this.greet(...args),
    });
    const client = createDbcClient({
      endpoint: options.endpoint ?? this.simulator.url,
      endpointIsDefault: options.isDefault ?? false,
      credentials,
      apiGeneration: this.apiGeneration,
      effects: this.#effects,
    });
    this.#site = new Site(client, this.#effects, undefined, options.allowStop ?? false, {
      asking: new Asking(this.#effects.clock, this.asks),
    });
  }

  get site(): Site {
    if (!this.#site) this.restart();
    if (!this.#site) throw new Error("there is no site");
    return this.#site;
  }

  context(inputs: Values): Context<Site> {
    const { site } = this;
    return {
      site,
      clock: this.#effects?.clock ?? this.clock,
      random: this.#effects?.random ?? this.#random,
      hidden: lifecycle.hiddenOf(inputs),
      progress: (text) => void (this.progress.at(-1) === text || this.progress.push(text)),
      warn: (text) => void this.warnings.push(text),
      done: () => undefined,
    };
  }

  /** Runs `work` while virtual time passes, or until the provider process is dead. */
  run<T>(work: Promise<T>): Promise<T> {
    const ends = this.death ? Promise.race([work, this.death]) : work;
    return this.clock.runUntil(ends, 14 * 24 * 3_600_000);
  }

  async check<S extends Shape>(
    definition: Definition<S, Site>,
    olds: Values,
    news: Values,
  ): Promise<{ inputs: Values; reasons: string[] }> {
    return this.run(
      lifecycle.check(definition as unknown as Definition<Shape, Site>, async () => this.site, olds, news),
    );
  }

  /** A create as the engine makes it; partial state is recorded, a plain error is thrown. */
  async create<S extends Shape>(definition: Definition<S, Site>, news: Values): Promise<Recorded> {
    const { inputs, reasons } = await this.check(definition, {}, news);
    if (reasons.length > 0) throw new Error(reasons.join("\n"));
    return this.#recorded(
      inputs,
      lifecycle.create(definition as unknown as Definition<Shape, Site>, this.context(inputs), inputs),
    );
  }

  /** An update as the engine makes it, after `check` and `diff`; a replacement deletes first, then creates. */
  async update<S extends Shape>(
    definition: Definition<S, Site>,
    recorded: Recorded,
    news: Values,
  ): Promise<Recorded & { readonly did: "nothing" | "update" | "replace" }> {
    const any = definition as unknown as Definition<Shape, Site>;
    const { inputs, reasons } = await this.check(definition, recorded.inputs, news);
    if (reasons.length > 0) throw new Error(reasons.join("\n"));
    const { changes, replaces } = lifecycle.diff(any, recorded.state, inputs);
    any.planned?.(this.site, recorded.id, recorded.state, inputs, { changes, replaces });
    if (!changes) return { ...recorded, inputs, did: "nothing" };
    if (replaces.length > 0) {
      await this.delete(definition, recorded);
      return { ...(await this.create(definition, news)), did: "replace" };
    }
    const work = lifecycle
      .update(any, this.context(inputs), recorded.id, recorded.state, inputs)
      .then((state) => ({ id: recorded.id, state }));
    return { ...(await this.#recorded(inputs, work)), did: "update" };
  }

  /** A refresh; `undefined` when the resource is gone. */
  async refresh<S extends Shape>(
    definition: Definition<S, Site>,
    recorded: Recorded,
  ): Promise<Recorded | undefined> {
    const found = await this.run(
      lifecycle.read(
        definition as unknown as Definition<Shape, Site>,
        this.context(recorded.inputs),
        recorded.id,
        recorded.state,
      ),
    );
    return found && { id: recorded.id, inputs: found.inputs, state: found.state };
  }

  async get<S extends Shape>(definition: Definition<S, Site>, id: string): Promise<Values | undefined> {
    return (
      await this.run(
        lifecycle.read(definition as unknown as Definition<Shape, Site>, this.context({}), id, {}),
      )
    )?.state;
  }

  async delete<S extends Shape>(definition: Definition<S, Site>, recorded: Recorded): Promise<void> {
    await this.run(
      lifecycle.remove(
        definition as unknown as Definition<Shape, Site>,
        this.context(recorded.inputs),
        recorded.id,
        recorded.state,
      ),
    );
  }

  async #recorded(inputs: Values, work: Promise<{ id: string; state: Values }>): Promise<Recorded> {
    try {
      return { inputs, ...(await this.run(work)) };
    } catch (error) {
      if (!(error instanceof PartialState)) throw error;
      return { id: error.id, inputs, state: error.state, reason: error.reason };
    }
  }

  /** The machines that a node lists. */
  tasks(nodeId: string = NODE) {
    return Object.values(this.simulator.requireNode(nodeId).tasks);
  }

  /** The requests that asked for a change, as `operation {additional}`. */
  writes(): string[] {
    return this.simulator.requests.filter(({ write }) => write).map((request) => shown(request));
  }
}

const shown = ({ operation, additional }: LoggedRequest): string =>
  typeof additional === "object" && additional !== null && Object.keys(additional).length > 0
    ? `${operation} ${JSON.stringify(additional)}`
    : operation;
