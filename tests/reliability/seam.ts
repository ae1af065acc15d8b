/** The seam through which a provider process reaches the world, with one fault in it, or none. */
import { type Effects, TransportError } from "../../provider/core/effects";

/** What goes wrong at a boundary. */
export const MODES = ["throws before", "throws after", "dies before", "dies after"] as const;
export type Mode = (typeof MODES)[number];

export interface CrashPoint {
  /** Which of the effects of a run, counted from 0. */
  readonly at: number;
  readonly mode: Mode;
}

/** The fault that a test put there. */
export class Injected extends Error {
  override readonly name = "Injected";
}

/** The provider process died in the middle of something. */
export class Died extends Error {
  override readonly name = "Died";
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** One process: counts its effects, and at one of them fails or dies. A dead one never gets on from any effect. */
export class Seam {
  /** What was waited for, in order. */
  readonly effects: string[] = [];
  /** The effect that was struck. */
  struck: string | undefined;
  /** Rejects when the process dies. */
  readonly death: Promise<never>;
  /** By how much the machine's clock has jumped. */
  jumpedMs = 0;
  #isDead = false;
  #die: () => void = () => undefined;

  constructor(
    readonly point?: CrashPoint,
    /** Told of every boundary, for what must hold at all times. */
    private readonly passed: () => void = () => undefined,
  ) {
    this.death = new Promise((_resolve, reject) => {
      this.#die = () => reject(new Died("the provider process is dead"));
    });
    this.death.catch(() => undefined);
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  wrap(real: Effects): Effects {
    return {
      clock: {
        now: () => real.clock.now() + this.jumpedMs,
        today: () => real.clock.today(),
        sleep: (milliseconds, signal) =>
          this.#effect("sleep", () => real.clock.sleep(milliseconds, signal), broken, broken),
      },
      // not waited for: there is nothing between before and after
      random: (bytes) => {
        const struck = this.#count(`random ${bytes}`);
        if (struck?.startsWith("throws")) throw new Injected("no randomness");
        if (struck) void this.#kill();
        return real.random(bytes);
      },
      send: (request) => {
        const name = `${request.method ?? "POST"} ${new URL(request.url).pathname}`;
        return this.#effect(
          name,
          () => real.send(request),
          () => new TransportError("the connection was refused", false),
          () => new TransportError("the connection was reset", true),
        );
      },
      greet: (host, port, deadlineMs) =>
        this.#effect("greet", () => real.greet(host, port, deadlineMs), broken, broken),
    };
  }

  #count(name: string): Mode | undefined {
    this.passed();
    const at = this.effects.push(name) - 1;
    if (this.point?.at !== at) return undefined;
    this.struck = name;
    return this.point.mode;
  }

  async #effect<T>(
    name: string,
    work: () => Promise<T>,
    before: () => Error,
    after: () => Error,
  ): Promise<T> {
    if (this.#isDead) return never();
    const mode = this.#count(name);
    if (mode === "throws before") throw before();
    if (mode === "dies before") return this.#kill();
    const result = await work();
    this.passed();
    if (mode === "throws after") throw after();
    if (mode === "dies after") return this.#kill();
    // what comes back to a dead process is heard by nobody
    return this.#isDead ? never() : result;
  }

  /** Ends the process, whatever it is at. */
  kill(): void {
    void this.#kill();
  }

  #kill<T>(): Promise<T> {
    this.#isDead = true;
    this.#die();
    return never();
  }
}

const broken = (): Error => new Injected("the machine is in trouble");
