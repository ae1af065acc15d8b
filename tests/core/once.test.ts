import { RemoteError } from "../../provider/core/errors";
import { sendOnce, Unsettled } from "../../provider/core/once";
import { run, virtualTime } from "./virtual-time";

type Answer = "ok" | "lost" | "refused" | "exists" | "offline";

const failure: Record<Exclude<Answer, "ok">, () => RemoteError> = {
  lost: () => new RemoteError("unknown", "no answer"),
  refused: () => new RemoteError("refused", "no GPUs"),
  exists: () => new RemoteError("refused", "taken", "already existed"),
  offline: () => new RemoteError("unavailable", "offline"),
};

/** A remote system: `answers` to each send, and when, after how many milliseconds, the thing shows. */
const world = (
  answers: readonly Answer[],
  shows: { afterSend?: number; delayMs?: number; lookFails?: boolean },
) => {
  const clock = virtualTime();
  let sends = 0;
  let visibleAt = Number.POSITIVE_INFINITY;
  const begin = () =>
    run(
      clock,
      sendOnce<string>({
        clock,
        repeatable: true,
        isAlreadyThere: ({ said }) => said === "already existed",
        look: async () => {
          if (shows.lookFails && sends > 0) throw failure.offline();
          return clock.now() >= visibleAt ? "thing" : undefined;
        },
        send: async () => {
          sends += 1;
          if (sends === (shows.afterSend ?? 1) && shows.delayMs !== undefined)
            visibleAt = clock.now() + shows.delayMs;
          const answer = answers[sends - 1] ?? "lost";
          if (answer !== "ok") throw failure[answer]();
          return "thing";
        },
      }),
    );
  return { run: begin, sends: () => sends };
};

test("a clear yes is sent once", async () => {
  const { run, sends } = world(["ok"], { delayMs: 0 });
  expect(await run()).toEqual({ found: "thing", clear: true });
  expect(sends()).toBe(1);
});

test.each(["refused", "offline"] as const)("%s before anything was sent is a plain error", async (answer) => {
  const { run, sends } = world([answer], {});
  await expect(run()).rejects.toBeInstanceOf(RemoteError);
  expect(sends()).toBe(1);
});

test.each([0, 5_000, 29_000, 60_000])(
  "a lost answer with the effect after %i ms is adopted, never sent again",
  async (delayMs) => {
    const { run, sends } = world(["lost"], { delayMs });
    expect(await run()).toEqual({ found: "thing", clear: false });
    expect(sends()).toBe(1);
  },
);

test("a request that left no trace is sent again with the same key", async () => {
  const { run, sends } = world(["lost", "ok"], { afterSend: 2, delayMs: 0 });
  expect(await run()).toMatchObject({ found: "thing" });
  expect(sends()).toBe(2);
});

test("a refusal for being there already means that an earlier attempt arrived", async () => {
  const { run, sends } = world(["lost", "exists"], { afterSend: 2, delayMs: 3_000 });
  expect(await run()).toEqual({ found: "thing", clear: false });
  expect(sends()).toBe(2);
});

test("a refusal after an unclear attempt is not a plain error", async () => {
  const { run } = world(["lost", "refused"], {});
  await expect(run()).rejects.toBeInstanceOf(Unsettled);
});

test("when looking fails for long, nobody knows", async () => {
  const { run, sends } = world(["lost"], { lookFails: true });
  await expect(run()).rejects.toBeInstanceOf(Unsettled);
  expect(sends()).toBe(1);
});

/** One lost send, then looks that go as they are told; what came of it, and the times of the looks. */
const looking = async (look: (now: number, nth: number) => string | undefined, repeatable = true) => {
  const clock = virtualTime();
  const looks: number[] = [];
  let sends = 0;
  const end = await run(
    clock,
    sendOnce<string>({
      clock,
      repeatable,
      isAlreadyThere: () => false,
      look: async () => {
        looks.push(clock.now());
        return look(clock.now(), looks.length);
      },
      send: async () => {
        sends += 1;
        throw sends === 1 ? failure.lost() : failure.refused();
      },
    }),
  ).catch((error: unknown) => error);
  return { end, looks, sends };
};

test.each(["unavailable", "not-sent"] as const)(
  "a look that is %s is made again, for ten minutes",
  async (outcome) => {
    const error = new RemoteError(outcome, "away");
    const back = await looking((now) => {
      if (now < 599_000) throw error;
      return "thing";
    });
    expect(back).toMatchObject({ end: { found: "thing", clear: false }, sends: 1 });
    const away = await looking(() => {
      throw error;
    });
    expect(away.end).toBeInstanceOf(Unsettled);
    expect(away.end).toMatchObject({
      name: "Unsettled",
      last: error,
      message: "the outcome could not be settled",
    });
    expect(away.looks.at(-1)).toBe(600_000);
  },
);

test("what the remote system would do twice is sent once, whatever came of it", async () => {
  const ended = await looking(() => undefined, false);
  expect(ended).toMatchObject({ end: { name: "Unsettled", last: { outcome: "unknown" } }, sends: 1 });
});

test("a look that fails otherwise ends it at once: nobody knows", async () => {
  const error = new RemoteError("unauthorised", "no");
  const ended = await looking(() => {
    throw error;
  });
  expect(ended).toMatchObject({ end: { name: "Unsettled", last: error }, looks: [6_000], sends: 1 });
});

test("absent means three good looks and 66 s between the first of them and the last", async () => {
  const steady = await looking(() => undefined);
  // the refusal of the second send does not say what became of the first
  expect(steady.end).toBeInstanceOf(Unsettled);
  expect(steady.sends).toBe(2);
  expect(steady.looks.at(-1)).toBe(72_000);
  // two good looks are not three, however far apart
  const rare = await looking((now, nth) => {
    if (nth !== 1 && now < 100_000) throw new RemoteError("unavailable", "away");
    return undefined;
  });
  expect(rare.looks.at(-1)).toBe(108_000);
});

test("three attempts without a trace end", async () => {
  const { run, sends } = world(["lost", "lost", "lost", "lost"], {});
  await expect(run()).rejects.toBeInstanceOf(Unsettled);
  expect(sends()).toBe(3);
});
