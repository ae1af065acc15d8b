import type {
  AcceleratorType,
  ContainerClient,
  ContainerLimits,
  ContainerTaskSummary,
} from "../api/container/types";
import type { Clock, Random } from "../core/effects";
import { Watch } from "../core/watch";

/** The nodes of a group do not change between two questions. */
const LIMITS_AGE_MS = 60_000;

/** What the container resources of one provider process share: one client, and one watcher per region. */
export class ContainerSite {
  readonly #watches = new Map<string, Watch<ContainerTaskSummary>>();
  readonly #limits = new Map<string, { readonly at: number; readonly limits: Promise<ContainerLimits> }>();

  constructor(
    readonly client: ContainerClient,
    private readonly effects: { readonly clock: Clock; readonly random: Random },
    /** Whether plans are held against what the platform has. */
    readonly preflight: boolean,
  ) {}

  /** The watcher of a region's task list. */
  tasks(regionId: string): Watch<ContainerTaskSummary> {
    let watch = this.#watches.get(regionId);
    if (!watch) {
      const { clock, random } = this.effects;
      watch = new Watch(() => this.client.listTasks(regionId), clock, random);
      this.#watches.set(regionId, watch);
    }
    return watch;
  }

  /** What a node of a group has, at most a minute old: many tasks in one group ask once. */
  limits(type: AcceleratorType, group: string, region: string | undefined): Promise<ContainerLimits> {
    const key = JSON.stringify([type, group, region]);
    const known = this.#limits.get(key);
    const now = this.effects.clock.now();
    if (known && now - known.at < LIMITS_AGE_MS) return known.limits;
    const limits = this.client.getLimits(type, group, region);
    this.#limits.set(key, { at: now, limits });
    limits.catch(() => this.#limits.delete(key));
    return limits;
  }
}
