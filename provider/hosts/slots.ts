import { availableParallelism } from "node:os";
import type { Clock } from "../core/effects";

/** Steps for each core that the engine takes at a time unless told otherwise. */
const PER_CORE = 4;

/** A step that has a slot begins at once; one that has not begun by then has none. */
const TURN_MS = 5_000;

/** How many steps the engine takes at a time, as far as it shows here: its `--parallel` option does not. */
export const slotsOf = (env: Readonly<Record<string, string | undefined>>): number => {
  const told = Number(env.PULUMI_PARALLEL);
  return Number.isInteger(told) && told > 0 ? told : PER_CORE * availableParallelism();
};

/**
 * Tells the user once when waits fill the engine's slots, so that what could be waited for at the same time is waited
 * for in turn.
 */
export class Slots {
  /** Steps that were announced, by URN, and since when they have not begun. */
  readonly #announced = new Map<string, number>();
  #busy = 0;
  #isLooking = false;
  #isOver = false;

  constructor(
    private readonly slots: number,
    private readonly clock: Clock,
    private readonly tell: (hint: string) => void,
  ) {}

  /** The engine is going to make or change this one. */
  announce(urn: string): void {
    if (this.#isOver || urn === "") return;
    this.#announced.set(urn, this.clock.now());
    void this.#look();
  }

  /** Runs a step, which holds its slot until it ends. */
  async hold<T>(urn: string, step: () => Promise<T>): Promise<T> {
    this.#announced.delete(urn);
    this.#busy += 1;
    void this.#look();
    try {
      return await step();
    } catch (error) {
      // the engine begins no further step, whatever its slots
      this.#isOver = true;
      throw error;
    } finally {
      this.#busy -= 1;
    }
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    while (!this.#isOver && this.#busy >= this.slots && this.#announced.size > 0) {
      const oldest = Math.min(...this.#announced.values());
      const left = oldest + TURN_MS - this.clock.now();
      if (left > 0) {
        await this.clock.sleep(left);
        continue;
      }
      this.#isOver = true;
      this.tell(
        `${this.#busy} resources are waited for, which is as many as this run takes at a time (4 for each core unless told otherwise), and others wait for their turn: \`--parallel ${Math.max(64, 2 * this.#busy)}\` lets them be waited for together, and waiting costs next to nothing.`,
      );
    }
    this.#isLooking = false;
  }
}
