/** The resources that crash points are enumerated for: one row each. */
import type { Values } from "../../provider/core/check";
import type { Program, Recorded } from "./engine-run";
import { lanOf } from "./programs";
import { cutOff, ofVm } from "./subject-vm";
import { BESIDE } from "./subjects-beside";
import { ON_VM } from "./subjects-on-vm";
import { NODE, type World } from "./world";

export interface Subject {
  /** Kind and name in its program. */
  readonly name: string;
  /** What it stands on. */
  readonly base: Program;
  /** The base and itself. */
  readonly program: (args: Values) => Program;
  readonly args: Values;
  /** Differences that are made in place; none for what can only be replaced. */
  readonly changed?: Values;
  /** Differences that replace it alone; none for what is never replaced. */
  readonly replaced?: Values;
  /** Differences that a resumption needs. */
  readonly resumed?: Values;
  /** The program that also puts right what an interrupted delete has left beside it; the same unless given. */
  readonly mended?: (args: Values) => Program;
  /** How a create is made to end as partial state: from its start, once there is something of it, and no more. */
  readonly hinder: {
    readonly start?: (world: World) => void;
    readonly begun?: (world: World) => void;
    readonly end: (world: World) => void;
  };
  /** What is there of it: at most one at any time, besides those that are to be replaced. */
  readonly alive: (world: World) => readonly unknown[];
  /** It is a record of what was asked, which nobody can take back: each run of the engine may add one. */
  readonly isRecord?: true;
  /** What must be gone when it is deleted; all that is alive unless given. */
  readonly left?: (world: World) => readonly unknown[];
  /** What the world has, in the words of the state; equal to the state before a destroy. */
  readonly world: (world: World, recorded: Recorded) => Values;
}

const lans = ({ simulator }: World) => simulator.world.lans;

const ofLan: Subject = {
  name: "Lan::a",
  base: [],
  program: (args) => lanOf("a", args),
  args: { cidr: "10.20.0.0/24" },
  replaced: { cidr: "10.21.0.0/24" },
  hinder: {
    ...cutOff,
    start: ({ simulator }) => void simulator.arm({ kind: "lost-answer", operation: "lan.create" }),
  },
  alive: lans,
  world: (world) => {
    const [found] = lans(world);
    return { nodeId: NODE, name: found?.name, cidr: found?.cidr, renter: found?.wallet };
  },
};

export const SUBJECTS: readonly Subject[] = [ofVm, ...ON_VM, ofLan, ...BESIDE];
