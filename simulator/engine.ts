import type { SimulatorClock, Timer } from "./clock";
import type { Dice } from "./dice";
import type { Faults } from "./fault";
import { Miner } from "./miner/miner";
import type { Profile } from "./profile";
import type { RequestLog } from "./request-log";
import type { StateFile } from "./state-file";
import type { NodeState } from "./world/node";
import type { World } from "./world/world";

/** Everything that the parts of the simulator share. */
export class Engine {
  readonly #miners = new Map<string, Miner>();
  readonly #touched = new Set<string>();
  readonly #timers = new Map<string, Timer>();

  constructor(
    public world: World,
    readonly clock: SimulatorClock,
    readonly dice: Dice,
    public profile: Profile,
    public faults: Faults,
    readonly log: RequestLog,
    readonly stateFile: StateFile | undefined,
  ) {}

  /** A node that is about to be read or changed; whatever changed is saved by the next `save`. */
  node(id: string): NodeState | undefined {
    const node = this.world.nodes[id];
    if (node !== undefined) this.#touched.add(id);
    return node;
  }

  /** The node that answers for an id: itself, or the manager of a bare-metal server. */
  host(id: string): NodeState | undefined {
    const manager = Object.values(this.world.nodes).find((node) =>
      node.servers.some((server) => server.nodeId === id),
    );
    return this.node(manager?.id ?? id);
  }

  miner(id: string): Miner {
    let miner = this.#miners.get(id);
    if (miner === undefined) {
      miner = new Miner(this, id);
      this.#miners.set(id, miner);
    }
    return miner;
  }

  /** (Re)sets the one timer of this name. */
  schedule(name: string, time: number | undefined, task: () => void): void {
    this.#timers.get(name)?.cancel();
    if (time === undefined) this.#timers.delete(name);
    else this.#timers.set(name, this.clock.at(time, task));
  }

  /** Takes up the work that the world holds: after a start, a restart, or a new seed. */
  resume(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    this.#miners.clear();
    for (const id of Object.keys(this.world.nodes)) this.miner(id).resume();
  }

  /** Makes all changes so far durable; an answer leaves only after this. */
  async save(): Promise<void> {
    if (this.stateFile === undefined) {
      this.#touched.clear();
      return;
    }
    const done = this.clock.busy();
    try {
      const touched = [...this.#touched];
      this.#touched.clear();
      await this.stateFile.save(this, touched);
    } finally {
      done();
    }
  }

  /** Saves in the background, for steps that nobody waits for. */
  saveSoon(): void {
    this.save().catch((error: unknown) => {
      this.failure = error;
    });
  }

  /** A failure to save; from then on nothing is answered any more. */
  failure: unknown;
}
