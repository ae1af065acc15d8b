import type { DbcClient, ImageSummary, NodeInfo, TaskSummary } from "../api/dbc/types";
import type { Clock, Greet, Random } from "../core/effects";
import { Watch } from "../core/watch";

/** Hardware does not change between two questions. */
const NODE_AGE_MS = 60_000;

/** Which images of a node are to be listed. */
export interface ImageView {
  /** Also those with a backing file that this server has too. */
  readonly imageServer?: string | undefined;
  /** Also the system disks of one's own stopped VMs. */
  readonly own?: boolean;
  readonly rentOrder?: string | undefined;
}

/** What the resources of one provider process share: one client, and one watcher per node. */
export class Site {
  readonly #nodes = new Map<string, { readonly at: number; readonly info: Promise<NodeInfo> }>();
  readonly #watches = new Map<string, Watch<TaskSummary>>();
  readonly #imageLists = new Map<string, Watch<ImageSummary>>();

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

  /** The watcher of a node's list of images, as far as `view` shows it. */
  nodeImages(nodeId: string, view: ImageView): Watch<ImageSummary> {
    return this.#images(JSON.stringify([nodeId, view.imageServer, view.own, view.rentOrder]), () =>
      this.client.listImages(nodeId, view),
    );
  }

  /** The watcher of an image server's list, which is to be asked for seldom: the client node stalls meanwhile. */
  serverImages(imageServer: string): Watch<ImageSummary> {
    return this.#images(imageServer, () => this.client.listServerImages(imageServer));
  }

  #images(key: string, ask: () => Promise<ImageSummary[]>): Watch<ImageSummary> {
    let watch = this.#imageLists.get(key);
    if (!watch) {
      watch = new Watch(ask, this.effects.clock, this.effects.random);
      this.#imageLists.set(key, watch);
    }
    return watch;
  }

  /** What a node is made of, at most a minute old: many VMs on one node ask once. */
  node(nodeId: string): Promise<NodeInfo> {
    const known = this.#nodes.get(nodeId);
    const now = this.effects.clock.now();
    if (known && now - known.at < NODE_AGE_MS) return known.info;
    const info = this.client.getNode(nodeId);
    this.#nodes.set(nodeId, { at: now, info });
    info.catch(() => this.#nodes.delete(nodeId));
    return info;
  }
}
