import { ContainerLab, type Recorded, TASK } from "./lab";

jest.setTimeout(300_000); // hours of virtual time, on a machine of any speed

let lab: ContainerLab;
beforeEach(async () => {
  lab = await ContainerLab.open();
});
afterEach(() => lab.close());

const HOUR = 3_600_000;

test("changes its size in place, with consent", async () => {
  const made = await lab.create(TASK);
  await expect(lab.update(made, { ...TASK, cpuCores: 8 })).rejects.toThrow(
    "a change of cpuCores stops and restarts the task, and it is running: set allowStop: true on it, or consent for this run with DBC_ALLOW_STOP=1.",
  );
  const bigger = await lab.update(made, {
    ...TASK,
    cpuCores: 8,
    acceleratorCount: 2,
    ramMib: 32_768,
    allowStop: true,
  });
  expect(bigger).toMatchObject({ did: "update", id: made.id });
  expect(bigger.state).toMatchObject({ phase: "ready", status: "Running", cpuCores: 8, acceleratorCount: 2 });
  expect(bigger.state.instanceId).toBe(made.state.instanceId);
  expect(lab.writes()).toEqual(["create", "stop", "resize", "restart"]);
  await lab.delete(bigger);
});

test("a refused size starts it again and stays unrecorded", async () => {
  lab.restart({ preflight: false });
  const made = await lab.create({ ...TASK, allowStop: true });
  const bigger = await lab.update(made, { ...TASK, allowStop: true, cpuCores: 41 });
  expect(bigger.reason).toContain('the service said "resource quota exceeded" with code 10004');
  expect(bigger.state).toMatchObject({ phase: "ready", status: "Running", cpuCores: 4 });
});

test("one that was stopped behind our back, or by its limit, is there and no difference", async () => {
  const made = await lab.create({ ...TASK, timeLimit: 7_200 });
  expect(made.state).toMatchObject({
    timeLimit: "02:00:00",
    remainingTime: expect.stringMatching(/^0d [12]h/),
  });
  await lab.clock.advance(3 * HOUR);
  const ended = await lab.refresh(made);
  expect(ended?.state).toMatchObject({ status: "Terminated", phase: "ready" });
  expect(ended?.state.accessUrl).toBeUndefined();
  expect(await lab.update(ended as Recorded, { ...TASK, timeLimit: "02:00:00" })).toMatchObject({
    did: "nothing",
  });
  const size = await lab.update(ended as Recorded, { ...TASK, timeLimit: "02:00:00", cpuCores: 2 });
  expect(size.state).toMatchObject({ status: "Terminated", cpuCores: 2 });
});

test("its power is managed only when asked for", async () => {
  const made = await lab.create({ ...TASK, powerState: "running" });
  await lab.behind("stop-task", made);
  const stopped = await lab.refresh(made);
  expect(stopped?.state).toMatchObject({ powerState: "stopped", status: "Terminated" });
  const started = await lab.update(stopped as Recorded, { ...TASK, powerState: "running" });
  expect(started.state).toMatchObject({ powerState: "running", status: "Running" });
  const off = await lab.update(started, { ...TASK, powerState: "stopped" });
  expect(off.state).toMatchObject({ powerState: "stopped", status: "Terminated" });
});

test("a restart that fails is known, and the next up only starts it", async () => {
  const made = await lab.create({ ...TASK, allowStop: true });
  lab.simulator.arm({ kind: "refusal", operation: "restart", code: 10007, message: "frozen" });
  const changed = await lab.update(made, { ...TASK, allowStop: true, cpuCores: 8 });
  expect(changed.state).toMatchObject({ phase: "restore-power", cpuCores: 8 });
  expect(changed.reason).toContain("was stopped for a change and could not be started again");
  const restored = await lab.update(changed, { ...TASK, allowStop: true, cpuCores: 8 });
  expect(restored.state).toMatchObject({ phase: "ready", status: "Running" });
  expect(lab.writes()).toEqual(["create", "stop", "resize", "restart", "restart"]);
});

test.each(["stop", "resize", "restart"])("a lost answer to %s is settled by looking", async (operation) => {
  const made = await lab.create({ ...TASK, allowStop: true });
  lab.simulator.arm({ kind: "lost-answer", operation });
  const changed = await lab.update(made, { ...TASK, allowStop: true, cpuCores: 8 });
  expect(changed.state).toMatchObject({ phase: "ready", status: "Running", cpuCores: 8 });
  expect(lab.writes()).toEqual(["create", "stop", "resize", "restart"]);
});

test("consent may be given for one run", async () => {
  const made = await lab.create(TASK);
  lab.restart({ allowStop: true });
  expect(await lab.update(made, { ...TASK, cpuCores: 8 })).toMatchObject({ state: { cpuCores: 8 } });
});

test("what is over is resized without consent, and stays over", async () => {
  const made = await lab.create(TASK);
  await lab.behind("stop-task", made);
  const stopped = await lab.refresh(made);
  expect(stopped?.state).toMatchObject({ status: "Terminated", phase: "ready" });
  expect(stopped?.state).not.toHaveProperty("accessUrl");
  expect(await lab.update(stopped as Recorded, TASK)).toMatchObject({ did: "nothing" });
  const smaller = await lab.update(stopped as Recorded, { ...TASK, ramMib: 1_024 });
  expect(smaller.state).toMatchObject({ status: "Terminated", ramMib: 1_024 });
  expect(lab.writes()).toEqual(["create", "resize"]);
});

test("a group that fills up meanwhile: it queues, and the next up goes on waiting", async () => {
  const timeouts = { update: "10m" };
  const made = await lab.create({ ...TASK, allowStop: true, timeouts });
  lab.busy(2);
  const bigger = { ...TASK, allowStop: true, cpuCores: 8, timeouts };
  const waiting = await lab.update(made, bigger);
  expect(waiting.state).toMatchObject({ phase: "waiting", status: "Waiting", cpuCores: 8 });
  expect(waiting.reason).toContain("still waits for room in resource group TeslaM40 after 10 min");
  lab.busy(0);
  expect((await lab.update(waiting, bigger)).state).toMatchObject({ phase: "ready", status: "Running" });
  expect(lab.writes()).toEqual(["create", "stop", "resize", "restart"]);
});

test("one that fails after a change of its size is started again, never replaced", async () => {
  const made = await lab.create({ ...TASK, allowStop: true });
  const [task] = lab.simulator.tasks;
  Object.assign(task?.fate ?? {}, { fail: true });
  const bigger = { ...TASK, allowStop: true, cpuCores: 8 };
  const failed = await lab.update(made, bigger);
  expect(failed.state).toMatchObject({ phase: "restore-power", status: "Failed", cpuCores: 8 });
  expect(failed.reason).toMatch(
    /could not be started again: the platform reports "Failed".* The next up only starts it\.$/,
  );
  Object.assign(task?.fate ?? {}, { fail: false });
  const restored = await lab.update(failed, bigger);
  expect(restored).toMatchObject({ did: "update", state: { phase: "ready", status: "Running" } });
  expect(lab.writes()).toEqual(["create", "stop", "resize", "restart", "restart"]);
});

test("one that was ordered to run and fails is tried again by the next up, never replaced", async () => {
  const made = await lab.create({ ...TASK, powerState: "stopped" });
  const fate = lab.simulator.tasks[0]?.fate ?? {};
  Object.assign(fate, { fail: true });
  const failed = await lab.update(made, { ...TASK, powerState: "running" });
  expect(failed.state).toMatchObject({ phase: "ready", status: "Failed", powerState: "stopped" });
  Object.assign(fate, { fail: false });
  expect(await lab.update(failed, { ...TASK, powerState: "running" })).toMatchObject({
    did: "update",
    state: { status: "Running" },
  });
});

test("a run that died between the change and the start: the next one starts it", async () => {
  const made = await lab.create({ ...TASK, allowStop: true });
  const { client } = lab.site.container;
  const id = String(made.state.instanceId);
  await lab.run(client.stopTask(id));
  await lab.run(client.resizeTask(id, { cpuCores: 8, acceleratorCount: 1, ramMib: 16_384 }));
  lab.restart();
  const again = await lab.update(made, { ...TASK, allowStop: true, cpuCores: 8 });
  expect(again.state).toMatchObject({ status: "Running", cpuCores: 8 });
  expect(lab.writes()).toEqual(["create", "stop", "resize", "restart"]);
});

test("a stop that takes long is waited for", async () => {
  lab.simulator.world.switches.stopMs = 300_000;
  const made = await lab.create({ ...TASK, allowStop: true });
  const changed = await lab.update(made, { ...TASK, allowStop: true, cpuCores: 8 });
  expect(changed.state).toMatchObject({ phase: "ready", status: "Running", cpuCores: 8 });
  expect(lab.writes()).toEqual(["create", "stop", "resize", "restart"]);
});
