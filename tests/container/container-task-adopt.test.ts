import { ContainerLab, TASK } from "./lab";

let lab: ContainerLab;
beforeEach(async () => {
  lab = await ContainerLab.open();
});
afterEach(() => lab.close());

test("adopts by name and by id, and is read by get", async () => {
  const made = await lab.create(TASK);
  const { instanceId, instanceName } = made.state;
  const read = await lab.get(`11112/${String(instanceName)}`);
  expect(read).toMatchObject({
    instanceId,
    cpuCores: 4,
    image: TASK.image,
    status: "Running",
    name: instanceName,
  });
  expect(await lab.get(`11112/${String(instanceId)}`)).toMatchObject({ instanceName });
  await expect(lab.get("11112/nothing")).rejects.toThrow(
    "there is no ContainerTask with the id 11112/nothing",
  );
  for (const adoptInstance of [instanceId, instanceName]) {
    const { __key: _, ...args } = TASK;
    const adopted = await lab.create({ ...args, adoptInstance });
    expect(adopted).toMatchObject({ id: made.id, state: { instanceId, phase: "ready" } });
    await expect(lab.create({ ...args, adoptInstance, cpuCores: 5 })).rejects.toThrow("cpuCores is 4, not 5");
  }
});

test("an id or name that is not there, or a name that several bear", async () => {
  const { __key: _, ...args } = TASK;
  await expect(lab.create({ ...args, adoptInstance: "nobody" })).rejects.toThrow(
    "there is no container task nobody to adopt in region 11112: mend adoptInstance or region, or use the account that made it.",
  );
  const made = await lab.create(TASK);
  const [task] = lab.simulator.tasks;
  if (task) lab.simulator.world.tasks.push({ ...task, id: "f".repeat(32) });
  await expect(lab.create({ ...args, adoptInstance: made.state.instanceName })).rejects.toThrow(
    /^there are 2 container tasks named trainer-\w+ in region 11112: use the instance id of the one that is meant, one of \w{32}, \w{32}\.$/,
  );
  expect(await lab.create({ ...args, adoptInstance: "f".repeat(32) })).toMatchObject({
    state: { instanceId: "f".repeat(32) },
  });
});

test("what was adopted is changed, powered and deleted like one's own; its namesake is left alone", async () => {
  const made = await lab.create(TASK);
  const { __key: _, ...args } = TASK;
  const adopted = await lab.create({ ...args, allowStop: true, adoptInstance: made.state.instanceId });
  expect(lab.warnings).toEqual([
    expect.stringMatching(
      /^adopted container task trainer-\w+ in region 11112; its script, mounts and ports are taken/,
    ),
  ]);
  const bigger = await lab.update(adopted, {
    ...args,
    allowStop: true,
    adoptInstance: made.state.instanceId,
    cpuCores: 8,
  });
  expect(bigger.state).toMatchObject({ cpuCores: 8, status: "Running" });
  const adopting = { ...args, allowStop: true, adoptInstance: made.state.instanceId, cpuCores: 8 };
  await expect(lab.update(bigger, { ...adopting, timeLimit: "99:00:00" })).rejects.toThrow(
    "a change of timeLimit replaces this task: the one that was taken over is deleted, and adoptInstance would look for it again; leave adoptInstance out, and a new one is made.",
  );
  const [task] = lab.simulator.tasks;
  if (task) lab.simulator.world.tasks.push({ ...task, id: "f".repeat(32) });
  await lab.delete(bigger);
  expect(lab.simulator.tasks).toMatchObject([{ id: "f".repeat(32) }]);
});
