import type { SimulatorClock } from "../clock";
import { Dice } from "../dice";
import type { FaultOrder } from "../fault";
import type { Commands } from "./commands";
import { Document } from "./document";
import type { ServiceLogEntry } from "./request-log";
import {
  clockOf,
  Service,
  type ServiceOptions,
  type ServiceRequest,
  type Simulated,
  type Understood,
} from "./service";

/** What a platform consists of. */
interface PlatformWorld {
  readonly switches: object;
}

export interface PlatformOptions<World extends PlatformWorld> extends ServiceOptions {
  /** What the platform is made of, when the file holds nothing yet; a small one when absent. */
  readonly world?: World | undefined;
  /** Changes of the world's switches. */
  readonly switches?: Partial<World["switches"]> | undefined;
}

interface Saved<World> {
  readonly world: World;
  readonly dice: number;
}

/** A simulated platform: a world that is served, kept in a file, and left to chance that can be repeated. */
export abstract class Platform<World extends PlatformWorld, Extra extends object = object>
  implements Simulated
{
  readonly service: Service;
  readonly clock: SimulatorClock;
  readonly #ownsClock: boolean;
  world: World;
  protected readonly dice: Dice;
  readonly #document: Document<Saved<World> & Extra>;
  /** What the file held of a kind's own. */
  protected readonly earlier: Partial<Extra>;

  constructor(options: PlatformOptions<World>, initial: () => World) {
    this.#document = new Document(options.stateFile);
    const saved = this.#document.load();
    this.earlier = saved ?? {};
    this.clock = clockOf(options, this.#document.stamp);
    this.#ownsClock = options.clock === undefined || options.clock === "virtual";
    this.world = saved?.world ?? options.world ?? initial();
    Object.assign(this.world.switches, options.switches);
    this.dice = new Dice(saved?.dice ?? options.randomSeed ?? 1);
    this.service = new Service(this.clock, this);
  }

  abstract readonly commands: Commands;
  abstract understand(request: ServiceRequest): Understood;
  /** What is kept besides the world and chance. */
  protected abstract extra(): Extra;

  get url(): string {
    return this.service.url;
  }

  /** The requests so far, whether accepted or not, without the control endpoint's own. */
  get requests(): readonly ServiceLogEntry[] {
    return this.service.log.entries;
  }

  arm(fault: FaultOrder): number {
    return this.service.faults.arm(fault);
  }

  save(): void {
    this.#document.save({ world: this.world, dice: this.dice.state, ...this.extra() }, this.clock.time());
  }

  async close(): Promise<void> {
    await this.service.close();
    if (this.#ownsClock) this.clock.stop();
  }
}
