/** Changes that can't be made, or only in part: each ends in one exact sentence, and the state is what the node has. */
import type { Values } from "../../provider/core/check";
import { vm } from "../../provider/resources/vm";
import { Lab, NODE, type Recorded } from "./lab";
import { args, KEY, OTHER, others, sentenceOf, world } from "./vm-args";

let lab: Lab;
let made: Recorded;
beforeEach(async () => {
  lab = await Lab.open();
  // what the node itself says, which a plan would mostly say before it
  lab.asks = false;
  made = await lab.create(vm, args());
});
afterEach(() => lab.close());

const GIB = 1024 ** 2;
const MODIFY = `could not modify VM ${KEY} of node a1a1a1a1…: the node said `;
const PORT = "choose a port that no other VM of the node uses";

describe("a change is not made, or in part, and the state says how far it went:", () => {
  /** The arguments that the node has now. */
  const kept = { cpuCores: 4, memoryGib: 8, gpuCount: 0, sshPort: 20_022, vncPort: 5_901, dataDiskGib: 10 };
  test.each<[string, Values, string]>([
    [
      "GPUs that are not there",
      { gpuCount: 9 },
      `${MODIFY}"allocate gpu failed"; ask for fewer GPUs, or free some by powering off or deleting another VM of this node`,
    ],
    [
      "cores that are not there",
      { cpuCores: 1_000 },
      `${MODIFY}"allocate cpu failed"; ask for fewer cores, or power off another VM of this node`,
    ],
    [
      "cores that would never start again",
      { cpuCores: 33 },
      "cpuCores: 33 would run once on node a1a1a1a1… and not start again after a power-off, because it has 2 sockets: use a multiple of 4.",
    ],
    [
      "memory that is not there",
      { memoryGib: 600 },
      `${MODIFY}"allocate memory failed"; ask for less memory, or power off another VM of this node`,
    ],
    [
      "a port that another VM has",
      { sshPort: 20_055 },
      `${MODIFY}"new_ssh_port 20055 has been used!"; ${PORT}`,
    ],
    [
      "a VNC port that another VM has",
      { vncPort: 5_955 },
      `${MODIFY}"new_vnc_port 5955 has been used!"; ${PORT}`,
    ],
    [
      "an address that the node itself has",
      { publicIp: "10.0.0.10" },
      `${MODIFY}"public ip being used"; another VM or the node itself has this address`,
    ],
    [
      "ports after hardware that is refused",
      { sshPort: 20_099, memoryGib: 600 },
      `${MODIFY}"allocate memory failed"; ask for less memory, or power off another VM of this node`,
    ],
  ])("%s", async (_, more, sentence) => {
    await lab.create(vm, others());
    const boot = lab.simulator.requireTask(NODE, KEY).bootedWith;
    const failed = await lab.update(vm, made, args({ allowStop: true, ...more }));
    expect(failed.reason).toBe(sentence);
    expect(failed.state).toMatchObject({ ...kept, phase: "ready", status: "running" });
    expect(failed.state.publicIp).toBeUndefined();
    const now = { status: "running", bootedWith: boot, publicIp: "", sshPort: 20_022 };
    expect(lab.simulator.requireTask(NODE, KEY)).toMatchObject(now);
    // the program as it was: nothing is left to do
    const writes = lab.writes().length;
    const back = await lab.update(vm, failed, args());
    expect(back.state).toMatchObject({ ...kept, phase: "ready" });
    expect(lab.writes()).toHaveLength(writes);
  });

  test("what the node took of a change before it refused the rest waits for a boot, which the next up makes", async () => {
    const wish = { allowStop: true, gpuCount: 2, cpuCores: 8 };
    const failed = await lab.update(vm, made, args({ ...wish, memoryGib: 600 }));
    expect(failed.reason).toBe(
      `could not learn whether the order to modify VM ${KEY} of node a1a1a1a1… took effect: the node said "allocate memory failed"; the changes that the node makes before this one are in place; ask for less memory, or power off another VM of this node`,
    );
    expect(failed.state).toMatchObject({ gpuCount: 2, cpuCores: 8, memoryGib: 8, phase: "changing" });
    expect(lab.simulator.requireTask(NODE, KEY).bootedWith).toMatchObject({ gpus: [], memoryKib: 8 * GIB });
    const mended = await lab.update(vm, failed, args({ ...wish, memoryGib: 8 }));
    expect(mended).toMatchObject({ did: "update", state: { gpuCount: 2, cpuCores: 8, phase: "ready" } });
    const booted = lab.simulator.requireTask(NODE, KEY).bootedWith;
    expect(booted).toMatchObject({ cpu: { sockets: 1, cores: 4, threads: 2 } });
    expect(booted?.gpus).toHaveLength(2);
  });

  test("a VM that could not be powered off for its change is told of, and the next up does it, after a refresh too", async () => {
    lab.simulator.arm({ kind: "stop-error" });
    const failed = await lab.update(vm, made, args({ allowStop: true, cpuCores: 8 }));
    expect(failed.reason).toMatch(/the node reports "poweroff error"/);
    expect(failed.state).toMatchObject({ phase: "changing" });
    const seen = await lab.refresh(vm, failed);
    if (!seen) throw new Error("it is there");
    const done = await lab.update(vm, seen, args({ allowStop: true, cpuCores: 8 }));
    expect(done).toMatchObject({ did: "update", state: { cpuCores: 8, phase: "ready", status: "running" } });
    expect(lab.simulator.requireTask(NODE, KEY).bootedWith?.cpu).toEqual({
      sockets: 1,
      cores: 4,
      threads: 2,
    });
  });

  test("a change that the node does not count as one never takes the public address away", async () => {
    const public_ = args({ publicIp: "198.51.100.9", allowStop: true });
    let now: Recorded = await lab.update(vm, made, public_);
    for (const more of [
      { sshPort: 20_023 },
      { cpuCores: 8 },
      { portMaps: [{ protocol: "tcp", host: 81 }] },
    ]) {
      now = await lab.update(vm, now, { ...public_, ...more });
      expect(now.reason).toBeUndefined();
      expect(lab.simulator.requireTask(NODE, KEY).publicIp).toBe("198.51.100.9");
    }
  });

  test("a public address that somebody took away shows, and comes back", async () => {
    const given = args({ publicIp: "198.51.100.9" });
    const now = await lab.update(vm, made, given);
    await lab.simulator.setTask(NODE, KEY, { publicIp: "" });
    lab.restart();
    const seen = await lab.refresh(vm, now);
    expect(seen?.state).not.toHaveProperty("publicIp");
    if (!seen) throw new Error("it is there");
    expect(await lab.update(vm, seen, given)).toMatchObject({ did: "update" });
    expect(lab.simulator.requireTask(NODE, KEY).publicIp).toBe("198.51.100.9");
  });

  test("a port that was taken while the VM was off is told, and another one starts it", async () => {
    const off = await lab.update(vm, made, args({ powerState: "stopped" }));
    await lab.create(vm, others({ sshPort: 20_022 }));
    const failed = await lab.update(vm, off, args({ powerState: "running" }));
    expect(failed.reason).toBe(
      `could not start VM ${KEY} of node a1a1a1a1…: the node said "check ssh_port failed"; another VM took its port while it was off; choose a port that no other VM of the node uses`,
    );
    expect(failed.state).toMatchObject({ phase: "ready", status: "closed", powerState: "stopped" });
    const moved = await lab.update(vm, failed, args({ powerState: "running", sshPort: 20_077 }));
    expect(moved.state).toMatchObject({ phase: "ready", status: "running", port: 20_077 });
  });

  test("a login without a guest agent is told, and set by the up after it has come", async () => {
    await lab.simulator.setNode(NODE, { guestAgent: false });
    const wish = args({ login: { username: "root", password: "Correct-Horse1" } });
    const failed = await lab.update(vm, made, wish);
    expect(failed.reason).toBe(
      `could not set the password of VM ${KEY} of node a1a1a1a1…: the node said "Guest agent is not responding: QEMU guest agent is not connected"; wait until the VM has booted; its image needs a running qemu-guest-agent`,
    );
    expect(failed.state).toMatchObject({ phase: "ready", status: "running", password: made.state.password });
    await lab.simulator.setNode(NODE, { guestAgent: true });
    expect(await lab.update(vm, failed, wish)).toMatchObject({ state: { password: "Correct-Horse1" } });
  });
});

test("a VM whose node could set no password runs, says so once, and has none", async () => {
  lab.simulator.arm({ kind: "agent-absent" });
  const silent = await lab.create(vm, others());
  expect(silent.state).toMatchObject({ phase: "ready", status: "running", port: 20_055 });
  for (const name of ["user", "password"]) expect(silent.state).not.toHaveProperty(name);
  expect(lab.warnings).toEqual([
    `VM ${OTHER} on node a1a1a1a1… runs, but its node could not set a password in it: set \`login\`, or use the console (VNC).`,
  ]);
});

test("a rental that is over is told by everything, and a delete of what it held succeeds", async () => {
  const over = `could not get a session of node a1a1a1a1…: the node said "check authority failed: machine is not be rented"; nobody rents this machine now: rent it, or check nodeId (a rental that ended and was given back looks the same)`;
  await lab.simulator.endRental(NODE);
  lab.restart();
  const before = world(lab);
  for (const attempt of [
    () => lab.create(vm, others()),
    () => lab.update(vm, made, args({ sshPort: 20_023 })),
    () => lab.update(vm, made, args({ allowStop: true, cpuCores: 8 })),
  ])
    expect(await sentenceOf(lab, attempt())).toBe(over);
  const seen = await lab.refresh(vm, made);
  expect(seen?.state).toEqual({ ...made.state, status: "rental ended" });
  await lab.delete(vm, made);
  expect(world(lab)).toEqual(before);
  expect(lab.warnings).toEqual([
    `the rental of node a1a1a1a1… is over: VM ${KEY} on node a1a1a1a1… can't be reached any more.`,
    `the rental of node a1a1a1a1… is over: VM ${KEY} on node a1a1a1a1… is forgotten here; the node removes it and its disks by itself.`,
  ]);
});

test.each([false, true])(
  "a rental that was renewed under another order brings its VM back, refreshed meanwhile: %s",
  async (isRefreshed) => {
    const { renter } = lab.simulator.requireNode(NODE).rentals[0] ?? {};
    if (renter === undefined) throw new Error("the node is rented");
    await lab.simulator.endRental(NODE);
    await lab.simulator.setDomain(NODE, KEY, "shutoff");
    lab.restart();
    const seen = isRefreshed ? await lab.refresh(vm, made) : made;
    if (!seen) throw new Error("it is there");
    expect(seen.state.status).toBe(isRefreshed ? "rental ended" : "running");
    await lab.simulator.rent(NODE, { renter, order: "4711" });
    lab.restart();
    expect(await lab.update(vm, seen, args({ rentOrder: "4711" }))).toMatchObject({
      did: "update",
      state: { phase: "ready", status: "running", rentOrder: "4711" },
    });
  },
);
