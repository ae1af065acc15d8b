import type { Clock } from "../core/effects";
import { isRemote, sentence } from "../core/errors";

/** A plan is not held up for longer than this by one whom it asks. */
const EACH_MS = 5_000;

/** Nor for longer than this by all of them together. */
const ALL_MS = 15_000;

/** How a plan calls a node that it asks. */
export const nodeName = (nodeId: string): string => `node ${nodeId.slice(0, 8)}…`;

/**
 * The questions that a plan asks, so that what would be refused later is a mistake now. Nobody is waited for long, and
 * who does not answer is not asked again in this run: what can't be asked now is said later by whoever is asked.
 */
export class Asking {
  readonly #spentMs = new Map<string, number>();
  readonly #silent = new Set<string>();
  #note: string | undefined;
  #noted = false;

  constructor(
    private readonly clock: Clock,
    /** `DBC_PREFLIGHT=0` turns it off. */
    readonly enabled: boolean,
  ) {}

  /** The answer to `question`, if it comes in time. `whom` is shown to the user. */
  async ask<T>(whom: string, question: () => Promise<T>): Promise<T | undefined> {
    if (!this.enabled || this.#silent.has(whom)) return undefined;
    const spent = this.#spentMs.get(whom) ?? 0;
    const all = [...this.#spentMs.values()].reduce((sum, one) => sum + one, 0);
    const withinMs = Math.min(EACH_MS - spent, ALL_MS - all);
    if (withinMs <= 0) return this.#giveUp(whom, "the time for questions is over");
    const begun = this.clock.now();
    try {
      return await this.#within(withinMs, whom, question());
    } catch (error) {
      if (!isRemote(error)) throw error;
      // a refusal is about this question alone
      return isRemote(error, "unavailable", "unknown", "not-sent")
        ? this.#giveUp(whom, sentence(error))
        : undefined;
    } finally {
      this.#spentMs.set(whom, (this.#spentMs.get(whom) ?? 0) + this.clock.now() - begun);
    }
  }

  /** Says once, of all that could not be asked, what there is to know. */
  takeNote(): string | undefined {
    const note = this.#note;
    this.#note = undefined;
    return note;
  }

  async #within<T>(withinMs: number, whom: string, answer: Promise<T>): Promise<T | undefined> {
    const giveUp = new AbortController();
    answer.catch(() => undefined);
    const tooLate = this.clock.sleep(withinMs, giveUp.signal).then(
      () => true,
      () => false,
    );
    try {
      const first = await Promise.race([answer.then((value) => ({ value })), tooLate]);
      if (typeof first === "object") return first.value;
      return this.#giveUp(whom, `no answer within ${withinMs / 1_000} s`);
    } finally {
      giveUp.abort();
    }
  }

  #giveUp(whom: string, why: string): undefined {
    this.#silent.add(whom);
    if (!this.#noted)
      this.#note = `${whom} could not be asked whether it would take this plan (${why}): what it would refuse shows only in the up; DBC_PREFLIGHT=0 asks nobody.`;
    this.#noted = true;
    return undefined;
  }
}
