/** The provider process is killed at each named point of a create; its engine lives on. Cases 6 to 10 of docs/engine-cases.md. */
import { signalProcess } from "./processes";
import { POINTS, type PointName, SignalsLab } from "./signals-lab";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

let signals: SignalsLab;
beforeAll(async () => {
  signals = await SignalsLab.open();
});
afterAll(() => signals.close());

test.each(Object.keys(POINTS) as PointName[])(
  "the provider killed %s: the next up has one VM",
  async (point) => {
    const stack = await signals.stack();
    const before = signals.providers();
    const held = signals.hold(point);
    const running = stack.startUp(...signals.events());
    await held;
    for (const pid of signals.providers().filter((each) => !before.includes(each)))
      signalProcess(pid, "SIGKILL");
    const failed = await signals.hear(running);
    signals.release();
    expect(failed.code).not.toBe(0);
    expect(failed.output).not.toMatch(/panic:|goroutine \d+/);
    // the engine takes a provider that is gone for a create that did nothing
    expect(await signals.recorded(stack)).toEqual([]);
    expect((await stack.state()).pending).toBe(0);
    await signals.expectMended(stack);
  },
);

test("nothing of it was told", () => {
  signals.expectNothingTold("provider killed");
});
