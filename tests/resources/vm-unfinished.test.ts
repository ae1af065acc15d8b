/** VMs that were not finished, but ran: people may work on them, so they are neither replaced nor powered off unasked. */
import type { Values } from "../../provider/core/check";
import { factsIn } from "../../provider/resources/power-book";
import { vm } from "../../provider/resources/vm";
import { Lab, NODE, type Recorded } from "./lab";
import { args, KEY } from "./vm-args";

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.open();
});
afterEach(() => lab.close());

const wish = (more: Values = {}) =>
  args({ login: { username: "root", password: "Correct-Horse1" }, ...more });

/** One that runs, and whose login could not be set. */
const unfinished = async (more: Values = {}): Promise<Recorded> => {
  await lab.simulator.setNode(NODE, { guestAgent: false });
  const made = await lab.create(vm, wish(more));
  expect(made.state).toMatchObject({ phase: "creating", status: "running", taskId: KEY });
  lab.restart();
  return made;
};

const ours = () => lab.simulator.requireTask(NODE, KEY);
const writesSince = (before: number): string[] => lab.writes().slice(before);

test("one that was switched off and can't be started again is kept, whatever was protected, and finished later", async () => {
  let now = await unfinished({ deletionProtection: true });
  await lab.simulator.setDomain(NODE, KEY, "shutoff");
  const disks = ours().disks.map(({ file }) => file);
  const before = lab.writes().length;
  for (const attempt of [1, 2]) {
    lab.simulator.arm({ kind: "start-error" });
    lab.restart();
    const failed = await lab.update(vm, now, wish({ deletionProtection: true }));
    expect([attempt, failed.did, failed.state.phase]).toEqual([attempt, "update", "creating"]);
    expect(failed.reason).toMatch(/the node reports "start error"/);
    now = failed;
  }
  await lab.simulator.setNode(NODE, { guestAgent: true });
  lab.restart();
  const done = await lab.update(vm, now, wish({ deletionProtection: true }));
  expect(done).toMatchObject({ did: "update", state: { phase: "ready", status: "running", taskId: KEY } });
  expect(writesSince(before).filter((line) => line.includes("delete"))).toEqual([]);
  expect(ours().disks.map(({ file }) => file)).toEqual(disks);
});

test("the error of a restart, which sticks to a VM that runs, is no error of its creation", async () => {
  const now = await unfinished();
  ours().status = "restart error";
  await lab.simulator.setNode(NODE, { guestAgent: true });
  const done = await lab.update(vm, now, wish());
  expect(done).toMatchObject({ did: "update", state: { phase: "ready", taskId: KEY } });
  expect(done.state.password).toBe("Correct-Horse1");
});

test("one that its node made after all is finished, not replaced", async () => {
  lab.simulator.arm({ kind: "no-address" });
  const failed = await lab.create(vm, args({ deletionProtection: true }));
  expect(failed.state).toMatchObject({ phase: "failed" });
  await lab.run(lab.site.client.startTask(NODE, KEY));
  await lab.simulator.advance(60_000);
  lab.restart();
  const seen = await lab.refresh(vm, failed);
  expect(seen?.state).toMatchObject({ phase: "creating", status: "running" });
  if (!seen) throw new Error("it is there");
  const before = lab.writes().length;
  expect(await lab.update(vm, seen, args({ deletionProtection: true }))).toMatchObject({
    did: "update",
    state: { phase: "ready", taskId: KEY },
  });
  expect(writesSince(before)).toEqual([]);
});

test("its hardware is not changed without consent to power it off", async () => {
  const now = await unfinished();
  await lab.simulator.setNode(NODE, { guestAgent: true });
  lab.asks = false;
  const before = lab.writes().length;
  await expect(lab.update(vm, now, wish({ cpuCores: 8 }))).rejects.toThrow(
    "a change of cpuCores needs a hard power-off, and the VM is running",
  );
  // what changed behind our back is put right by an update too
  ours().cpu = { sockets: 1, cores: 3, threads: 2 };
  const failed = await lab.update(vm, now, wish());
  expect(failed.reason).toBe(
    `VM ${KEY} on node a1a1a1a1… runs, and this change needs a hard power-off: set allowStop: true on it, or consent for this run with DBC_ALLOW_STOP=1.`,
  );
  expect(writesSince(before)).toEqual([]);
  expect(await lab.update(vm, failed, wish({ allowStop: true }))).toMatchObject({
    state: { phase: "ready", status: "running", cpuCores: 4 },
  });
});

test("what stands on it asks for consent too", () => {
  const fresh = (phase: string, status: string) => factsIn({}, { phase, status }).fresh;
  expect([
    fresh("creating", "creating"),
    fresh("unknown", "unknown"),
    fresh("failed", "create error"),
  ]).toEqual([true, true, true]);
  expect([fresh("creating", "running"), fresh("creating", "closed"), fresh("ready", "running")]).toEqual([
    false,
    false,
    false,
  ]);
});
