/** The engine is killed at each named point of a create; its provider lives on. Cases 1 to 5 of docs/engine-cases.md. */
import { POINTS, type PointName, SignalsLab } from "./signals-lab";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

let signals: SignalsLab;
beforeAll(async () => {
  signals = await SignalsLab.open();
});
afterAll(() => signals.close());

test.each(Object.keys(POINTS) as PointName[])(
  "the engine killed %s: the next up has one VM",
  async (point) => {
    const stack = await signals.stack();
    const held = signals.hold(point);
    const running = stack.startUp(...signals.events());
    await held;
    running.kill("SIGKILL");
    await signals.hear(running);
    // it is a process group of its own, and goes on with what it does
    expect(signals.providers().length).toBeGreaterThan(0);
    signals.release();
    expect(await signals.recorded(stack)).toEqual([]);
    expect((await stack.state()).pending).toBe(1);
    await stack.cancel(); // the lock of the dead engine
    await signals.expectMended(stack);
  },
);

test("nothing of it was told", () => {
  signals.expectNothingTold("engine killed");
});
