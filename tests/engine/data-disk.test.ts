import type { Values } from "../../provider/core/check";
import { labNodes, type Simulator, startSimulator } from "../../simulator";
import type { Task } from "../../simulator/world/task";
import { succeeded } from "./command";
import { signalProcess } from "./processes";
import type { PulumiStack } from "./pulumi";
import { aliceAt } from "./site";
import { until, Workspace } from "./workspace";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

/** A VM with whatever disks `lab.json` declares on it, as a user's loop would. */
const PROGRAM = `
const dbc = require("pulumi-dbc");
const { vm, disks, snapshots = {} } = JSON.parse(require("node:fs").readFileSync("lab.json", "utf8"));
const box = new dbc.Vm("box", vm);
exports.status = box.status;
for (const [name, args] of Object.entries(disks)) {
  const disk = new dbc.DataDisk(name, { vmId: box.id, ...args });
  exports[name] = { file: disk.file, device: disk.device, sizeGib: disk.sizeGib };
}
for (const [name, args] of Object.entries(snapshots)) new dbc.Snapshot(name, { vmId: box.id, ...args });
`;

const NODE = labNodes.alice1;
const vmArgs = (more: Values = {}): Values => ({
  nodeId: NODE,
  image: "ubuntu.qcow2",
  cpuCores: 4,
  memoryGib: 16,
  dataDiskGib: 50,
  sshPort: 20_022,
  vncPort: 5_901,
  ...more,
});

let simulator: Simulator;
let workspace: Workspace;
let stack: PulumiStack;

beforeAll(async () => {
  // at the world's own pace: the provider waits seconds for disks that come together, on a machine of any speed
  simulator = await startSimulator({ speed: 1 });
  workspace = await Workspace.create({
    files: { "index.js": PROGRAM },
    env: aliceAt(simulator, 1),
  });
  stack = await workspace.stack();
});

afterAll(async () => {
  await workspace.dispose();
  await simulator.close();
});

beforeEach(() => simulator.clearRequests());

const declare = (
  vm: Values,
  disks: Readonly<Record<string, Values>>,
  snapshots: Readonly<Record<string, Values>> = {},
): Promise<void> => workspace.write({ "lab.json": JSON.stringify({ vm, disks, snapshots }) });

/** `sizeGib` of each of these names. */
const sized = (sizeGib: number, ...names: string[]): Record<string, Values> =>
  Object.fromEntries(names.map((name) => [name, { sizeGib }]));

const up = (...options: string[]): Promise<string> => succeeded(stack.up(...options));

/** The only VM there is. */
const only = (): Task => {
  const [task, ...others] = Object.values(simulator.requireNode(NODE).tasks);
  expect(others).toEqual([]);
  if (!task) throw new Error("there is no VM");
  return task;
};

const sizes = (): number[] =>
  only()
    .disks.slice(2)
    .map(({ realKib }) => realKib / 1024 ** 2);
const writes = (): string[] =>
  simulator.requests.filter(({ write }) => write).map(({ operation }) => operation);
const count = (operation: string): number => writes().filter((each) => each === operation).length;

/** How often the VM was powered off and started again. */
const cycles = (): number => {
  expect(count("tasks.start")).toBe(count("tasks.poweroff"));
  expect(only().status).toBe("running");
  return count("tasks.poweroff");
};

const consenting = { allowStop: true };

test("a VM and two disks: no consent is needed for a VM that is made in the same run, and one cycle", async () => {
  await declare(vmArgs(), sized(20, "a", "b"));
  await up();
  expect(cycles()).toBe(1);
  expect(sizes()).toEqual([20, 20]);
  const { a, b } = (await stack.outputs()) as Record<string, { file: string; device: string }>;
  expect([a?.device, b?.device].sort()).toEqual(["vdc", "vdd"]);
  expect(new Set([a?.file, b?.file])).toEqual(
    new Set(
      only()
        .disks.slice(2)
        .map(({ file }) => file),
    ),
  );
});

test("nothing changed: nothing asked", async () => {
  await up("--expect-no-changes");
  expect(simulator.requests).toEqual([]);
});

test("without consent the preview refuses, and nothing is touched", async () => {
  await declare(vmArgs(), sized(20, "a", "b", "c"));
  for (const done of [await stack.preview(), await stack.up()]) {
    expect(done.code).not.toBe(0);
    expect(done.output).toContain("adding a disk needs a hard power-off, and the VM is running");
    expect(done.output).toContain("DBC_ALLOW_STOP=1");
  }
  await declare(vmArgs(), { ...sized(20, "a"), ...sized(30, "b") });
  expect((await stack.preview()).output).toContain("a change of sizeGib needs a hard power-off");
  await declare(vmArgs(), { ...sized(20, "a"), ...sized(19, "b") });
  expect((await stack.preview()).output).toContain("sizeGib can't shrink: the disk has 20 GiB");
  expect(writes()).toEqual([]);
});

test("consent alone makes no call", async () => {
  await declare(vmArgs(consenting), sized(20, "a", "b"));
  await up();
  expect(writes()).toEqual([]);
});

test("three disks added to one running, unchanged VM: one cycle", async () => {
  await declare(vmArgs(consenting), sized(20, "a", "b", "c", "d", "e"));
  await up();
  expect(cycles()).toBe(1);
  expect(count("disk.add")).toBe(3);
  expect(sizes()).toEqual([20, 20, 20, 20, 20]);
});

test("add one, grow one, make a snapshot: one cycle", async () => {
  await declare(
    vmArgs(consenting),
    { ...sized(20, "a", "b", "c", "d", "f"), ...sized(30, "e") },
    { state: { name: "state", imageServer: "lab" } },
  );
  await up();
  expect(cycles()).toBe(1);
  expect(writes().sort()).toEqual([
    "disk.add",
    "disk.resize",
    "snapshot.create",
    "tasks.poweroff",
    "tasks.start",
  ]);
  expect(only().snapshots.map(({ name }) => name)).toEqual(["state"]);
});

test("three disks beside a change of the VM itself: two cycles", async () => {
  await declare(vmArgs({ ...consenting, cpuCores: 8 }), {
    ...sized(20, "a", "b", "c", "d", "f", "g", "h", "i"),
    ...sized(30, "e"),
  });
  await up();
  expect(cycles()).toBe(2);
  expect(count("disk.add")).toBe(3);
});

test("add one and remove some: two cycles", async () => {
  await declare(vmArgs({ ...consenting, cpuCores: 8 }), sized(20, "a", "b", "c", "j"));
  await up();
  expect(cycles()).toBe(2);
  expect([count("disk.add"), count("disk.delete")]).toEqual([1, 6]);
  expect(sizes()).toEqual([20, 20, 20, 20]);
  await up("--expect-no-changes");
});

test("one operation at a time: a cycle for each", async () => {
  await declare(vmArgs({ ...consenting, cpuCores: 8 }), sized(20, "a", "b", "c", "j", "k", "l"));
  await up("--parallel", "1");
  expect(cycles()).toBe(2);
  expect(sizes()).toHaveLength(6);
});

test("a refresh of all disks costs one list of disks", async () => {
  expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
  expect(simulator.requests.filter(({ operation }) => operation === "disk.list")).toHaveLength(1);
  expect(writes()).toEqual([]);
});

test("a disk that went behind our back is added again after a refresh; one that grew is seen", async () => {
  const task = only();
  const { a, b } = (await stack.outputs()) as Record<string, { file: string }>;
  await simulator.setTask(NODE, task.id, {
    disks: task.disks
      .filter(({ file }) => file !== a?.file)
      .map((disk) =>
        disk.file === b?.file ? { ...disk, shownKib: 25 * 1024 ** 2, realKib: 25 * 1024 ** 2 } : disk,
      ),
  });
  expect(await stack.refresh()).toMatchObject({ code: 0 });
  expect((await stack.preview()).output).toContain("sizeGib can't shrink: the disk has 25 GiB");
  await declare(vmArgs({ ...consenting, cpuCores: 8 }), {
    ...sized(20, "a", "c", "j", "k", "l"),
    ...sized(25, "b"),
  });
  await up();
  expect(count("disk.add")).toBe(1);
  expect(cycles()).toBe(1);
  expect(sizes().sort()).toEqual([20, 20, 20, 20, 20, 25]);
});

test("a VM that is replaced takes its disks with it: no call for the old ones, one cycle for the new", async () => {
  await declare(vmArgs({ image: "ubuntu-22.04.qcow2" }), sized(20, "a", "b"));
  await up();
  expect(count("disk.delete")).toBe(0);
  expect(writes().slice(0, 2)).toEqual(["tasks.delete", "tasks.create"]);
  expect(count("tasks.poweroff")).toBe(1);
  expect(sizes()).toEqual([20, 20]);
  await up("--expect-no-changes");
});

test("an operation that fails: the other is done, the VM runs, and the next up finishes", async () => {
  await declare(vmArgs({ ...consenting, image: "ubuntu-22.04.qcow2" }), {
    ...sized(20, "a", "b", "c"),
    d: { sizeGib: 20, directory: "/nowhere" },
  });
  const failed = await stack.up();
  expect(failed.code).not.toBe(0);
  expect(failed.output).toContain('"/nowhere is not exist"');
  expect(cycles()).toBe(1);
  expect(sizes()).toEqual([20, 20, 20]);
  await declare(vmArgs({ ...consenting, image: "ubuntu-22.04.qcow2" }), sized(20, "a", "b", "c", "d"));
  await up();
  expect(sizes()).toEqual([20, 20, 20, 20]);
});

test.each(["the engine", "the engine and its provider"])(
  "%s killed while the VM is off: the next up finishes, once, and the VM runs",
  async (who) => {
    const names = Object.keys(JSON.parse(await workspace.read("lab.json")).disks);
    const more = [...names, `${names.length}x`, `${names.length}y`];
    const expected = sizes().length + 2;
    await declare(vmArgs({ ...consenting, image: "ubuntu-22.04.qcow2" }), sized(20, ...more));
    const before = workspace.processes();
    const running = stack.startUp();
    await until(() => count("disk.add") > 0);
    running.kill("SIGKILL");
    if (who !== "the engine")
      for (const pid of workspace.processes().filter((each) => !before.includes(each)))
        signalProcess(pid, "SIGKILL");
    await running.finished;
    await stack.cancel();
    await up();
    expect(sizes()).toHaveLength(expected);
    expect(only().status).toBe("running");
    expect(await stack.refresh("--clear-pending-creates")).toMatchObject({ code: 0 });
    await up("--expect-no-changes");
  },
);

test("destroy deletes the VM alone", async () => {
  expect(await stack.destroy()).toMatchObject({ code: 0 });
  expect(writes()).toEqual(["tasks.delete"]);
  expect(simulator.requireNode(NODE).tasks).toEqual({});
  expect((await stack.state()).resources).toEqual([]);
});
