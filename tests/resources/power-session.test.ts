import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../provider/core/effects";
import { NotBack, PowerSessions } from "../../provider/resources/power-session";

/** Time that passes as soon as nobody has anything else to do; there is no network here to wait for. */
class FastClock implements Clock {
  #now = 0;
  #sleepers: { readonly at: number; wake(): void }[] = [];

  now = (): number => this.#now;
  today = (): Date => new Date(this.#now);

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#now + milliseconds, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
    });
  }

  async runUntil<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const done = work.finally(() => {
      over = true;
    });
    done.catch(() => undefined);
    for (await turn(); !over; await turn()) {
      const next = this.#sleepers.toSorted((one, other) => one.at - other.at)[0];
      if (!next) throw new Error("everybody waits for ever");
      this.#now = next.at;
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      next.wake();
    }
    return done;
  }
}

/** A machine that notices whoever works on it while it is on. */
class Machine {
  on: boolean;
  working = 0;
  faults: string[] = [];
  offs = 0;

  constructor(
    private readonly clock: FastClock,
    private readonly chance: () => number,
    readonly meantToRun: boolean,
  ) {
    this.on = meantToRun;
  }

  readonly power = {
    off: async () => {
      if (!this.on) return;
      this.offs += 1;
      await this.clock.sleep(300 * this.chance());
      if (this.chance() < 0.1) throw new Error("no stop");
      this.on = false;
    },
    restore: async () => {
      if (this.working > 0) this.faults.push("restored while somebody worked");
      await this.clock.sleep(500 * this.chance());
      if (this.chance() < 0.1) throw new Error("no start");
      this.on = this.meantToRun;
    },
  };

  async work(fails: boolean): Promise<string> {
    if (this.on) this.faults.push("worked on while it was on");
    this.working += 1;
    if (this.working > 1) this.faults.push("worked on by two");
    await this.clock.sleep(2_000 * this.chance());
    if (this.on) this.faults.push("started while somebody worked");
    this.working -= 1;
    if (fails) throw new Error("no work");
    return "done";
  }
}

/** Numbers from 0 to 1, the same for the same seed. */
const chances = (seed: number) => {
  let state = seed * 2_654_435_761 + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

test("a thousand sessions of any shape: nobody works while it is on, and each hears what became of it", async () => {
  const heard = new Map<string, number>();
  for (let seed = 1; seed <= 1_000; seed++) {
    const chance = chances(seed);
    const clock = new FastClock();
    const machine = new Machine(clock, chance, chance() < 0.8);
    const sessions = new PowerSessions(clock);
    const names = Array.from({ length: 1 + Math.floor(6 * chance()) }, (_, index) => `peer ${index}`);
    const steps = names.map(async (name) => {
      const [begins, fails] = [6_000 * chance(), chance() < 0.2];
      const [knows, isQuiet] = [chance() < 0.7, chance() < 0.1];
      await clock.sleep(begins);
      if (isQuiet) return sessions.settle(name);
      let worked = false;
      const end = await sessions
        .whileOff({ name, peers: knows ? names : [], power: machine.power }, async () => {
          worked = true;
          return machine.work(fails);
        })
        .catch((error: unknown) => error);
      const said = end instanceof NotBack ? "not back" : end instanceof Error ? end.message : String(end);
      heard.set(said, (heard.get(said) ?? 0) + 1);
      if (said === "done" && (!worked || fails)) machine.faults.push("said to be done, and was not");
      if (said === "no work" && !fails) machine.faults.push("blamed for another's failure");
      if (said === "no stop" && worked) machine.faults.push("worked though it was not stopped");
      if (said !== "not back" && machine.on !== machine.meantToRun && sessionsOver(machine))
        machine.faults.push("answered before it was back");
    });
    await clock.runUntil(Promise.all(steps));
    expect([seed, machine.faults]).toEqual([seed, []]);
    expect(machine.working).toBe(0);
  }
  // every kind of end was met
  expect([...heard.keys()].sort()).toEqual(["done", "no stop", "no work", "not back"]);
});

/** Whether no other session has begun since: then the machine is as it was left. */
const sessionsOver = ({ offs, working }: Machine): boolean => offs <= 1 && working === 0;

test("six that come at once share one power-off, and all are held until the machine is back", async () => {
  const clock = new FastClock();
  const machine = new Machine(clock, () => 0.5, true);
  const sessions = new PowerSessions(clock);
  const ends: boolean[] = [];
  await clock.runUntil(
    Promise.all(
      Array.from({ length: 6 }, async () => {
        await sessions.whileOff({ peers: [], power: machine.power }, () => machine.work(false));
        ends.push(machine.on);
      }),
    ),
  );
  expect(machine.offs).toBe(1);
  expect(ends).toEqual(Array(6).fill(true));
});

test("a failed start keeps what failed before it", async () => {
  const clock = new FastClock();
  const power = {
    off: async () => {},
    restore: async () => {
      throw new Error("no start");
    },
  };
  const end = new PowerSessions(clock).whileOff({ peers: [], power }, async () => {
    throw new Error("no work");
  });
  const error = await clock.runUntil(end.catch((reason: unknown) => reason));
  expect(error).toBeInstanceOf(NotBack);
  expect(error).toMatchObject({ why: new Error("no start"), earlier: { error: new Error("no work") } });
});
