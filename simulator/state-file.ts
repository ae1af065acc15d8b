import { createRequire } from "node:module";
import type { Engine } from "./engine";
import { type ArmedFault, Faults } from "./fault";
import type { NodeState } from "./world/node";
import { Nonces } from "./world/nonces";
import type { Task } from "./world/task";
import type { World } from "./world/world";

type Operation = { type: "put"; key: string; value: string } | { type: "del"; key: string };

/** The part of classic-level that is used; it is an optional dependency and loaded only when a folder is given. */
interface Database {
  open(): Promise<void>;
  close(): Promise<void>;
  batch(operations: Operation[]): Promise<void>;
  clear(range?: { gte: string; lt: string }): Promise<void>;
  iterator(): AsyncIterable<[string, string]>;
}

/** What was saved. */
export interface SavedState {
  world: World;
  dice: number;
  faults: Faults;
  /** Simulated and real time of the last save. */
  time: number;
  realTime: number;
}

interface Head {
  client: World["client"];
  imageServers: World["imageServers"];
  lans: World["lans"];
  chain: World["chain"];
  nodes: string[];
}

function openDatabase(folder: string): Database {
  try {
    const { ClassicLevel } = createRequire(__filename)("classic-level") as {
      ClassicLevel: new (folder: string) => Database;
    };
    return new ClassicLevel(folder);
  } catch {
    throw new Error(
      "State on disk needs the package classic-level, which is not installed here: install it, or leave the state folder out to run in memory.",
    );
  }
}

/**
 * The world on disk: one document for each node, task and nonce, written in one atomic batch per step, so that a
 * simulator killed at any moment comes back whole. Only documents that differ from what was written are written.
 */
export class StateFile {
  readonly #written = new Map<string, string>();
  /** Whose nonces are on disk; a node that restarts begins with none. */
  readonly #nonces = new Map<string, Nonces>();
  #queue: Promise<void> = Promise.resolve();

  private constructor(readonly database: Database) {}

  static async open(folder: string): Promise<StateFile> {
    const file = new StateFile(openDatabase(folder));
    await file.database.open();
    return file;
  }

  async load(): Promise<SavedState | undefined> {
    const seen: Record<string, string[]> = {};
    for await (const [key, value] of this.database.iterator()) {
      const [kind, id = "", nonce = ""] = split(key);
      if (kind === "nonce") {
        const nonces = seen[id] ?? [];
        nonces.push(nonce);
        seen[id] = nonces;
      } else this.#written.set(key, value);
    }
    const head = this.#read<Head>("head");
    const clock = this.#read<{ time: number; realTime: number; dice: number }>("clock");
    if (head === undefined || clock === undefined) return undefined;
    const nodes: World["nodes"] = {};
    for (const id of head.nodes) {
      const node = this.#read<NodeState>(`node/${id}`);
      if (node !== undefined) nodes[id] = { ...node, tasks: {} };
    }
    for (const [key, value] of this.#written) {
      const [kind, id = "", rest = ""] = split(key);
      const node = nodes[id];
      if (kind === "task" && node !== undefined) node.tasks[rest] = JSON.parse(value) as Task;
    }
    const nonces = Object.fromEntries(Object.entries(seen).map(([id, list]) => [id, new Nonces(list)]));
    for (const [id, list] of Object.entries(nonces)) this.#nonces.set(id, list);
    const { client, imageServers, lans, chain } = head;
    return {
      world: { client, imageServers, lans, chain, nodes, nonces },
      dice: clock.dice,
      faults: new Faults(this.#read<ArmedFault[]>("faults")),
      time: clock.time,
      realTime: clock.realTime,
    };
  }

  /** Everything changed is handed over before this returns; the promise resolves when it is durable. */
  save(engine: Engine, touched: readonly string[]): Promise<void> {
    const operations: Operation[] = [];
    const put = (key: string, value: string) => {
      if (this.#written.get(key) === value) return;
      this.#written.set(key, value);
      operations.push({ type: "put", key, value });
    };
    const { client, imageServers, lans, chain, nodes } = engine.world;
    const head: Head = { client, imageServers, lans, chain, nodes: Object.keys(nodes) };
    put("head", JSON.stringify(head));
    put("faults", JSON.stringify(engine.faults.armed));
    for (const id of touched) this.#node(engine.world, id, put, operations);
    if (operations.length > 0) {
      const clock = { time: engine.clock.time(), realTime: Date.now(), dice: engine.dice.state };
      put("clock", JSON.stringify(clock));
      this.#queue = this.#queue.then(() => this.database.batch(operations));
    }
    return this.#queue;
  }

  /** Throws away what is on disk, for a new world. */
  async clear(): Promise<void> {
    this.#written.clear();
    this.#nonces.clear();
    this.#queue = this.#queue.then(() => this.database.clear());
    await this.#queue;
  }

  async close(): Promise<void> {
    await this.#queue.catch(() => undefined);
    await this.database.close();
  }

  #node(world: World, id: string, put: (key: string, value: string) => void, operations: Operation[]): void {
    const node = world.nodes[id];
    const { tasks = {}, ...rest } = node ?? {};
    if (node !== undefined) put(`node/${id}`, JSON.stringify(rest));
    for (const task of Object.values(tasks)) put(`task/${id}/${task.id}`, JSON.stringify(task));
    this.#forgetNonces(id, world.nonces[id]);
    for (const nonce of world.nonces[id]?.takeFresh() ?? [])
      operations.push({ type: "put", key: `nonce/${id}/${nonce}`, value: "" });
    for (const key of this.#written.keys()) {
      const [kind, nodeId, taskId = ""] = split(key);
      if (kind !== "task" || nodeId !== id || tasks[taskId] !== undefined) continue;
      this.#written.delete(key);
      operations.push({ type: "del", key });
    }
  }

  #forgetNonces(id: string, now: Nonces | undefined): void {
    const before = this.#nonces.get(id);
    if (before === now) return;
    if (now === undefined) this.#nonces.delete(id);
    else this.#nonces.set(id, now);
    // "0" comes right after "/".
    const range = { gte: `nonce/${id}/`, lt: `nonce/${id}0` };
    if (before !== undefined) this.#queue = this.#queue.then(() => this.database.clear(range));
  }

  #read<T>(key: string): T | undefined {
    const value = this.#written.get(key);
    return value === undefined ? undefined : (JSON.parse(value) as T);
  }
}

function split(key: string): [string, string?, string?] {
  const first = key.indexOf("/");
  if (first < 0) return [key];
  const second = key.indexOf("/", first + 1);
  if (second < 0) return [key.slice(0, first), key.slice(first + 1)];
  return [key.slice(0, first), key.slice(first + 1, second), key.slice(second + 1)];
}
