import { labNodes } from "../../simulator";
import { commandOf, signalProcess } from "./processes";
import type { PulumiStack } from "./pulumi";
import { VmLab, vmArgs } from "./vm-lab";
import { until } from "./workspace";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

let lab: VmLab;
let count = 0;

beforeAll(async () => {
  lab = await VmLab.open();
});

afterAll(() => lab.close());

/** A stack of its own for each test. */
const freshStack = async (): Promise<PulumiStack> => {
  lab.simulator.disarm();
  for (const { taskId } of lab.vms()) await lab.simulator.deleteVm(labNodes.alice1, taskId); // of a test that failed
  await lab.simulator.setLink(labNodes.alice1, "online");
  lab.simulator.clearRequests();
  await lab.declare({ box: { args: vmArgs() } });
  return lab.workspace.stack(`crash-${++count}`);
};

const created = (): string[] =>
  lab.simulator.requests.flatMap(({ operation, taskId }) => (operation === "tasks.create" ? [taskId] : []));

const destroyed = async (stack: PulumiStack): Promise<void> => {
  expect(await stack.destroy()).toMatchObject({ code: 0 });
  expect(lab.vms()).toEqual([]);
  expect((await stack.state()).resources).toEqual([]);
};

test.each(["the engine", "the engine and its provider"])(
  "%s killed in mid-create: the next up goes on with the same VM",
  async (who) => {
    const stack = await freshStack();
    const before = lab.workspace.processes();
    const running = stack.startUp();
    await until(() => created().length > 0);
    running.kill("SIGKILL");
    await running.finished;
    if (who !== "the engine") {
      for (const pid of lab.workspace.processes().filter((each) => !before.includes(each))) {
        signalProcess(pid, "SIGKILL");
      }
    }
    await stack.cancel(); // the lock of the dead engine

    const begun = lab.vms();
    expect(begun).toHaveLength(1);
    await lab.up(stack);
    expect(lab.vms()).toEqual([{ taskId: begun[0]?.taskId, status: "running" }]);
    expect(created()).toHaveLength(1);
    expect(await stack.outputs()).toMatchObject({ box: { taskId: begun[0]?.taskId, status: "running" } });

    expect((await stack.state()).pending).toBe(1);
    expect(await stack.refresh("--clear-pending-creates")).toMatchObject({ code: 0 });
    expect((await stack.state()).pending).toBe(0);
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
    await destroyed(stack);
    // a provider whose engine is gone ends by itself; Pulumi's own language host takes minutes for that
    const providers = () =>
      lab.workspace.processes().filter((pid) => commandOf(pid).includes("dynamic-provider"));
    await until(() => providers().length === 0);
  },
);

test("an answer that is lost makes no second VM", async () => {
  const stack = await freshStack();
  lab.simulator.arm({ kind: "lost-answer", operation: "tasks.create" });
  await lab.up(stack);
  expect(lab.simulator.faults).toEqual([]); // it has struck
  expect(created()).toHaveLength(1);
  expect(lab.vms()).toHaveLength(1);
  await destroyed(stack);
});

test("a create that failed is recorded, and the next up makes it good", async () => {
  const stack = await freshStack();
  lab.simulator.arm({ kind: "boot-error" });
  const failed = await stack.up();
  expect(failed.code).not.toBe(0);
  expect(failed.output).toContain("create error");
  expect((await stack.state()).resources.map(({ type }) => type)).toContain("pulumi-nodejs:dynamic/dbc:Vm");
  await lab.up(stack);
  expect(lab.vms().map(({ status }) => status)).toEqual(["running"]);
  await destroyed(stack);
});

test("a create whose node goes away is partial state, which the next up resumes", async () => {
  const stack = await freshStack();
  await lab.declare({ box: { args: vmArgs(0, { timeouts: { create: "10m" } }) } });
  const running = stack.startUp();
  await until(() => created().length > 0);
  await lab.simulator.setLink(labNodes.alice1, "offline");
  const failed = await running.finished;
  expect(failed.code).not.toBe(0);
  expect(failed.output).toContain("the next `pulumi up` goes on");
  await lab.simulator.setLink(labNodes.alice1, "online");
  await lab.up(stack);
  expect(created()).toHaveLength(1);
  expect(lab.vms().map(({ status }) => status)).toEqual(["running"]);
  await destroyed(stack);
});

test.each([
  ["an image that the node lacks", { image: "nowhere.qcow2" }, /nowhere\.qcow2/],
  ["more GPUs than there are", { gpuCount: 40 }, /gpu/i],
  ["a node that nobody knows", { nodeId: "ee".repeat(32) }, /eeeeeeee…/],
  ["a node that is not rented", { nodeId: labNodes.unrented }, /rent/],
])("%s ends in a sentence, and nothing is recorded", async (_name, wrong, sentence) => {
  const stack = await freshStack();
  await lab.declare({ box: { args: vmArgs(0, wrong) } });
  const failed = await stack.up();
  expect(failed.code).not.toBe(0);
  expect(failed.output).toMatch(sentence);
  expect(failed.output).not.toMatch(/AxiosError|ZodError|at .*\.js:\d+/);
  expect((await stack.state()).resources.map(({ type }) => type)).not.toContain(
    "pulumi-nodejs:dynamic/dbc:Vm",
  );
  expect(lab.vms()).toEqual([]);
});
