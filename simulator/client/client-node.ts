import { setTimeout as wait } from "node:timers/promises";
import type { Timer } from "../clock";
import type { Engine } from "../engine";
import type { HttpReply, HttpRequest } from "../http/message";
import { JsonError, JsonTooDeep, parseJson } from "../json";
import { Site } from "../miner/site";
import type { Call, Forward, Listener } from "./call";
import { knownIds } from "./gossip";
import { type OperationName, operations, timeoutOf, timerKind } from "./operation";
import {
  badRequest,
  ClientCrash,
  ClientRefusal,
  internalError,
  prettyReply,
  refusalReply,
  responseError,
  textReply,
} from "./reply";
import { findRoute } from "./router";

/** How long the client node waits for a node (reference 0.5). */
export const windowMs = 30_000;
const maxParked = 1024;

/** What was found out about a request, for the log and the faults. */
export interface Understood {
  readonly operation: OperationName | "";
  readonly forward: Forward | undefined;
  readonly reply: HttpReply | undefined;
  readonly crashes: boolean;
}

/** The program that people talk to: it checks shapes, passes on, and waits (reference 0). */
export class ClientNode {
  /** Kinds whose time limit still has its callback: any end of a call of a kind takes it from all others. */
  readonly #callbacks = new Set<string>();
  #parked = 0;
  #alive = true;

  constructor(
    readonly engine: Engine,
    readonly listener: Listener,
    readonly died: () => void,
  ) {}

  get alive(): boolean {
    return this.#alive;
  }

  /** A process that aborted; its connections are cut, and new ones are closed until it is restarted. */
  die(): void {
    if (!this.#alive) return;
    this.#alive = false;
    if (this.listener.role === "client") this.engine.world.client.alive = false;
    this.died();
    const { restartsAfterMs } = this.engine.world.client;
    if (restartsAfterMs === null) return;
    wait(restartsAfterMs, undefined, { ref: false })
      .then(() => this.restart())
      .catch(() => undefined);
  }

  restart(): void {
    this.#alive = true;
    this.#parked = 0;
    this.#callbacks.clear();
    if (this.listener.role === "client") this.engine.world.client.alive = true;
  }

  /** Reads a request as far as the client node itself does. */
  understand(request: HttpRequest): Understood {
    let operation: OperationName | "" = "";
    try {
      const found = findRoute(request.uri, (path) => this.#call(request, path));
      operation = found.operation;
      const outcome = found.run();
      if ("status" in outcome) return { operation, forward: undefined, reply: outcome, crashes: false };
      const name = outcome.request.operation;
      if (isOperation(name)) operation = name;
      return { operation, forward: outcome, reply: undefined, crashes: false };
    } catch (error) {
      if (error instanceof ClientRefusal)
        return { operation, forward: undefined, reply: refusalReply(error), crashes: false };
      if (error instanceof ClientCrash)
        return { operation, forward: undefined, reply: undefined, crashes: true };
      throw error;
    }
  }

  #call(request: HttpRequest, path: string): Call {
    const { engine, listener } = this;
    const time = engine.clock.time();
    const node = listener.role === "client" ? undefined : engine.node(listener.id);
    return {
      method: request.method,
      path,
      body: request.body,
      listener,
      world: engine.world,
      time,
      known: knownIds(engine.world, time),
      random: (limit) => engine.dice.below(limit),
      own: node === undefined ? undefined : new Site(engine, node),
    };
  }

  /** Passes a request on and waits for the answer; resolves never when the time limit was lost. */
  async pass(forward: Forward, operation: OperationName): Promise<HttpReply> {
    const { engine, listener } = this;
    const { target, request } = forward;
    const refuse = (message: string) => prettyReply(badRequest, responseError, message);
    if (!knownIds(engine.world, engine.clock.time()).includes(target))
      return refuse("create node request failed");
    if (this.#parked >= maxParked) return refuse("create request session failed");
    const others = Object.values(engine.world.nodes).filter((node) => node.id !== listener.id);
    if (!engine.world.client.otherPeers && others.every((node) => node.link === "offline")) {
      // Neither the timer nor the session is taken back, and 30 s later the process answers a request that is gone.
      engine.clock.at(engine.clock.time() + windowMs + 300, () => this.die());
      return refuse("broadcast request failed");
    }
    this.#parked++;
    const reply = await new Promise<HttpReply>((resolve) => {
      const stop = this.#limit(operation, resolve);
      const host = engine.host(target);
      // A node does not send to itself, so that what it is asked about itself runs into the limit (recorded).
      if (host === undefined || host.id === listener.id) return;
      engine.miner(host.id).receive(request, (text) => {
        if (stop()) resolve(relay(text, operation));
      });
    });
    this.#parked--;
    return reply;
  }

  /**
   * Sets the time limit; the function that comes back says whether the request was still waiting. The callback is
   * kept by kind: ending one call takes it away from all calls of that kind, which then wait for ever (reference 0.5).
   */
  #limit(operation: OperationName, resolve: (reply: HttpReply) => void): () => boolean {
    const { clock, world } = this.engine;
    const kind = timerKind(operation);
    this.#callbacks.add(kind);
    const state = { waiting: true };
    const timer: Timer = clock.at(clock.time() + windowMs, () => {
      if (!state.waiting) return;
      const lost = world.client.losesTimeouts && !this.#callbacks.has(kind);
      this.#callbacks.delete(kind);
      if (lost) return;
      state.waiting = false;
      resolve(prettyReply(internalError, -1, timeoutOf(operation)));
    });
    return () => {
      if (!state.waiting) return false;
      state.waiting = false;
      timer.cancel();
      this.#callbacks.delete(kind);
      return true;
    };
  }
}

/** A node's answer goes on as it is, if it is JSON at all: nodes do not escape what they quote (reference 0.3). */
export function relay(text: string, operation: OperationName): HttpReply {
  try {
    parseJson(Buffer.from(text, "utf8"));
    return textReply(text);
  } catch (error) {
    if (error instanceof JsonError || error instanceof JsonTooDeep) return unparsable(operation);
    throw error;
  }
}

/** What the client node says of an answer that it can't read; some routes have a longer text. */
export function unparsable(operation: OperationName): HttpReply {
  const isLong = /^(images|disk)\.|free_memory$/.test(operation);
  return prettyReply(internalError, -1, `${isLong ? "http " : ""}response parse error`);
}

export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(operations, name);
}
