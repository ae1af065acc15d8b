import { cpus } from "node:os";
import { Slots, slotsOf } from "../../provider/hosts/slots";
import { VirtualClock } from "../../simulator";

/** Slots on a clock that stands still, and what they told. */
const twoSlots = () => {
  const clock = new VirtualClock();
  const told: string[] = [];
  const slots = new Slots(2, clock, (hint) => told.push(hint));
  const ends: (() => void)[] = [];
  /** A step that waits until it is ended, or fails. */
  const begin = (urn: string): Promise<void> =>
    slots.hold(urn, () => new Promise<void>((resolve) => ends.push(resolve)));
  return { clock, slots, told, ends, begin };
};

test("what has waited for a slot while waits fill all is told of, once", async () => {
  const { clock, slots, told, begin, ends } = twoSlots();
  for (const urn of ["a", "b", "c", "d"]) slots.announce(urn);
  void begin("a");
  void begin("b");
  await clock.advance(4_999);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual([
    "2 resources are waited for, which is as many as this run takes at a time (4 for each core unless told otherwise), and others wait for their turn: `--parallel 64` lets them be waited for together, and waiting costs next to nothing.",
  ]);
  ends[0]?.();
  void begin("c");
  await clock.advance(60_000);
  expect(told).toHaveLength(1);
});

test("it proposes more slots than there are", async () => {
  const { clock, slots, told, begin } = twoSlots();
  slots.announce("late");
  for (let n = 0; n < 100; n++) void begin(`vm-${n}`);
  await clock.advance(5_000);
  expect(told.join()).toContain("`--parallel 200`");
});

test("nothing is told while a slot is free, or while nobody waits for one", async () => {
  const { clock, slots, told, begin } = twoSlots();
  slots.announce("a");
  slots.announce("b");
  void begin("a");
  await clock.advance(60_000);
  expect(told).toEqual([]);
  void begin("b");
  await clock.advance(60_000);
  expect(told).toEqual([]);
});

test("what gets its turn in time was not held up", async () => {
  const { clock, slots, told, begin, ends } = twoSlots();
  for (const urn of ["a", "b", "c"]) slots.announce(urn);
  void begin("a");
  void begin("b");
  await clock.advance(4_000);
  ends[0]?.();
  void begin("c");
  await clock.advance(60_000);
  expect(told).toEqual([]);
});

test("after a failure nothing begins any more, whatever the slots", async () => {
  const { clock, slots, told, begin } = twoSlots();
  for (const urn of ["a", "b", "c"]) slots.announce(urn);
  const failure = slots.hold("c", async () => {
    throw new Error("no");
  });
  await expect(failure).rejects.toThrow("no");
  slots.announce("d");
  void begin("a");
  void begin("b");
  await clock.advance(60_000);
  expect(told).toEqual([]);
});

test("the engine has 4 slots for each core unless the environment says otherwise", () => {
  expect(slotsOf({ PULUMI_PARALLEL: "16" })).toBe(16);
  for (const value of [undefined, "", "0", "-1", "many"]) {
    const slots = slotsOf({ PULUMI_PARALLEL: value });
    expect(slots % 4).toBe(0);
    expect(slots).toBeGreaterThanOrEqual(4);
    expect(slots).toBeLessThanOrEqual(4 * cpus().length);
  }
});
