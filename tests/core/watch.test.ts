import { RemoteError, UserError } from "../../provider/core/errors";
import { Watch } from "../../provider/core/watch";
import { run, virtualTime } from "./virtual-time";

const setUp = (answer: (now: number) => readonly string[]) => {
  const clock = virtualTime();
  const asked: number[] = [];
  const watch = new Watch(
    async () => {
      asked.push(clock.now());
      return answer(clock.now());
    },
    clock,
    () => new Uint8Array([0]),
  );
  return { clock, asked, watch };
};

const never = () => undefined;

test("many waiters cost one list a tick, and each gets its own answer", async () => {
  const { clock, asked, watch } = setUp((now) => (now >= 100_000 ? ["a", "b"] : now >= 50_000 ? ["a"] : []));
  const wait = (name: string) =>
    watch.until((items) => (items.includes(name) ? clock.now() : undefined), never);
  const [a = 0, a2 = 0, b = 0] = await run(clock, Promise.all([wait("a"), wait("a"), wait("b")]));
  expect(a).toBe(a2);
  for (const [at, ready] of [
    [a, 50_000],
    [b, 100_000],
  ] as const) {
    expect(at).toBeGreaterThanOrEqual(ready);
    expect(at).toBeLessThanOrEqual(ready + 5_000);
  }
  expect(asked.length).toBeLessThanOrEqual(24);
});

test("no more than 65 lists in 300 s, and nobody waits longer than 5.5 s for good news", async () => {
  const ready = Array.from({ length: 8 }, (_, i) => 37_000 * (i + 1) + 1_234 * i);
  const { clock, asked, watch } = setUp((now) => ready.filter((at) => at <= now).map(String));
  const delays = await run(
    clock,
    Promise.all(
      ready.map(async (at) =>
        watch.until((items) => (items.includes(String(at)) ? clock.now() - at : undefined), never),
      ),
    ),
  );
  expect(asked.filter((at) => at <= 300_000).length).toBeLessThanOrEqual(65);
  expect(Math.max(...delays)).toBeLessThanOrEqual(5_500);
});

test("a node that can't be reached is waited for; another error ends the wait", async () => {
  const { clock, watch } = setUp((now) => {
    if (now < 60_000) throw new RemoteError("unavailable", "offline");
    if (now < 90_000) return ["a"];
    throw new RemoteError("unauthorised", "no");
  });
  expect(
    await run(
      clock,
      watch.until((items) => items[0], never),
    ),
  ).toBe("a");
  await expect(
    run(
      clock,
      watch.until((items) => items[1], never),
    ),
  ).rejects.toMatchObject({
    outcome: "unauthorised",
  });
});

test("a deadline ends a wait even while the node can't be reached", async () => {
  const { clock, watch } = setUp(() => {
    throw new RemoteError("unavailable", "offline");
  });
  const overdue = () => (clock.now() >= 30_000 ? new UserError("too late") : undefined);
  await expect(run(clock, watch.until(never, overdue))).rejects.toThrow("too late");
});

test("asked for a fresh list at once, callers share one; a list in flight is not fresh", async () => {
  const clock = virtualTime();
  let asked = 0;
  let release: (() => void) | undefined;
  const watch = new Watch(
    async () => {
      asked += 1;
      if (asked === 1)
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      return [asked];
    },
    clock,
    () => new Uint8Array([0]),
  );
  const first = watch.fresh();
  await new Promise((resolve) => setImmediate(resolve));
  const later = [watch.fresh(), watch.fresh()];
  release?.();
  expect(await first).toEqual([1]);
  expect(await Promise.all(later)).toEqual([[2], [2]]);
});

test("a question under way is good enough for a recent list, unless something is written meanwhile", async () => {
  const clock = virtualTime();
  const answers: ((items: readonly string[]) => void)[] = [];
  const watch = new Watch<string>(
    () => new Promise((resolve) => answers.push(resolve)),
    clock,
    () => new Uint8Array([0]),
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const early = watch.recent(60_000);
  await turn();
  const shared = watch.recent(60_000);
  await turn();
  expect(answers).toHaveLength(1);
  watch.forget();
  const later = watch.recent(60_000);
  answers[0]?.(["before the write"]);
  expect(await Promise.all([early, shared])).toEqual([["before the write"], ["before the write"]]);
  await turn();
  answers[1]?.(["after it"]);
  expect(await later).toEqual(["after it"]);
  expect(await watch.recent(60_000)).toEqual(["after it"]);
});

test("a recent list is kept until something is written", async () => {
  const { clock, asked, watch } = setUp(() => []);
  await watch.recent(60_000);
  await watch.recent(60_000);
  expect(asked).toHaveLength(1);
  watch.forget();
  await watch.recent(60_000);
  expect(asked).toHaveLength(2);
  await clock.advance(60_001);
  await watch.recent(60_000);
  expect(asked).toHaveLength(3);
});

describe("when a list is asked for", () => {
  const WAIT_MS = 40_000;
  /** The times of the lists of one waiter that begins at 0, with this first random byte. */
  const times = async (byte: number, others: readonly number[] = []): Promise<number[]> => {
    const clock = virtualTime();
    const asked: number[] = [];
    const watch = new Watch<string>(
      async () => {
        asked.push(clock.now());
        return [];
      },
      clock,
      () => new Uint8Array([byte]),
    );
    const overdue = () => (clock.now() >= WAIT_MS ? new UserError("enough") : undefined);
    const waits = [0, ...others].map(async (at) => {
      await clock.sleep(at);
      await watch.until(never, overdue);
    });
    await run(clock, Promise.allSettled(waits));
    return asked;
  };

  test("every 2 s while it is young, then every 5 s", async () => {
    expect(await times(0)).toEqual([
      0, 2_000, 4_000, 6_000, 11_000, 16_000, 21_000, 26_000, 31_000, 36_000, 41_000,
    ]);
  });

  test("the first pause alone is cut at random, by up to half", async () => {
    expect((await times(128)).slice(0, 5)).toEqual([0, 1_500, 3_500, 5_500, 7_500]);
    expect((await times(255)).slice(0, 3)).toEqual([0, 1_003.90625, 3_003.90625]);
  });

  test("a newcomer makes a pause end 2 s after the last list, at once if that is past", async () => {
    expect((await times(0, [12_000])).slice(3, 8)).toEqual([6_000, 11_000, 13_000, 15_000, 17_000]);
    expect((await times(0, [15_000])).slice(4, 7)).toEqual([11_000, 15_000, 17_000]);
  });

  test("nobody asks for those who have gone", async () => {
    const { clock, asked, watch } = setUp(() => ["a"]);
    expect(
      await run(
        clock,
        watch.until((items) => items[0], never),
      ),
    ).toBe("a");
    await clock.advance(60_000);
    expect(asked).toEqual([0]);
    expect(
      await run(
        clock,
        watch.until((items) => items[0], never),
      ),
    ).toBe("a");
    expect(asked).toHaveLength(2);
  });
});

test("a list is recent up to its very age, and counts from when it came", async () => {
  const { clock, asked, watch } = setUp(() => []);
  await clock.advance(100_000);
  await watch.recent(60_000);
  await clock.advance(60_000);
  await watch.recent(60_000);
  expect(asked).toHaveLength(1);
  await clock.advance(1);
  await watch.recent(60_000);
  expect(asked).toHaveLength(2);
});

test("what was forgotten while it was asked for is not kept when it comes", async () => {
  const clock = virtualTime();
  const answers: ((items: readonly string[]) => void)[] = [];
  const watch = new Watch<string>(
    () => new Promise((resolve) => answers.push(resolve)),
    clock,
    () => new Uint8Array([0]),
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const early = watch.fresh();
  await turn();
  watch.forget();
  answers[0]?.(["old"]);
  expect(await early).toEqual(["old"]);
  const later = watch.recent(60_000);
  await turn();
  expect(answers).toHaveLength(2);
  answers[1]?.(["new"]);
  expect(await later).toEqual(["new"]);
});

test("a wait that ends by its deadline leaves the others waiting", async () => {
  const { clock, watch } = setUp((now) => (now >= 30_000 ? ["a"] : []));
  const short = watch.until(never, () => (clock.now() >= 10_000 ? new UserError("too late") : undefined));
  const long = watch.until((items) => items[0], never);
  await expect(run(clock, short)).rejects.toThrow("too late");
  expect(await run(clock, long)).toBe("a");
});

test("what was not sent is waited for as what can't be reached", async () => {
  const { clock, watch } = setUp((now) => {
    if (now < 20_000) throw new RemoteError("not-sent", "refused");
    return ["a"];
  });
  const outages: unknown[] = [];
  const tell = (outage?: unknown) => {
    outages.push(outage);
    return undefined;
  };
  expect(
    await run(
      clock,
      watch.until((items) => items[0], tell),
    ),
  ).toBe("a");
  expect(outages[0]).toMatchObject({ outcome: "not-sent" });
});

test("what befalls the watch itself is told to all who wait", async () => {
  const clock = virtualTime();
  const watch = new Watch<string>(
    async () => [],
    clock,
    () => {
      throw new Error("no randomness");
    },
  );
  const waits = [watch.until(never, never), watch.until(never, never)];
  expect(await Promise.allSettled(waits)).toMatchObject([
    { reason: { message: "no randomness" } },
    { reason: { message: "no randomness" } },
  ]);
});
