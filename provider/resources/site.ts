import type { DbcClient, TaskSummary } from "../api/dbc/types";
import type { Clock, Greet, Random } from "../core/effects";
import { Watch } from "../core/watch";

/** What the resources of one provider process share: one client, and one watcher per node. */
export class Site {
  readonly #watches = new Map<string, Watch<TaskSummary>>();

  constructor(
    readonly client: DbcClient,
    readonly effects: { readonly clock: Clock; readonly random: Random; readonly greet: Greet },
    /** Per-GPU rental order for resources that name none. */
    readonly rentOrder: string | undefined,
    /** Consent, for this run, to power running VMs off. */
    readonly allowStop: boolean,
  ) {}

  /** The watcher of a node's task list. */
  tasks(nodeId: string, rentOrder: string | undefined): Watch<TaskSummary> {
    const key = `${nodeId}/${rentOrder ?? ""}`;
    let watch = this.#watches.get(key);
    if (!watch) {
      watch = new Watch(
        () => this.client.listTasks(nodeId, { rentOrder }),
        this.effects.clock,
        this.effects.random,
      );
      this.#watches.set(key, watch);
    }
    return watch;
  }
}
