import { RemoteError } from "../../../core/errors";
import { shortNode } from "../requests";
import type { CallOptions, NodeInfo, NodeSummary } from "../types";
import { type ApiGeneration, type Generation, generationOf } from "./generation";

/** How versions are learned. */
export interface Sources {
  /** The client node's own table: one question for all nodes, and none of them is troubled. */
  listNodes(options: CallOptions): Promise<NodeSummary[]>;
  getNode(nodeId: string, options: CallOptions): Promise<NodeInfo | undefined>;
}

/**
 * The generation of each node, decided once: a node that is taken for another kind would be sent an order without our
 * key, or one that it doesn't know. So nothing is guessed; without a version nothing is sent.
 */
export class Generations {
  readonly #decided = new Map<string, Generation>();
  #table: Promise<NodeSummary[]> | undefined;

  constructor(
    private readonly setting: ApiGeneration,
    private readonly sources: Sources,
  ) {}

  async of(id: string, options: CallOptions): Promise<Generation> {
    if (this.setting !== "auto") return this.setting;
    const nodeId = id.toLowerCase();
    // what is no id of a node is refused by the call itself
    if (!/^[0-9a-f]{64}$/.test(nodeId)) return "current";
    if (!this.#decided.has(nodeId)) await this.#readTable(options);
    const known =
      this.#decided.get(nodeId) ?? generationOf((await this.sources.getNode(id, options))?.version);
    if (known === undefined)
      throw new RemoteError(
        "unavailable",
        `could not tell the API generation of ${shortNode(nodeId)}: it tells no version; set dbc:apiGeneration or DBC_API_GENERATION to current or legacy`,
      );
    this.#decided.set(nodeId, known);
    return known;
  }

  async #readTable(options: CallOptions): Promise<void> {
    this.#table ??= this.sources.listNodes(options).finally(() => {
      this.#table = undefined;
    });
    for (const { nodeId, version } of await this.#table) {
      const generation = generationOf(version);
      if (generation !== undefined && !this.#decided.has(nodeId)) this.#decided.set(nodeId, generation);
    }
  }
}
