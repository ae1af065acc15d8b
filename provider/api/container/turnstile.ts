import type { Clock } from "../../core/effects";

/** The platform's own limits are not known: these are what a careful client does (reference part D). */
const AT_ONCE = 4;
const APART_MS = 200;

/** Lets few requests through at a time, and not too many a second. */
export class Turnstile {
  #inside = 0;
  #nextAt = Number.NEGATIVE_INFINITY;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly clock: Clock) {}

  async run<Result>(job: () => Promise<Result>): Promise<Result> {
    if (this.#inside >= AT_ONCE) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#inside += 1;
    try {
      const now = this.clock.now();
      const at = Math.max(now, this.#nextAt);
      this.#nextAt = at + APART_MS;
      if (at > now) await this.clock.sleep(at - now);
      return await job();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#inside -= 1;
    }
  }
}
