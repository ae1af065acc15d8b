/** What the state holds after bad days. Cases 15, 18 to 21 of docs/engine-cases.md, and what Pulumi offers for pending creates. */
import { labNodes } from "../../simulator";
import { said } from "../reliability/bad-wire";
import { type Finished, run } from "./command";
import type { PulumiStack } from "./pulumi";
import { SignalsLab } from "./signals-lab";
import { until } from "./workspace";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

const NODE = labNodes.alice1;
const PANIC = /panic:|goroutine \d+|fatal error/;

let signals: SignalsLab;
beforeAll(async () => {
  signals = await SignalsLab.open();
});
afterAll(() => signals.close());

/** Leaves a VM in the state that is not yet ready. */
const unfinished = async (): Promise<PulumiStack> => {
  const stack = await signals.stack();
  await signals.declare({ timeouts: { create: "10m" } });
  const running = stack.startUp(...signals.events());
  // an order that is on its way when the node goes off line is not carried out
  await until(() => signals.lab.vms().length > 0);
  await signals.lab.simulator.setLink(NODE, "offline");
  expect((await signals.hear(running)).code).not.toBe(0);
  await signals.lab.simulator.setLink(NODE, "online");
  expect(await signals.recorded(stack)).toHaveLength(1);
  // ten minutes are not enough for every VM
  await signals.declare();
  return stack;
};

test("partial state, refreshed, is gone on with", async () => {
  const stack = await unfinished();
  expect(await signals.hear(stack.refresh(...signals.events()))).toMatchObject({ code: 0 });
  await signals.expectMended(stack);
  expect(signals.created).toHaveLength(1);
});

test("partial state can be destroyed at once", async () => {
  const stack = await unfinished();
  await signals.expectDestroyed(stack);
});

test("deleted behind our back, it is noticed by a refresh and made again", async () => {
  const stack = await signals.stack();
  expect(await signals.hear(stack.up(...signals.events()))).toMatchObject({ code: 0 });
  const [vm] = signals.lab.vms();
  await signals.lab.simulator.deleteVm(NODE, vm?.taskId ?? "");
  expect(await signals.hear(stack.refresh(...signals.events()))).toMatchObject({ code: 0 });
  expect(await signals.recorded(stack)).toEqual([]);
  await signals.expectMended(stack);
});

test("a refresh through a node that is offline fails, and keeps the VM", async () => {
  const stack = await signals.stack();
  expect(await signals.hear(stack.up(...signals.events()))).toMatchObject({ code: 0 });
  await signals.lab.simulator.setLink(NODE, "offline");
  const refreshed = await signals.hear(stack.refresh(...signals.events()));
  expect(refreshed.code).not.toBe(0);
  expect(refreshed.output).toMatch(/could not /);
  expect(await signals.recorded(stack)).toHaveLength(1);
  await signals.lab.simulator.setLink(NODE, "online");
  await signals.expectMended(stack);
  expect(signals.created).toHaveLength(1);
});

/** A command with colours on. */
const coloured = ({ place }: PulumiStack, ...args: string[]): Promise<Finished> =>
  run(place.engine.command, [...args, "--non-interactive", "--color", "always"], {
    cwd: place.project,
    env: { ...place.env, PULUMI_STACK: place.stack },
  });

test("hostile text with colours on is shown as text, and stops nothing", async () => {
  const stack = await signals.stack();
  const message = "<{%bogus%}>\u001b[2J\u202e\u0007 %!s(MISSING)";
  signals.wire.arm({
    path: /\/tasks\/start$/,
    times: Number.POSITIVE_INFINITY,
    deliveries: 0,
    spoil: (socket) => void socket.write(said(200, JSON.stringify({ errcode: 1, message }))),
  });
  const failed = await signals.hear(coloured(stack, "up", "--yes", "--skip-preview"));
  expect(failed.code).not.toBe(0);
  expect(failed.output).not.toMatch(PANIC);
  expect(failed.output).toContain("< {%bogus%}>");
  // the terminal is not cleared, nor written from right to left
  expect(failed.output).not.toContain("\u001b[2J");
  expect(failed.output).not.toContain("\u202e");
  signals.release();
  await signals.expectMended(stack);
});

test("an answer that lacks all that may be lacking: the VM is recorded", async () => {
  const stack = await signals.stack();
  signals.wire.arm({
    path: /\/tasks\/pd1[0-9a-z]{19}$/,
    times: Number.POSITIVE_INFINITY,
    deliveries: 1,
    spoil: (socket, answer) => {
      const text = answer.toString("utf8");
      const { errcode, message } = JSON.parse(text.slice(text.indexOf("\r\n\r\n"))) as {
        readonly errcode: number;
        readonly message: Readonly<Record<string, unknown>>;
      };
      const { task_id, status, cpu_cores, gpu_count, mem_size } = message;
      socket.write(
        said(200, JSON.stringify({ errcode, message: { task_id, status, cpu_cores, gpu_count, mem_size } })),
      );
    },
  });
  expect(await signals.hear(stack.up(...signals.events()))).toMatchObject({ code: 0 });
  expect(await signals.recorded(stack)).toHaveLength(1);
  signals.release();
  expect(await signals.hear(stack.refresh(...signals.events()))).toMatchObject({ code: 0 });
  await signals.expectMended(stack);
});

test("Pulumi's own import of a pending create takes the id, reads the VM, and makes no second", async () => {
  const stack = await signals.stack();
  const held = signals.hold("in the wait");
  const running = stack.startUp(...signals.events());
  await held;
  running.kill("SIGKILL");
  await signals.hear(running);
  signals.release();
  await stack.cancel();
  const [vm] = signals.lab.vms();
  const urn = `urn:pulumi:${stack.place.stack}::test::pulumi-nodejs:dynamic/dbc:Vm::box`;
  const imported = await signals.hear(
    stack.refresh("--import-pending-creates", urn, "--import-pending-creates", `${NODE}/${vm?.taskId}`),
  );
  process.stdout.write(`refresh --import-pending-creates ended with ${imported.code}\n`);
  expect(imported.output).not.toMatch(PANIC);
  await signals.expectMended(stack);
  expect(signals.created).toHaveLength(1);
});

test("Pulumi's own log at its loudest tells neither session nor wallet", async () => {
  const stack = await signals.stack();
  // what the program itself marks as secret does pass through the engine, and is in its log
  const loud = await stack.up("--logtostderr", "-v=9");
  expect(loud.code).toBe(0);
  expect(loud.output.length).toBeGreaterThan(10_000);
  await signals.expectMended(stack);
  signals.expectNot(loud.output, ["wallet seed", "session id"]);
});

test("nothing of it was told", () => {
  signals.expectNothingTold("bad days");
});
