import type { Dice } from "./dice";

/** Simulated milliseconds: from, to. */
export type Span = readonly [number, number];

/** How long things take. Times of `typical` and `bad-day` are those of the reference (0.5, b, 5). */
export interface Profile {
  readonly name: string;
  /** A node's answer to a request that needs the chain (every authorised one), and to any other. */
  readonly chain: Span;
  readonly api: Span;
  /** Create: until the machine is defined and booted; until it has an address; until the password is set. */
  readonly define: Span;
  readonly lease: Span;
  readonly password: Span;
  /** How long the node tries for an address, or for the password, before it gives up. */
  readonly leaseGivesUp: number;
  readonly passwordGivesUp: number;
  readonly start: Span;
  readonly stop: Span;
  readonly reset: Span;
  readonly forceReboot: Span;
  readonly remove: Span;
  readonly disk: Span;
  /** The passwd call (at least 3 s on a real node). */
  readonly passwd: Span;
  /** Bytes a second: copying a snapshot out of a disk, moving an image. */
  readonly copyRate: number;
  readonly transferRate: number;
  readonly pruneEvery: number;
  /** Gossip after which a new node is known to the client node. */
  readonly gossip: number;
}

const second = 1000;
const minute = 60 * second;
const mib = 1024 * 1024;

export const profiles = {
  fast: {
    name: "fast",
    chain: [0, 0],
    api: [0, 0],
    define: [600, 600],
    lease: [900, 900],
    password: [600, 600],
    leaseGivesUp: 3 * second,
    passwordGivesUp: 2 * second,
    start: [500, 500],
    stop: [300, 300],
    reset: [300, 300],
    forceReboot: [1000, 1000],
    remove: [500, 500],
    disk: [500, 500],
    passwd: [300, 300],
    copyRate: 4096 * mib,
    transferRate: 2048 * mib,
    pruneEvery: 15 * minute,
    gossip: 0,
  },
  typical: {
    name: "typical",
    chain: [300, 1500],
    api: [20, 200],
    define: [6 * second, 20 * second],
    lease: [60 * second, 5 * minute],
    password: [4 * minute, 8 * minute],
    leaseGivesUp: 50 * minute,
    passwordGivesUp: 6 * minute,
    start: [2 * second, 6 * second],
    stop: [1 * second, 3 * second],
    reset: [1 * second, 3 * second],
    forceReboot: [5 * second, 9 * second],
    remove: [2 * second, 6 * second],
    disk: [1 * second, 4 * second],
    passwd: [3 * second, 4 * second],
    copyRate: 150 * mib,
    transferRate: 60 * mib,
    pruneEvery: 15 * minute,
    gossip: 10 * second,
  },
  "bad-day": {
    name: "bad-day",
    chain: [2 * second, 40 * second],
    api: [500, 8 * second],
    define: [20 * second, 3 * minute],
    lease: [5 * minute, 40 * minute],
    password: [6 * minute, 15 * minute],
    leaseGivesUp: 55 * minute,
    passwordGivesUp: 10 * minute,
    start: [5 * second, 60 * second],
    stop: [3 * second, 30 * second],
    reset: [3 * second, 20 * second],
    forceReboot: [8 * second, 90 * second],
    remove: [5 * second, 2 * minute],
    disk: [4 * second, 60 * second],
    passwd: [3 * second, 20 * second],
    copyRate: 30 * mib,
    transferRate: 3 * mib,
    pruneEvery: 15 * minute,
    gossip: 60 * second,
  },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

export function lasts(span: Span, dice: Dice): number {
  const [from, to] = span;
  return from === to ? from : Math.round(from + dice.fraction() * (to - from));
}
