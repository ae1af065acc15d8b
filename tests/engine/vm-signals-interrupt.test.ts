/** Ctrl-C once and twice, and replacements that are forced. Cases 11 to 13, 16 and 17 of docs/engine-cases.md. */
import { labNodes } from "../../simulator";
import type { PulumiStack } from "./pulumi";
import { type PointName, SignalsLab } from "./signals-lab";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

let signals: SignalsLab;
beforeAll(async () => {
  signals = await SignalsLab.open();
});
afterAll(() => signals.close());

test("Ctrl-C once in the wait: what is in flight ends, and is recorded", async () => {
  const stack = await signals.stack();
  const held = signals.hold("in the wait");
  const running = stack.startUp(...signals.events());
  await held;
  running.kill("SIGINT");
  await running.said(/interrupt|cancel|SIGINT|terminat/i);
  signals.release();
  const done = await signals.hear(running);
  expect(done.signal).toBeNull();
  expect(await signals.recorded(stack)).toHaveLength(1);
  expect((await stack.state()).pending).toBe(0);
  expect(signals.created).toHaveLength(1);
  await signals.expectMended(stack);
});

test.each(["when the order was carried out and not answered", "just before it returns"] as const)(
  "Ctrl-C twice %s: the next up goes on with the same VM",
  async (point: PointName) => {
    const stack = await signals.stack();
    const held = signals.hold(point);
    const running = stack.startUp(...signals.events());
    await held;
    running.kill("SIGINT");
    await running.said(/interrupt|cancel|SIGINT|terminat/i);
    running.kill("SIGINT");
    const done = await signals.hear(running);
    signals.release();
    expect(done.code).not.toBe(0);
    expect(done.output).not.toMatch(/panic:|goroutine \d+/);
    await stack.cancel();
    await signals.expectMended(stack);
    expect(signals.created).toHaveLength(1);
  },
);

const urnOf = async (stack: PulumiStack): Promise<string> => {
  const { resources } = await stack.state();
  return resources.find(({ type }) => type.endsWith("/dbc:Vm"))?.urn ?? "";
};

test("up --replace: the old one is deleted before the new one is made, and one is left", async () => {
  const stack = await signals.stack();
  expect(await signals.hear(stack.up(...signals.events()))).toMatchObject({ code: 0 });
  signals.lab.simulator.clearRequests();
  const replaced = await signals.hear(stack.up("--replace", await urnOf(stack), ...signals.events()));
  expect(replaced).toMatchObject({ code: 0 });
  expect(signals.lab.writes()).toEqual(["tasks.delete", "tasks.create", "tasks.passwd"]);
  expect(signals.lab.vms()).toHaveLength(1);
  await signals.expectMended(stack);
});

test("a forced replacement whose create fails: the next up has one VM", async () => {
  const stack = await signals.stack();
  expect(await signals.hear(stack.up(...signals.events()))).toMatchObject({ code: 0 });
  signals.lab.simulator.clearRequests();
  signals.lab.simulator.arm({ kind: "refusal", operation: "tasks.create", message: "allocate gpu failed" });
  const failed = await signals.hear(stack.up("--replace", await urnOf(stack), ...signals.events()));
  expect(failed.code).not.toBe(0);
  expect(failed.output).toContain("allocate gpu failed");
  expect(signals.lab.vms(labNodes.alice1)).toEqual([]);
  expect(await signals.recorded(stack)).toEqual([]);
  await signals.expectMended(stack);
});

test("nothing of it was told", () => {
  signals.expectNothingTold("Ctrl-C and replacements");
});
