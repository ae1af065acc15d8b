import { RemoteError } from "../../provider/core/errors";
import { sendOnce, Unsettled } from "../../provider/core/once";
import { VirtualClock } from "../../simulator/clock";

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
  const clock = new VirtualClock();
  let sends = 0;
  let visibleAt = Number.POSITIVE_INFINITY;
  const run = () =>
    clock.runUntil(
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
  return { run, sends: () => sends, clock };
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

test("three attempts without a trace end", async () => {
  const { run, sends } = world(["lost", "lost", "lost", "lost"], {});
  await expect(run()).rejects.toBeInstanceOf(Unsettled);
  expect(sends()).toBe(3);
});
