import { failureOf, ORDER, type Platform, startPlatform } from "./platform";

let platform: Platform;
afterEach(() => platform.close());

test("signs in, finds the region's service behind /ai, creates, lists, looks and deletes", async () => {
  platform = await startPlatform();
  const client = platform.client();
  const region = await platform.run(client.region());
  expect(region).toMatchObject({ id: "11112", name: "华东一区" });

  const id = await platform.run(client.createTask(ORDER));
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(await platform.run(client.listTasks())).toEqual([
    expect.objectContaining({ instanceId: id, name: ORDER.name, status: "Waiting", taskType: "jupyter" }),
  ]);
  expect(await platform.run(client.getTask(id))).toMatchObject({
    startedAt: undefined,
    remainingTime: undefined,
    ports: [{ port: 18_888, protocol: "http", url: undefined }],
  });
  expect(await platform.run(client.getTaskUrl(id))).toBeUndefined();

  await platform.clock.advance(120_000);
  expect(await platform.run(client.getTask(id))).toMatchObject({
    status: "Running",
    ports: [{ port: 18_888, protocol: "http", url: expect.stringContaining("?token=") }],
    startedAt: "2026-01-01T20:01:00+08:00",
  });
  expect(await platform.run(client.getTaskUrl(id))).toContain("/jupyter-forward/");

  expect(await failureOf(platform.run(client.deleteTask(id)))).toMatchObject({
    outcome: "refused",
    message: expect.stringContaining("code 716866"),
  });
  await platform.run(client.stopTask(id));
  await platform.run(client.resizeTask(id, { cpuCores: 4, acceleratorCount: 2, ramMib: 1_024 }));
  await platform.run(client.restartTask(id));
  await platform.clock.advance(120_000);
  expect(await platform.run(client.getTask(id))).toMatchObject({
    status: "Running",
    cpuCores: 4,
    ramMib: 1_024,
  });
  await platform.run(client.executeScript(id, "echo hello", "all"));
  expect(platform.simulator.tasks[0]?.scripts).toEqual(["echo hello\n"]);
  await platform.run(client.stopTask(id));
  await platform.run(client.deleteTask(id));
  await platform.clock.advance(5_000);
  expect(await platform.run(client.listTasks())).toEqual([]);
});

test("tells what a region offers", async () => {
  platform = await startPlatform();
  const client = platform.client();
  expect(await platform.run(client.listResourceGroups())).toEqual([
    { name: "TeslaM40", acceleratorType: "gpu" },
    { name: "kshdtest", acceleratorType: "dcu" },
    { name: "cpuonly", acceleratorType: "cpu" },
  ]);
  expect(await platform.run(client.getLimits("gpu", "TeslaM40"))).toEqual({
    resourceGroup: "TeslaM40",
    cpuCores: 40,
    acceleratorCount: 4,
    ramMib: 131_072,
    nodes: 2,
    maxTime: "unlimited",
  });
  expect(await platform.run(client.listImages({ acceleratorType: "gpu" }))).toHaveLength(2);
  expect(await platform.run(client.listMountDirs())).toEqual([
    { path: "/public/home/lab", type: "path" },
    { path: "/public1/home/lab", type: "path" },
  ]);
  expect(await platform.run(client.getUser())).toMatchObject({ userName: "bob", accountBalance: "1024.50" });
});
