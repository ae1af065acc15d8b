/** Renamed in the program, a task is made anew before the old one ends: what both stand for must stay. */
import { ContainerLab, TASK } from "./lab";

const urn = (name: string): string =>
  `urn:pulumi:dev::test::pulumi-nodejs:dynamic/dbc:ContainerTask::${name}`;
const { __key: _, ...args } = TASK;

let lab: ContainerLab;
beforeEach(async () => {
  lab = await ContainerLab.open();
});
afterEach(() => lab.close());

const STAYS = [
  expect.stringMatching(
    /^container task trainer-\w+ in region 11112 stays, because the resource "b" of this program stands for it now; the old entry is only forgotten\.$/,
  ),
];

test("a task that is renamed stays when the old one ends, and goes with the new one", async () => {
  const old = await lab.create({ ...TASK, deletionProtection: true, __urn: urn("a") });
  lab.restart();
  const renamed = await lab.create({ ...args, adoptInstance: old.state.instanceId, __urn: urn("b") });
  lab.warnings.length = 0;
  await lab.delete(old);
  expect([lab.simulator.tasks.length, lab.warnings]).toEqual([1, STAYS]);
  lab.restart();
  await lab.delete(renamed);
  expect([lab.simulator.tasks, lab.warnings]).toEqual([[], STAYS]);
});

test("stays when the old one ends in a later up; a destroy takes it", async () => {
  const old = await lab.create({ ...TASK, __urn: urn("a") });
  const news = { ...args, adoptInstance: old.state.instanceId, __urn: urn("b") };
  const renamed = await lab.create(news);
  lab.warnings.length = 0;
  lab.restart();
  expect((await lab.update(renamed, news)).did).toBe("nothing");
  await lab.delete(old);
  expect([lab.simulator.tasks.length, lab.warnings]).toEqual([1, STAYS]);
  lab.restart();
  await lab.delete(old);
  expect(lab.simulator.tasks).toEqual([]);
});

test("one of which nobody knew whether it was made stays too", async () => {
  const old = await lab.create({ ...TASK, __urn: urn("a") });
  lab.restart();
  await lab.create({ ...args, adoptInstance: old.state.instanceId, __urn: urn("b") });
  lab.warnings.length = 0;
  const { instanceId: _unknown, ...state } = old.state;
  await lab.delete({ ...old, state: { ...state, phase: "unknown" } });
  expect([lab.simulator.tasks.length, lab.warnings]).toEqual([1, STAYS]);
});

test("one whose create failed holds nothing", async () => {
  const old = await lab.create({ ...TASK, __urn: urn("a") });
  const news = { ...args, adoptInstance: old.state.instanceId, cpuCores: 5, __urn: urn("b") };
  await expect(lab.create(news)).rejects.toThrow(/can't adopt/);
  await lab.delete(old);
  expect([lab.simulator.tasks, lab.warnings]).toEqual([[], []]);
});
