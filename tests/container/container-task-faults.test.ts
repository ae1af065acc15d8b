import { ContainerLab, TASK } from "./lab";

jest.setTimeout(300_000); // hours of virtual time, on a machine of any speed

let lab: ContainerLab;
beforeEach(async () => {
  lab = await ContainerLab.open();
});
afterEach(() => lab.close());

test("one deleted behind our back is gone; a list that lacks it proves nothing alone", async () => {
  const made = await lab.create(TASK);
  lab.simulator.world.tasks = [];
  await lab.clock.advance(60_000);
  expect(await lab.refresh(made)).toBeUndefined();
  await lab.delete(made);
});

test.each(["10004", "10001", "null", "404"] as const)(
  "gone is proven where the platform answers %s",
  async (unknownId) => {
    lab.simulator.world.switches.unknownId = unknownId;
    const made = await lab.create(TASK);
    await lab.delete(made);
    expect(lab.simulator.tasks).toEqual([]);
  },
);

test.each([
  "lost-answer",
  "cut-answer",
  "broken-json",
  "html-body",
  "wrong-shape",
  "huge-body",
  "late-effect",
] as const)("a create with %s is settled by listing and sent once", async (kind) => {
  lab.simulator.arm({ kind, operation: "create", seconds: 20 });
  const made = await lab.create(TASK);
  expect(made.state).toMatchObject({ phase: "ready", status: "Running" });
  expect(lab.writes()).toEqual(["create"]);
  expect(lab.simulator.tasks).toHaveLength(1);
});

test("a create that is refused because it is there is looked into, and gone on with", async () => {
  const made = await lab.create(TASK);
  lab.restart();
  const { switches } = lab.simulator.world;
  switches.pageCap = 0; // not listed, until after the refusal
  lab.simulator.arm({ kind: "refusal", operation: "create", code: 716865, message: "name exists" });
  lab.clock.at(lab.clock.time() + 700, () => {
    switches.pageCap = 100;
  });
  const again = await lab.create(TASK);
  expect(again.state).toMatchObject({ instanceId: made.state.instanceId, phase: "ready" });
  expect(lab.simulator.tasks).toHaveLength(1);
});

test("an unknown create that leaves no trace is recorded; the next up looks, and then sends", async () => {
  lab.simulator.arm({ kind: "timeout", operation: "create" });
  const made = await lab.create(TASK);
  expect(made.reason).toMatch(
    /^nobody knows whether container task trainer-pd1\w{8} in region 11112 was made: /,
  );
  expect(made.state).toMatchObject({ phase: "unknown" });
  expect(lab.simulator.tasks).toEqual([]);
  const resumed = await lab.update(made, TASK);
  expect(resumed.state).toMatchObject({ phase: "ready", status: "Running" });
  expect(lab.writes()).toEqual(["create", "create"]);
});

test("one that an interrupted run began is gone on with, whatever the program says by now", async () => {
  await lab.create(TASK);
  lab.restart();
  const again = await lab.create({ ...TASK, cpuCores: 6 });
  expect(again.state).toMatchObject({ phase: "ready", cpuCores: 6 });
  expect(lab.warnings[0]).toContain("was begun by a run that did not end");
  expect(lab.simulator.tasks).toHaveLength(1);
});

test("a delete whose answer is lost, or that is refused at first, ends in proof", async () => {
  const made = await lab.create(TASK);
  lab.simulator.arm({ kind: "refusal", operation: "delete", code: 716866, message: "busy" });
  lab.simulator.arm({ kind: "lost-answer", operation: "delete" });
  await lab.delete(made);
  expect(lab.simulator.tasks).toEqual([]);
});

test("another account proves nothing", async () => {
  const made = await lab.create(TASK);
  const [bob] = lab.simulator.world.accounts;
  if (!bob) throw new Error("there is no account");
  const eve = { ...bob, user: "eve", computeUser: "aceve", accessKey: "e".repeat(32) };
  lab.simulator.world.accounts.push(eve);
  lab.restart({
    credentials: {
      kind: "accessKey",
      user: "eve",
      accessKey: "e".repeat(32),
      secretKey: "simulated-secret-key",
    },
  });
  await expect(lab.refresh(made)).rejects.toThrow("was recorded through another account");
  await expect(lab.delete(made)).rejects.toThrow("was recorded through another account");
});

test("a platform that does not list it, and still tells of it, has it", async () => {
  const made = await lab.create(TASK);
  lab.simulator.world.switches.pageCap = 0;
  await lab.clock.advance(60_000);
  expect((await lab.refresh(made))?.state).toMatchObject({ status: "Running", phase: "ready" });
});

test.each([
  ["broken JSON", { kind: "broken-json" }],
  ["a page of HTML", { kind: "html-body" }],
  ["a wrong shape", { kind: "wrong-shape" }],
  ["HTTP 500", { kind: "http-error", code: 500 }],
  ["internal error", { kind: "refusal", code: 10001 }],
  ["a frozen account", { kind: "refusal", code: 10007 }],
] as const)(
  "a list that is answered with %s proves nothing: refresh and delete keep the task",
  async (_what, fault) => {
    const made = await lab.create({ ...TASK, timeouts: { delete: "10m" } });
    await lab.clock.advance(60_000);
    lab.simulator.arm({ ...fault, operation: "list", times: null });
    await expect(lab.refresh(made)).rejects.toThrow("could not list the container tasks: ");
    await expect(lab.delete(made)).rejects.toThrow("could not list the container tasks: ");
    expect(lab.simulator.tasks).toHaveLength(1);
  },
);

test.each(["Waiting", "Deploying", "Running"])("a delete while it is %s stops it first", async (status) => {
  const delays = { Waiting: 0, Deploying: 30_000, Running: 90_000 };
  const made = await lab.create({ ...TASK, waitFor: "accepted" });
  await lab.clock.advance(delays[status as keyof typeof delays]);
  expect(lab.simulator.tasks).toMatchObject([{ status }]);
  lab.simulator.world.switches.stopMs = 30_000;
  await lab.delete(made);
  expect(lab.simulator.tasks).toEqual([]);
  expect(lab.writes()).toEqual(["create", "stop", "delete"]);
});

test("a platform that never deletes is given up on, and the task stays in the state", async () => {
  const made = await lab.create({ ...TASK, timeouts: { delete: "10m" } });
  lab.simulator.arm({
    kind: "refusal",
    operation: "delete",
    code: 716866,
    message: "删除任务失败",
    times: null,
  });
  await expect(lab.delete(made)).rejects.toThrow(
    /^gave up deleting container task trainer-\w+ in region 11112 after 10 min; it stays in the state; last seen: could not delete container task \w+: the service said "删除任务失败" with code 716866 \(the task could not be deleted\)/,
  );
});

test("an order that arrived twice is deleted twice", async () => {
  const made = await lab.create(TASK);
  const [task] = lab.simulator.tasks;
  if (task) lab.simulator.world.tasks.push({ ...task, id: "f".repeat(32) });
  await lab.delete(made);
  expect(lab.simulator.tasks).toEqual([]);
});

test("one that is deleted by somebody while it is waited for", async () => {
  lab.busy(2);
  lab.clock.at(lab.clock.time() + 600_000, () => {
    lab.simulator.world.tasks = [];
  });
  const made = await lab.create(TASK);
  expect(made.reason).toMatch(/ is no longer listed by the platform\.$/);
  expect(made.state).toMatchObject({ phase: "unknown" });
  lab.busy(0);
  expect((await lab.update(made, TASK)).state).toMatchObject({ phase: "ready", status: "Running" });
  expect(lab.writes()).toEqual(["create", "create"]);
});

test("a platform that can't be reached for minutes does not end a wait that has longer", async () => {
  lab.busy(2);
  lab.simulator.arm({ kind: "http-error", operation: "list", code: 502, times: 60, after: 5 });
  lab.clock.at(lab.clock.time() + 600_000, () => lab.busy(0));
  const made = await lab.create({ ...TASK, timeouts: { create: "15m" } });
  expect(made.state).toMatchObject({ phase: "ready", status: "Running" });
});
