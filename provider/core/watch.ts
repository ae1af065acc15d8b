import type { Clock, Random } from "./effects";
import { isRemote } from "./errors";

interface Waiter<T> {
  readonly since: number;
  serve(items: readonly T[]): void;
  fail(error: unknown): void;
  /** Why waiting ends without success, if it does now. */
  overdue(outage?: unknown): Error | undefined;
}

// Young work is looked at sooner; nothing waits longer than this for its good news.
const YOUNG_MS = 6_000;
const YOUNG_TICK_MS = 2_000;
const TICK_MS = 5_000;

/**
 * One watcher of one list, for everybody who waits for something in it: however many wait, the list is asked for
 * once per tick, and not at all while nobody waits.
 */
export class Watch<T> {
  readonly #waiters = new Set<Waiter<T>>();
  #cache: { readonly items: readonly T[]; readonly at: number } | undefined;
  #next: Promise<readonly T[]> | undefined;
  #current: Promise<unknown> = Promise.resolve();
  /** A question that is under way, for those whom a list of its age satisfies. */
  #asked: Promise<readonly T[]> | undefined;
  #running = false;
  #wake: AbortController | undefined;

  constructor(
    private readonly ask: () => Promise<readonly T[]>,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** A list that was asked for after this call; callers that come before it has left share it. */
  fresh(): Promise<readonly T[]> {
    this.#next ??= this.#current.then(async () => {
      this.#next = undefined;
      const answer = this.ask();
      this.#asked = answer;
      this.#current = answer.catch(() => undefined);
      try {
        const items = await answer;
        // what was written meanwhile may not be in it
        if (this.#asked === answer) this.#cache = { items, at: this.clock.now() };
        return items;
      } finally {
        if (this.#asked === answer) this.#asked = undefined;
      }
    });
    return this.#next;
  }

  /** A list of at most this age; nothing of ours was written since. */
  async recent(ageMs: number): Promise<readonly T[]> {
    if (this.#cache && this.clock.now() - this.#cache.at <= ageMs) return this.#cache.items;
    return this.#asked ?? this.fresh();
  }

  /** To be called before and after every write: what was seen earlier no longer holds. */
  forget(): void {
    this.#cache = undefined;
    this.#asked = undefined;
  }

  /**
   * Waits until `judge` finds what it wants in a list; it may throw to end the wait. `overdue` is asked after every
   * tick, and told why there was no list if there was none.
   */
  until<R>(
    judge: (items: readonly T[]) => R | undefined,
    overdue: (outage?: unknown) => Error | undefined,
  ): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      const waiter: Waiter<T> = {
        since: this.clock.now(),
        overdue,
        serve: (items) => {
          try {
            const result = judge(items);
            if (result === undefined) return;
            this.#waiters.delete(waiter);
            resolve(result);
          } catch (error) {
            waiter.fail(error);
          }
        },
        fail: (error) => {
          this.#waiters.delete(waiter);
          reject(error);
        },
      };
      this.#waiters.add(waiter);
      this.#wake?.abort(new Error("somebody new waits"));
      if (!this.#running) {
        this.#running = true;
        void this.#run();
      }
    });
  }

  async #run(): Promise<void> {
    try {
      // the first pause is cut at random, so that many processes don't ask in step; later ones keep their distance
      let share = 1 - (this.random(1)[0] ?? 0) / 512;
      while (this.#waiters.size > 0) {
        const asked = this.clock.now();
        let outage: unknown;
        try {
          const items = await this.fresh();
          for (const waiter of [...this.#waiters]) waiter.serve(items);
        } catch (error) {
          // a node that can't be reached may come back; anything else won't mend itself
          if (!isRemote(error, "unavailable", "not-sent"))
            for (const waiter of [...this.#waiters]) waiter.fail(error);
          outage = error;
        }
        for (const waiter of [...this.#waiters]) {
          const reason = waiter.overdue(outage);
          if (reason) waiter.fail(reason);
        }
        await this.#pause(asked, share);
        share = 1;
      }
    } catch (error) {
      // nobody waits for this method: what befalls it is told to all who wait for the list
      for (const waiter of [...this.#waiters]) waiter.fail(error);
    } finally {
      this.#running = false;
    }
  }

  /** Sleeps out a share of the tick that began at `asked`; a newcomer may shorten it. */
  async #pause(asked: number, share: number): Promise<void> {
    while (this.#waiters.size > 0) {
      const youngest = Math.max(...[...this.#waiters].map(({ since }) => since));
      const tick = asked - youngest < YOUNG_MS ? YOUNG_TICK_MS : TICK_MS;
      const left = asked + tick * share - this.clock.now();
      if (left <= 0) return;
      this.#wake = new AbortController();
      try {
        await this.clock.sleep(left, this.#wake.signal);
        return;
      } catch {
        // woken: reckon again with the newcomer
      } finally {
        this.#wake = undefined;
      }
    }
  }
}
