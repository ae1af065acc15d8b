/** Lifecycles as the engine would run them: real definitions, real HTTP, a simulated platform, virtual time. */
import { type ContainerClientOptions, createContainerClient } from "../../provider/api/container/client";
import { createSend } from "../../provider/api/http";
import type { Values } from "../../provider/core/check";
import { newKey } from "../../provider/core/key";
import * as lifecycle from "../../provider/core/lifecycle";
import { type Context, type Definition, PartialState, type Shape } from "../../provider/core/resource";
import { ContainerSite } from "../../provider/resources/container-site";
import { containerTask } from "../../provider/resources/container-task";
import { Site } from "../../provider/resources/site";
import { VirtualClock } from "../../simulator/clock";
import {
  type ContainerSimulator,
  type ContainerSimulatorOptions,
  startContainerSimulator,
} from "../../simulator/container/simulator";
import type { Group } from "../../simulator/container/world";
import { countingRandom } from "../api/fakes";
import { ACCOUNT, IMAGE } from "./platform";

const definition = containerTask as unknown as Definition<Shape, Site>;

/** What the engine keeps of a resource. */
export interface Recorded {
  readonly id: string;
  readonly inputs: Values;
  readonly state: Values;
  /** Why the last step did not end well, if so. */
  readonly reason?: string;
}

export const TASK = {
  __key: newKey(countingRandom()),
  name: "trainer",
  resourceGroup: "TeslaM40",
  taskType: "jupyter",
  image: IMAGE,
  acceleratorType: "gpu",
  cpuCores: 4,
  ramMib: 16_384,
  ports: [
    { port: 18_888, protocol: "http" },
    { port: 22, protocol: "ssh" },
  ],
} as const;

/** A simulated platform and one stack's worth of engine. */
export class ContainerLab {
  readonly progress: string[] = [];
  readonly warnings: string[] = [];
  readonly #random = countingRandom();
  #site: Site | undefined;

  private constructor(
    readonly clock: VirtualClock,
    readonly simulator: ContainerSimulator,
  ) {}

  static async open(options: ContainerSimulatorOptions = {}): Promise<ContainerLab> {
    const clock = new VirtualClock();
    return new ContainerLab(clock, await startContainerSimulator({ ...options, clock }));
  }

  close(): Promise<void> {
    return this.simulator.close();
  }

  /** As a new provider process: nothing is remembered. */
  restart(
    options: Partial<ContainerClientOptions> & { allowStop?: boolean; preflight?: boolean } = {},
  ): void {
    const { allowStop = false, preflight = true, ...more } = options;
    const { clock } = this;
    const effects = { clock, random: this.#random, send: clock.track(createSend()) };
    const client = createContainerClient({
      loginEndpoint: this.simulator.url,
      endpoint: this.simulator.url,
      credentials: ACCOUNT,
      region: "11112",
      effects,
      ...more,
    });
    this.#site = new Site(
      new Proxy({} as never, {}),
      { ...effects, greet: async () => "" },
      undefined,
      allowStop,
      { container: () => new ContainerSite(client, effects, preflight) },
    );
  }

  get site(): Site {
    if (!this.#site) this.restart();
    if (!this.#site) throw new Error("there is no site");
    return this.#site;
  }

  context(inputs: Values): Context<Site> {
    return {
      site: this.site,
      clock: this.clock,
      random: this.#random,
      hidden: lifecycle.hiddenOf(inputs),
      progress: (text) => void (this.progress.at(-1) === text || this.progress.push(text)),
      warn: (text) => void this.warnings.push(text),
      done: () => undefined,
    };
  }

  /** Runs `work` while virtual time passes. */
  run<T>(work: Promise<T>): Promise<T> {
    return this.clock.runUntil(work, 30 * 24 * 3_600_000);
  }

  check(olds: Values, news: Values): Promise<{ inputs: Values; reasons: string[] }> {
    return this.run(lifecycle.check(definition, async () => this.site, olds, news));
  }

  /** A create as the engine makes it; partial state is recorded, a plain error is thrown. */
  async create(news: Values): Promise<Recorded> {
    const inputs = await this.#checked({}, news);
    return this.#recorded(inputs, lifecycle.create(definition, this.context(inputs), inputs));
  }

  /** An update as the engine makes it; a replacement deletes first, then creates. */
  async update(
    recorded: Recorded,
    news: Values,
  ): Promise<Recorded & { readonly did: "nothing" | "update" | "replace" }> {
    const inputs = await this.#checked(recorded.inputs, news);
    const { changes, replaces } = lifecycle.diff(definition, recorded.state, inputs);
    definition.planned?.(this.site, recorded.id, recorded.state, inputs, { changes, replaces });
    if (!changes) return { ...recorded, inputs, did: "nothing" };
    if (replaces.length > 0) {
      await this.delete(recorded);
      return { ...(await this.create(news)), did: "replace" };
    }
    const work = lifecycle
      .update(definition, this.context(inputs), recorded.id, recorded.state, inputs)
      .then((state) => ({ id: recorded.id, state }));
    return { ...(await this.#recorded(inputs, work)), did: "update" };
  }

  /** A refresh; `undefined` when the resource is gone. */
  async refresh(recorded: Recorded): Promise<Recorded | undefined> {
    const found = await this.run(
      lifecycle.read(definition, this.context(recorded.inputs), recorded.id, recorded.state),
    );
    return found && { id: recorded.id, inputs: found.inputs, state: found.state };
  }

  async get(id: string): Promise<Values | undefined> {
    return (await this.run(lifecycle.read(definition, this.context({}), id, {})))?.state;
  }

  delete(recorded: Recorded): Promise<void> {
    return this.run(lifecycle.remove(definition, this.context(recorded.inputs), recorded.id, recorded.state));
  }

  /** The group that the tasks of these tests are in. */
  get group(): Group {
    const found = this.simulator.world.regions[0]?.groups.find(({ name }) => name === TASK.resourceGroup);
    if (!found) throw new Error("there is no such group");
    return found;
  }

  /** Fills nodes of the group with other people's work. */
  busy(nodes: number): void {
    this.group.busyNodes = nodes;
    this.simulator.settle();
  }

  /** Has the platform do something behind everybody's back. */
  async behind(command: "stop-task" | "delete-task", { state }: Recorded): Promise<void> {
    const body = JSON.stringify({ id: state.instanceId });
    const done = await fetch(`${this.simulator.url}/_control/${command}`, { method: "POST", body });
    if (!done.ok) throw new Error(await done.text());
    // what was seen of the list before is not asked for again within a minute
    await this.clock.advance(61_000);
  }

  /** The requests that asked for a change, by operation. */
  writes(): string[] {
    return this.simulator.requests.filter(({ write }) => write).map(({ operation }) => operation);
  }

  async #checked(olds: Values, news: Values): Promise<Values> {
    const { inputs, reasons } = await this.check(olds, news);
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
