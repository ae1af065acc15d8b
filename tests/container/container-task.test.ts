import { ContainerLab, TASK } from "./lab";

jest.setTimeout(300_000); // hours of virtual time, on a machine of any speed

let lab: ContainerLab;
beforeEach(async () => {
  lab = await ContainerLab.open();
});
afterEach(() => lab.close());

test("is made, waited for, left alone and deleted", async () => {
  const made = await lab.create(TASK);
  expect(made.id).toMatch(/^11112\/trainer-pd1[0-9a-z]{8}$/);
  expect(made.state).toMatchObject({
    phase: "ready",
    status: "Running",
    acceleratorCount: 1,
    timeLimit: "unlimited",
    accessUrl: expect.stringContaining("/jupyter-forward/"),
    portUrls: [
      { port: 18_888, protocol: "http", url: expect.stringContaining("token=") },
      { port: 22, protocol: "ssh", url: expect.stringMatching(/^ssh:/) },
    ],
    startedAt: expect.stringMatching(/\+08:00$/),
  });
  expect(lab.progress).toEqual(["creating: waiting for room in resource group TeslaM40", "creating"]);
  expect(await lab.update(made, TASK)).toMatchObject({ did: "nothing" });
  const refreshed = await lab.refresh(made);
  expect(refreshed && (await lab.update(refreshed, TASK))).toMatchObject({ did: "nothing" });
  expect(lab.writes()).toEqual(["create"]);
  await lab.delete(made);
  expect(lab.simulator.tasks).toEqual([]);
  expect(lab.writes()).toEqual(["create", "stop", "delete"]);
});

test("a group that stays full for an hour is partial state, which the next up goes on with", async () => {
  lab.busy(2);
  const made = await lab.create(TASK);
  expect(made.reason).toMatch(
    /^container task trainer-pd1\w{8} in region 11112 still waits for room in resource group TeslaM40 after 60 min: it keeps its place/,
  );
  expect(made.state).toMatchObject({ phase: "waiting", status: "Waiting", instanceId: expect.any(String) });
  lab.busy(0);
  const resumed = await lab.update(made, TASK);
  expect(resumed).toMatchObject({ did: "update", state: { phase: "ready", status: "Running" } });
  expect(lab.writes()).toEqual(["create"]);
});

test("one that waits may be made smaller without consent, and comes up", async () => {
  lab.busy(1);
  const other = await lab.create({ ...TASK, __key: `pd1${"b".repeat(19)}`, acceleratorCount: 3 });
  const made = await lab.create({ ...TASK, acceleratorCount: 2, timeouts: { create: "5m" } });
  expect(made.state).toMatchObject({ phase: "waiting" });
  const smaller = await lab.update(made, { ...TASK, acceleratorCount: 1 });
  expect(smaller.state).toMatchObject({ phase: "ready", status: "Running", acceleratorCount: 1 });
  await lab.delete(other);
  await lab.delete(smaller);
  expect(lab.simulator.tasks).toEqual([]);
});

test("one that is made stopped need not wait for room", async () => {
  lab.busy(2);
  const made = await lab.create({ ...TASK, powerState: "stopped" });
  expect(made.state).toMatchObject({ phase: "ready", status: "Terminated", powerState: "stopped" });
});

test("waitFor accepted does not wait for room", async () => {
  lab.busy(2);
  const made = await lab.create({ ...TASK, waitFor: "accepted" });
  expect(made.state).toMatchObject({ phase: "ready", status: "Waiting" });
});

test("a refusal is a plain error with the platform's words", async () => {
  await expect(lab.create({ ...TASK, image: TASK.image.replace("jupyter", "other") })).rejects.toThrow(
    /could not create container task trainer-pd1\w{8}: the service said "创建任务错误: image not found" with code 716865 \(the task could not be created\); look whether/,
  );
});

test("one that fails is replaced by the next up", async () => {
  const made = await lab.create({ ...TASK, name: "fault-fail" });
  expect(made.reason).toContain('the platform reports "Failed" for container task fault-fail-');
  expect(made.state).toMatchObject({ phase: "failed" });
  const again = await lab.update(made, TASK);
  expect(again).toMatchObject({ did: "replace", state: { phase: "ready" } });
  expect(lab.simulator.tasks).toHaveLength(1);
});

test("deletionProtection refuses deletes and replacements", async () => {
  const made = await lab.create({ ...TASK, deletionProtection: true });
  await expect(lab.delete(made)).rejects.toThrow("has deletionProtection");
  await expect(lab.update(made, { ...TASK, deletionProtection: true, taskType: "ssh" })).rejects.toThrow(
    "a change of taskType replaces this task, which deletionProtection forbids",
  );
});

test("more than a node has is a mistake at preview, as far as the platform tells", async () => {
  const { reasons } = await lab.check({}, { ...TASK, cpuCores: 41, acceleratorCount: 5, ramMib: 200_000 });
  expect(reasons).toEqual([
    "cpuCores: 41 is more than a node of resource group TeslaM40 has (40 CPU cores): use less, or another group.",
    "acceleratorCount: 5 is more than a node of resource group TeslaM40 has (4 accelerators): use less, or another group.",
    "ramMib: 200000 is more than a node of resource group TeslaM40 has (131072 MiB of RAM): use less, or another group.",
  ]);
  Object.assign(lab.group, { cpu: 0, accelerators: 0, ramMb: 0 });
  lab.restart();
  expect((await lab.check({}, { ...TASK, cpuCores: 41 })).reasons).toEqual([]);
  await lab.simulator.close();
  lab.restart();
  expect((await lab.check({}, { ...TASK, cpuCores: 1_000 })).reasons).toEqual([]);
});
