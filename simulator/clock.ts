import { performance } from "node:perf_hooks";
import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../provider/core/effects";
import { TimerQueue } from "./timer-queue";

/** A timer that can be taken back. */
export interface Timer {
  cancel(): void;
}

/** Simulated time, which everything in the simulator goes by. */
export interface SimulatorClock extends Clock {
  readonly kind: "virtual" | "scaled";
  /** Simulated milliseconds since 1970. */
  time(): number;
  /** Runs `task` when simulated time has reached `time`. */
  at(time: number, task: () => void): Timer;
  /** Counts work that needs real time but no simulated time: a virtual clock stands still meanwhile. */
  busy(): () => void;
  /** Marks a request as one that waits for simulated time, so that nobody has to wait for it. */
  parked(): () => void;
  stop(): void;
}

const noon = Date.UTC(2026, 0, 1, 12);

abstract class BaseClock {
  protected readonly queue = new TimerQueue();
  abstract time(): number;
  abstract at(time: number, task: () => void): Timer;

  today(): Date {
    return new Date(this.time());
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const abort = () => {
        timer.cancel();
        reject(signal?.reason);
      };
      const timer = this.at(this.time() + Math.max(0, milliseconds), () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      });
      signal?.addEventListener("abort", abort, { once: true });
    });
  }
}

/**
 * Time that moves only when told to. Parties that share it (the simulator and a provider under test) may run it
 * by themselves with `start`: whenever nobody has anything to do but sleep, it jumps to the next timer.
 */
export class VirtualClock extends BaseClock implements SimulatorClock {
  readonly kind = "virtual";
  #time: number;
  readonly #origin: number;
  #busy = 0;
  #tracked = 0;
  #parked = 0;
  #activity = 0;
  #running = false;
  #loop: Promise<void> | undefined;
  #jumping: Promise<boolean> | undefined;

  constructor(
    start = noon,
    /** Real milliseconds in which an untracked party's next step would show; 0 when all are tracked. */
    private readonly strangersMs = 2,
  ) {
    super();
    this.#time = start;
    this.#origin = start;
  }

  now(): number {
    return this.#time - this.#origin;
  }

  time(): number {
    return this.#time;
  }

  at(time: number, task: () => void): Timer {
    this.#activity++;
    return this.queue.add(Math.max(time, this.#time), task);
  }

  busy(): () => void {
    this.#activity++;
    this.#busy++;
    let done = false;
    return () => {
      if (done) return;
      done = true;
      this.#activity++;
      this.#busy--;
    };
  }

  /**
   * Wraps a way to send requests, so that time stands still from the moment one is begun until it is answered; only
   * while the simulator has it parked (see {@link parked}) may time pass.
   */
  track<A extends unknown[], R>(send: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
    return async (...args) => {
      this.#activity++;
      this.#tracked++;
      try {
        return await send(...args);
      } finally {
        this.#activity++;
        this.#tracked--;
      }
    };
  }

  parked(): () => void {
    this.#activity++;
    this.#parked++;
    let done = false;
    return () => {
      if (done) return;
      done = true;
      this.#activity++;
      this.#parked--;
    };
  }

  /** Moves time on by `milliseconds`, running every timer on the way in order. */
  async advance(milliseconds: number): Promise<void> {
    const target = this.#time + milliseconds;
    await this.settle();
    for (;;) {
      const next = this.queue.next();
      if (next === undefined || next > target) break;
      this.#step(next);
      await this.settle();
    }
    this.#time = Math.max(this.#time, target);
    await this.settle();
  }

  /** Jumps to the next timer; `false` when there is none (or none until `limit`). */
  async advanceToNext(limit = Number.POSITIVE_INFINITY): Promise<boolean> {
    await this.settle();
    const next = this.queue.next();
    if (next === undefined || next > limit) return false;
    this.#step(next);
    await this.settle();
    return true;
  }

  /** Steps from timer to timer until `work` is settled. */
  async runUntil<T>(work: Promise<T>, limitMs = 24 * 3_600_000): Promise<T> {
    const state = { settled: false };
    const watched = work.finally(() => {
      state.settled = true;
      this.#activity++;
    });
    watched.catch(() => undefined);
    const limit = this.#time + limitMs;
    while (!state.settled) {
      await this.settle();
      if (state.settled) break;
      if ((this.queue.next() ?? limit) > limit)
        throw new Error(`the work was not done after ${limitMs} simulated milliseconds`);
      await this.#jump();
    }
    return watched;
  }

  /** Lets the clock run by itself until `stop`. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#loop = this.#run();
  }

  stop(): void {
    this.#running = false;
    this.#activity++;
  }

  /** Stops the running clock and waits until it stands. */
  async stopped(): Promise<void> {
    this.stop();
    await this.#loop;
  }

  /** Waits until nobody has anything to do but sleep. */
  async settle(): Promise<void> {
    let quiet = 0;
    let quietSince = performance.now();
    let seen = this.#activity;
    // A loopback exchange with an untracked party needs a few turns and a little real time to show up.
    while (quiet < 12 || performance.now() - quietSince < this.strangersMs) {
      await turn();
      if (this.#activity !== seen || this.#busy > 0 || this.#tracked > this.#parked) {
        seen = this.#activity;
        quiet = 0;
        quietSince = performance.now();
      } else quiet++;
    }
  }

  /** One step for all that wait side by side: two in a row would leave what the first woke no turn. */
  #jump(): Promise<boolean> {
    this.#jumping ??= this.advanceToNext().finally(() => {
      this.#jumping = undefined;
    });
    return this.#jumping;
  }

  #step(time: number): void {
    this.#time = Math.max(this.#time, time);
    this.queue.take(this.#time)?.();
  }

  async #run(): Promise<void> {
    while (this.#running) if (!(await this.advanceToNext())) await turn();
  }
}

/** Real time, `speed` simulated seconds a second. */
export class ScaledClock extends BaseClock implements SimulatorClock {
  readonly kind = "scaled";
  readonly #startedAt = performance.now();
  readonly #base: number;
  #alarm: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    readonly speed = 1,
    start = Date.now(),
  ) {
    super();
    this.#base = start;
  }

  now(): number {
    return (performance.now() - this.#startedAt) * this.speed;
  }

  time(): number {
    return this.#base + this.now();
  }

  at(time: number, task: () => void): Timer {
    const timer = this.queue.add(time, task);
    this.#set();
    return {
      cancel: () => {
        timer.cancel();
        this.#set();
      },
    };
  }

  busy(): () => void {
    return () => undefined;
  }

  parked(): () => void {
    return () => undefined;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#alarm);
  }

  #set(): void {
    clearTimeout(this.#alarm);
    const next = this.queue.next();
    if (next === undefined || this.#stopped) return;
    const wait = Math.ceil((next - this.time()) / this.speed);
    this.#alarm = setTimeout(() => this.#ring(), Math.min(Math.max(wait, 0), 0x7fffffff));
  }

  #ring(): void {
    for (let task = this.queue.take(this.time()); task; task = this.queue.take(this.time())) task();
    this.#set();
  }
}
