import type { Clock } from "../../core/effects";
import { RemoteError } from "../../core/errors";
import { shortNode } from "./requests";

/** The client node keeps one timeout per kind of request and loses those of the others, so few at a time. */
const PER_OPERATION = 8;
/** How long a node that did not answer in time is left alone. */
const REST_MS = 30_000;

/** What a request needs a lane for. */
export interface Passenger {
  readonly what: string;
  readonly operation: string;
  readonly nodeId?: string;
  readonly write: boolean;
  readonly signal?: AbortSignal | undefined;
}

export type LifeSign = "alive" | "silent" | "none";

interface Waiting {
  readonly passenger: Passenger;
  readonly go: () => void;
  readonly turnAway: (error: RemoteError) => void;
}

/**
 * At most one request per mining node and eight per kind are under way; whoever lacks either waits in a queue of which
 * all can start that are free to, so that a frozen node holds up nobody else; writes go first. A node that let its
 * time run out is left alone for a while, then one request tries it.
 */
export class Lanes {
  private readonly busyNodes = new Set<string>();
  private readonly busyOperations = new Map<string, number>();
  /** When a silent node may be tried again, on the clock. */
  private readonly restingUntil = new Map<string, number>();
  /** Writes before reads, each in order of arrival. */
  private waiting: Waiting[] = [];

  constructor(private readonly clock: Clock) {}

  /** Runs `job` when its lane is free; `lifeSign` tells from its result whether the node was heard. */
  async run<Result>(
    passenger: Passenger,
    job: () => Promise<Result>,
    lifeSign: (result: Result) => LifeSign,
  ): Promise<Result> {
    this.refuseResting(passenger);
    await this.enter(passenger);
    try {
      const result = await job();
      this.note(passenger.nodeId, lifeSign(result));
      return result;
    } finally {
      this.leave(passenger);
    }
  }

  private refuseResting(passenger: Passenger): void {
    const { nodeId } = passenger;
    const until = nodeId === undefined ? undefined : this.restingUntil.get(nodeId);
    if (nodeId === undefined || until === undefined) return;
    const isTried =
      this.busyNodes.has(nodeId) || this.waiting.some((other) => other.passenger.nodeId === nodeId);
    if (isTried || this.clock.now() < until) throw resting(passenger);
  }

  private enter(passenger: Passenger): Promise<void> {
    const { signal } = passenger;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(givenUp(passenger));
      // nothing was freed, so nobody else can start either
      if (this.start(passenger)) return resolve();
      const onAbort = (): void => {
        this.waiting = this.waiting.filter((other) => other !== me);
        reject(givenUp(passenger));
      };
      const me: Waiting = {
        passenger,
        go: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
        turnAway: (error) => {
          signal?.removeEventListener("abort", onAbort);
          reject(error);
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      const firstRead = passenger.write ? this.waiting.findIndex((other) => !other.passenger.write) : -1;
      if (firstRead < 0) this.waiting.push(me);
      else this.waiting.splice(firstRead, 0, me);
    });
  }

  /** Takes both lanes if both are free. */
  private start({ nodeId, operation }: Passenger): boolean {
    const underWay = this.busyOperations.get(operation) ?? 0;
    if (underWay >= PER_OPERATION || (nodeId !== undefined && this.busyNodes.has(nodeId))) return false;
    if (nodeId !== undefined) this.busyNodes.add(nodeId);
    this.busyOperations.set(operation, underWay + 1);
    return true;
  }

  private leave({ nodeId, operation }: Passenger): void {
    if (nodeId !== undefined) this.busyNodes.delete(nodeId);
    const left = (this.busyOperations.get(operation) ?? 1) - 1;
    if (left === 0) this.busyOperations.delete(operation);
    else this.busyOperations.set(operation, left);
    this.admit(nodeId, operation);
  }

  private note(nodeId: string | undefined, sign: LifeSign): void {
    if (nodeId === undefined || sign === "none") return;
    if (sign === "alive") {
      this.restingUntil.delete(nodeId);
      return;
    }
    this.restingUntil.set(nodeId, this.clock.now() + REST_MS);
    const [turnedAway, kept] = partition(this.waiting, ({ passenger }) => passenger.nodeId === nodeId);
    this.waiting = kept;
    for (const { passenger, turnAway } of turnedAway) turnAway(resting(passenger));
  }

  /** Lets in all that can start now that these lanes are free. */
  private admit(nodeId: string | undefined, operation: string): void {
    const started = new Set(
      this.waiting.filter(
        ({ passenger }) =>
          // all others wait for lanes that are as they were
          (passenger.operation === operation || passenger.nodeId === nodeId) && this.start(passenger),
      ),
    );
    if (started.size === 0) return;
    this.waiting = this.waiting.filter((me) => !started.has(me));
    for (const { go } of started) go();
  }
}

const partition = <Item>(items: readonly Item[], belongs: (item: Item) => boolean): [Item[], Item[]] => [
  items.filter(belongs),
  items.filter((item) => !belongs(item)),
];

const resting = ({ what, nodeId = "" }: Passenger): RemoteError =>
  new RemoteError(
    "unavailable",
    `could not ${what}: ${shortNode(nodeId)} did not answer in time a moment ago, so nothing was sent; it is tried again every ${REST_MS / 1000} s`,
  );

const givenUp = ({ what, write }: Passenger): RemoteError =>
  new RemoteError(write ? "not-sent" : "unavailable", `could not ${what}: given up before anything was sent`);
