import { RemoteError } from "../../provider/core/errors";
import { Asking } from "../../provider/resources/asking";
import { VirtualClock } from "../../simulator";

const open = (enabled = true) => {
  const clock = new VirtualClock();
  const asking = new Asking(clock, enabled);
  let asked = 0;
  /** Asks `whom`, who takes so long to answer. */
  const ask = (whom: string, takesMs = 0): Promise<string | undefined> =>
    clock.runUntil(
      asking.ask(whom, async () => {
        asked += 1;
        await clock.sleep(takesMs);
        return "yes";
      }),
      60_000,
    );
  return { clock, asking, ask, asked: () => asked };
};

test("an answer that comes in time is the answer, and there is nothing to note", async () => {
  const { ask, asking } = open();
  expect(await ask("node a", 4_999)).toBe("yes");
  expect(asking.takeNote()).toBeUndefined();
});

test("who takes longer is not waited for, not asked again, and noted once", async () => {
  const { ask, asking, clock, asked } = open();
  expect(await ask("node a", 5_001)).toBeUndefined();
  expect(clock.now()).toBe(5_000);
  expect(await ask("node a")).toBeUndefined();
  expect(asked()).toBe(1);
  expect(asking.takeNote()).toBe(
    "node a could not be asked whether it would take this plan (no answer within 5 s): what it would refuse shows only in the up; DBC_PREFLIGHT=0 asks nobody.",
  );
  await ask("node b", 9_000);
  expect(asking.takeNote()).toBeUndefined();
});

test("a node has 5 s for all its questions, and all nodes together 15 s", async () => {
  const { ask, clock } = open();
  expect(await ask("node a", 3_000)).toBe("yes");
  expect(await ask("node a", 3_000)).toBeUndefined();
  expect(clock.now()).toBe(5_000);
  for (const whom of ["node b", "node c"]) expect(await ask(whom, 9_000)).toBeUndefined();
  expect(await ask("node d")).toBeUndefined();
  expect(clock.now()).toBe(15_000);
});

test("one that can't be reached is noted with what it said; a refusal is about its question alone", async () => {
  const { asking, ask } = open();
  const fails = (error: Error) => asking.ask("node a", () => Promise.reject(error));
  expect(await fails(new RemoteError("refused", "could not ask this"))).toBeUndefined();
  expect(await ask("node a")).toBe("yes");
  expect(
    await fails(new RemoteError("unavailable", "could not list: the connection was refused")),
  ).toBeUndefined();
  expect(asking.takeNote()).toContain("(could not list: the connection was refused)");
  await expect(asking.ask("node b", () => Promise.reject(new Error("ours")))).rejects.toThrow("ours");
});

test("turned off, it asks nobody and has nothing to note", async () => {
  const { ask, asked, asking } = open(false);
  expect(await ask("node a")).toBeUndefined();
  expect([asked(), asking.takeNote()]).toEqual([0, undefined]);
});
