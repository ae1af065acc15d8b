/** Many nodes with many VMs each, in virtual time: what the node is asked is counted in the simulator's own log. */
import type { Values } from "../../provider/core/check";
import * as lifecycle from "../../provider/core/lifecycle";
import type { Definition, Shape } from "../../provider/core/resource";
import type { Site } from "../../provider/resources/site";
import { vm } from "../../provider/resources/vm";
import { alice, type Profile, profiles, type WorldSeed } from "../../simulator";
import { Lab } from "../resources/lab";
import { nodeIdOf, vmInputs } from "./fleet-inputs";

const SECOND = 1_000;

/** Eight creates, one after another as a node works, take some 270 s of these. */
export const RANDOM_TIMES: Profile = {
  ...profiles.fast,
  name: "typical",
  define: [SECOND, 18 * SECOND],
  lease: [3 * SECOND, 26 * SECOND],
  password: [SECOND, 19 * SECOND],
  leaseGivesUp: 300 * SECOND,
  passwordGivesUp: 300 * SECOND,
};

/** Every create takes this long, and they come one after another. */
export const steady = (seconds: number): Profile => ({
  ...profiles.fast,
  name: "typical",
  define: [seconds * 400, seconds * 400],
  lease: [seconds * 400, seconds * 400],
  password: [seconds * 200, seconds * 200],
  leaseGivesUp: 3_600 * SECOND,
  passwordGivesUp: 3_600 * SECOND,
});

/** Roomy nodes, so that nothing but time and requests is short. */
export const worldOf = (nodes: number): WorldSeed => ({
  nodes: Array.from({ length: nodes }, (_, index) => ({
    id: nodeIdOf(index),
    name: `gpu-${index + 1}`,
    images: ["ubuntu.qcow2"],
    rentals: [{ renter: alice }],
    hardware: { coresPerSocket: 257, memoryGib: 8_192, dataGib: 65_536 },
  })),
});

const definition = vm as unknown as Definition<Shape, Site>;

/** What became of one VM: when its node had it running, and when its create had returned, on the clock. */
export interface Arrival {
  readonly nodeId: string;
  readonly readyAt: number;
  readonly returnedAt: number;
}

export interface Made {
  readonly id: string;
  readonly state: Values;
}

/** Nodes with VMs that are made all at once by one provider process. */
export class Fleet {
  readonly made: Made[] = [];
  /** When each task was running, by node and task. */
  readonly #readyAt = new Map<string, number>();
  readonly nodeIds: readonly string[];

  private constructor(
    readonly lab: Lab,
    nodes: number,
    readonly vms: number,
  ) {
    this.nodeIds = Array.from({ length: nodes }, (_, index) => nodeIdOf(index));
    // a status changes in a timer of the simulator's
    const at = lab.clock.at.bind(lab.clock);
    lab.clock.at = (time, task) =>
      at(time, () => {
        task();
        this.#look();
      });
  }

  static async open(nodes: number, vms: number, profile: Profile, randomSeed = 1): Promise<Fleet> {
    return new Fleet(await Lab.open({ seed: worldOf(nodes), profile, randomSeed }), nodes, vms);
  }

  async close(): Promise<void> {
    for (const nodeId of this.nodeIds) await this.lab.simulator.setLink(nodeId, "online");
    await this.lab.close();
  }

  #look(): void {
    for (const nodeId of this.nodeIds)
      for (const [taskId, { status }] of Object.entries(this.lab.simulator.world.nodes[nodeId]?.tasks ?? {}))
        if (status === "running" && !this.#readyAt.has(`${nodeId}/${taskId}`))
          this.#readyAt.set(`${nodeId}/${taskId}`, this.lab.clock.now());
  }

  readyAt(id: string): number {
    const at = this.#readyAt.get(id);
    if (at === undefined) throw new Error(`${id} was never ready`);
    return at;
  }

  /** Every VM of a node that there is to make. */
  inputsOf(nodeId: string): Values[] {
    return Array.from({ length: this.vms }, (_, index) => ({
      ...vmInputs(nodeId, index),
      // a VM's tasks are told by the first 20 characters of its key
      __key: `pd1${(this.nodeIds.indexOf(nodeId) * 1_000 + index).toString(36).padStart(10, "0")}aaaaaaaaa`,
      __urn: `urn:pulumi:bench::bench::pulumi-nodejs:dynamic/dbc:Vm::vm-${index}`,
    }));
  }

  /** Starts every VM of a node, as the engine's steps do, at the same time. */
  startNode(nodeId: string): Promise<Arrival>[] {
    return this.inputsOf(nodeId).map((inputs) => this.#create(nodeId, inputs));
  }

  async #create(nodeId: string, given: Values): Promise<Arrival> {
    const { lab } = this;
    const { inputs, reasons } = await lifecycle.check(definition, async () => lab.site, {}, given);
    if (reasons.length > 0) throw new Error(reasons.join("\n"));
    const { id, state } = await lifecycle.create(definition, lab.context(inputs), inputs);
    this.made.push({ id, state });
    return { nodeId, readyAt: this.readyAt(id), returnedAt: lab.clock.now() };
  }

  /** Makes every VM and waits for all. */
  async up(): Promise<Arrival[]> {
    return this.lab.run(Promise.all(this.nodeIds.flatMap((nodeId) => this.startNode(nodeId))));
  }

  /** Refreshes every VM in a new provider process. */
  async refresh(): Promise<void> {
    this.lab.restart();
    await this.lab.run(
      Promise.all(
        this.made.map(({ id, state }) => lifecycle.read(definition, this.lab.context(state), id, state)),
      ),
    );
  }

  /** How many requests of a kind each node has had, from `since` (the simulator's own time) on. */
  counts(operation?: string, untilMs = Number.POSITIVE_INFINITY): Map<string, number> {
    const counts = new Map(this.nodeIds.map((nodeId) => [nodeId, 0]));
    for (const request of this.lab.simulator.requests)
      if (
        request.nodeId !== "" &&
        (operation === undefined || request.operation === operation) &&
        Date.parse(request.time) <= untilMs
      )
        counts.set(request.nodeId, (counts.get(request.nodeId) ?? 0) + 1);
    return counts;
  }
}
