/** The commands of the model-based test, as fast-check draws and shrinks them. */
import * as fc from "fast-check";
import type { Interruption, Site, Verb, Wish } from "./model";
import { NODE } from "./world";

/** All that a command may do is in the site; the model needs no more than to know what makes sense. */
export interface Sense {
  /** Runs that were interrupted, by stack: see {@link Run}. */
  readonly unsettled: Set<number>;
}

type Step = fc.AsyncCommand<Sense, Site>;

let count = 0;
/** How many commands were carried out so far. */
export const commandsRun = (): number => count;

/** A command that always makes sense. */
class Plain implements Step {
  constructor(
    private readonly name: string,
    private readonly act: (site: Site) => Promise<unknown> | unknown,
  ) {}

  check(): boolean {
    return true;
  }

  async run(_sense: Sense, site: Site): Promise<void> {
    count += 1;
    await this.act(site);
    if (site.broken.length > 0) throw new Error(site.broken.join("; "));
  }

  toString(): string {
    return this.name;
  }
}

/**
 * A run of the engine, whole or interrupted. After an interrupted one comes an `up` before anything is taken out of
 * the program: the engine itself warns of what may have been begun (vm-crash.test "killed in mid-create").
 */
class Run implements Step {
  constructor(
    private readonly number: 0 | 1,
    private readonly verb: Verb,
    private readonly change: Partial<Wish>,
    private readonly interruption?: Interruption,
  ) {}

  check({ unsettled }: Readonly<Sense>): boolean {
    const takesAway = this.verb === "destroy" || this.change.diskGib === 0 || this.change.taskCores === 0;
    return !(takesAway && unsettled.has(this.number));
  }

  async run({ unsettled }: Sense, site: Site): Promise<void> {
    count += 1;
    const stack = site.stacks[this.number];
    const grown = Math.max(stack.wish.diskGib, this.change.diskGib ?? 0);
    // a disk can't shrink, only go
    const change = this.change.diskGib ? { ...this.change, diskGib: grown } : this.change;
    stack.wish = { ...stack.wish, ...change };
    await site.run(stack, this.verb, this.interruption);
    if (stack.isUnsettled) unsettled.add(this.number);
    else unsettled.delete(this.number);
    if (site.broken.length > 0) throw new Error(site.broken.join("; "));
  }

  toString(): string {
    const change = Object.keys(this.change).length > 0 ? ` with ${JSON.stringify(this.change)}` : "";
    const end = this.interruption ? `, ${this.interruption.by} at effect ${this.interruption.at}` : "";
    return `${this.verb} of stack ${this.number}${change}${end}`;
  }
}

const stack = fc.constantFrom(0 as const, 1 as const);
const interruption = fc.record({
  at: fc.nat({ max: 30 }),
  by: fc.constantFrom<Interruption["by"]>("provider dies", "engine dies", "Ctrl-C twice", "clock jumps"),
});
const change = fc.oneof(
  fc.record({ cpuCores: fc.constantFrom(2, 4) }),
  fc.record({ image: fc.constantFrom("ubuntu.qcow2", "ubuntu-22.04.qcow2") }),
  fc.record({ cidr: fc.nat({ max: 2 }) }),
  fc.record({ diskGib: fc.constantFrom(0, 2, 4) }),
  fc.record({ taskCores: fc.constantFrom(0, 2, 4) }),
);
const nothing = fc.constant<Partial<Wish>>({});
const run = (verb: Verb, changed = nothing) =>
  fc
    .tuple(stack, changed, fc.option(interruption, { nil: undefined, freq: 2 }))
    .map(([number, more, at]) => new Run(number, verb, more, at));
const plain = (name: string, act: (site: Site) => unknown) => fc.constant(new Plain(name, act));
const simulator = ({ world }: Site) => world.simulator;

/** Everything that may happen. */
export const COMMANDS: fc.Arbitrary<Step>[] = [
  run("up"),
  run("up", change),
  run("up", change),
  run("refresh"),
  run("destroy"),
  stack.map(
    (number) =>
      new Plain(`delete the VM of stack ${number} behind its back`, (site) =>
        site.deleteBehind(site.stacks[number]),
      ),
  ),
  plain("the node goes offline", (site) => simulator(site).setLink(NODE, "offline")),
  plain("the node comes online", (site) => simulator(site).setLink(NODE, "online")),
  plain("the node's process restarts", (site) => simulator(site).restartMiner(NODE)),
  plain("an answer gets lost", (site) => simulator(site).arm({ kind: "lost-answer", operation: "tasks" })),
  plain("an hour passes", ({ world }) => world.clock.advance(3_600_000)),
];

/** What takes machines away, too. */
export const RENTAL: fc.Arbitrary<Step>[] = [
  plain("the rental ends", (site) => site.endRental()),
  plain("the node is rented again", (site) => site.rentAgain()),
];
