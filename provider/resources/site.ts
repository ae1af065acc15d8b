import { NODE_LOST } from "../api/dbc/texts";
import type {
  DbcClient,
  Disk,
  ImageSummary,
  NodeInfo,
  NodeSummary,
  Snapshot,
  TaskSummary,
} from "../api/dbc/types";
import type { InterconnectClient } from "../api/interconnect/types";
import type { Clock, Greet, Random } from "../core/effects";
import { isRemote, type RemoteError, UserError } from "../core/errors";
import { Watch } from "../core/watch";
import { Asking } from "./asking";
import type { ContainerSite } from "./container-site";
import { Holds } from "./holds";
import { PowerBook } from "./power-book";

/** Hardware does not change between two questions. */
const NODE_AGE_MS = 60_000;

/** How old a list of the nodes may be that tells whether one is back. */
const KNOWN_AGE_MS = 2_000;

/** Which images of a node are to be listed. */
export interface ImageView {
  /** Also those with a backing file that this server has too. */
  readonly imageServer?: string | undefined;
  /** Also the system disks of one's own stopped VMs. */
  readonly own?: boolean;
  readonly rentOrder?: string | undefined;
}

/** Where a VM is, and under which rental. */
interface VmPlace {
  readonly nodeId: string;
  readonly taskId: string;
  readonly rentOrder: string | undefined;
}

/** What the resources of one provider process share: one client, and one watcher per node. */
export class Site {
  readonly #nodes = new Map<string, { readonly at: number; readonly info: Promise<NodeInfo> }>();
  readonly #watches = new Map<string, Watch<TaskSummary>>();
  /** Nodes that the client node has heard nothing of for minutes, and how it said so. */
  readonly #lost = new Map<string, RemoteError>();
  readonly #known: Watch<NodeSummary>;
  #container: ContainerSite | undefined;
  #interconnect: InterconnectClient | undefined;
  readonly #imageLists = new Map<string, Watch<ImageSummary>>();
  readonly #diskLists = new Map<string, Watch<Disk>>();
  readonly #snapshotLists = new Map<string, Watch<Snapshot>>();
  /** Who needs which VM off, and when. */
  readonly power: PowerBook;
  /** Who of the program stands for what. */
  readonly holds = new Holds();
  /** The questions of a plan. */
  readonly asking: Asking;

  constructor(
    readonly client: DbcClient,
    readonly effects: { readonly clock: Clock; readonly random: Random; readonly greet: Greet },
    /** Per-GPU rental order for resources that name none. */
    readonly rentOrder: string | undefined,
    /** Consent, for this run, to power running VMs off. */
    readonly allowStop: boolean,
    /** Other systems, opened at the first need: settings that are wrong must not stop what needs none. */
    private readonly others: {
      readonly container?: () => ContainerSite;
      readonly interconnect?: () => InterconnectClient;
      /** On a clock of its own: people wait for a plan, however fast a simulator's time runs. */
      readonly asking?: Asking;
    } = {},
  ) {
    this.asking = others.asking ?? new Asking(effects.clock, true);
    this.power = new PowerBook(effects.clock);
    this.#known = new Watch(() => client.listNodes(), effects.clock, effects.random);
  }

  /** The account of the container platform. */
  get container(): ContainerSite {
    this.#container ??= this.others.container?.();
    if (this.#container === undefined) throw new UserError("no container platform is set up here.");
    return this.#container;
  }

  /** The client of the interconnection platform. */
  get interconnect(): InterconnectClient {
    this.#interconnect ??= this.others.interconnect?.();
    if (this.#interconnect === undefined) throw new UserError("no interconnection platform is set up here.");
    return this.#interconnect;
  }

  /** The watcher of a node's task list. */
  tasks(nodeId: string, rentOrder: string | undefined): Watch<TaskSummary> {
    const key = `${nodeId}/${rentOrder ?? ""}`;
    let watch = this.#watches.get(key);
    if (!watch) {
      watch = new Watch(() => this.#listTasks(nodeId, rentOrder), this.effects.clock, this.effects.random);
      this.#watches.set(key, watch);
    }
    return watch;
  }

  /**
   * A node that the client node has lost is not asked again until the client node's own list has it: that list costs
   * the node nothing and shows its return within seconds.
   */
  async #listTasks(nodeId: string, rentOrder: string | undefined): Promise<TaskSummary[]> {
    const loss = this.#lost.get(nodeId);
    if (loss) {
      const known = await this.#known.recent(KNOWN_AGE_MS);
      if (!known.some((node) => node.nodeId === nodeId)) throw loss;
      this.#lost.delete(nodeId);
    }
    try {
      return await this.client.listTasks(nodeId, { rentOrder });
    } catch (error) {
      if (isRemote(error, "unavailable") && error.said === NODE_LOST) this.#lost.set(nodeId, error);
      throw error;
    }
  }

  /** The watcher of a VM's list of disks: all that stand on one VM share it. */
  disks({ nodeId, taskId, rentOrder }: VmPlace): Watch<Disk> {
    const key = `${nodeId}/${taskId}/${rentOrder ?? ""}`;
    let watch = this.#diskLists.get(key);
    if (!watch) {
      watch = new Watch(
        () => this.#listDisks(nodeId, taskId, rentOrder),
        this.effects.clock,
        this.effects.random,
      );
      this.#diskLists.set(key, watch);
    }
    return watch;
  }

  /** The list prints 1500 GiB as "1T" (UT 42); the VM's details print it as "1500G", and are asked only then. */
  async #listDisks(nodeId: string, taskId: string, rentOrder: string | undefined): Promise<Disk[]> {
    const disks = await this.client.listDisks(nodeId, taskId, { rentOrder });
    if (!disks.some(({ size }) => /[TP]$/.test(size))) return disks;
    const detail = await this.client.getTask(nodeId, taskId, { rentOrder });
    return disks.map((disk) => {
      const gib = /^(\d+(?:\.\d+)?)G$/.exec(
        detail.disks.find(({ file }) => file === disk.file)?.size ?? "",
      )?.[1];
      return gib === undefined ? disk : { ...disk, size: `${gib}G`, sizeGib: Number(gib) };
    });
  }

  /** The watcher of a VM's list of snapshots. */
  snapshots({ nodeId, taskId, rentOrder }: VmPlace): Watch<Snapshot> {
    const key = `${nodeId}/${taskId}/${rentOrder ?? ""}`;
    let watch = this.#snapshotLists.get(key);
    if (!watch) {
      watch = new Watch(
        () => this.client.listSnapshots(nodeId, taskId, { rentOrder }),
        this.effects.clock,
        this.effects.random,
      );
      this.#snapshotLists.set(key, watch);
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
