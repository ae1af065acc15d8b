/** What stands on a VM, in runs in which the Vm's own step has no part: what was recorded of the VM is old then. */
import type { Values } from "../../provider/core/check";
import { snapshot } from "../../provider/resources/snapshot";
import { vm } from "../../provider/resources/vm";
import { alice, bob, defaultWorld, type FaultOrder, type SimulatorOptions } from "../../simulator";
import { DiskLab, peer, VM_ID } from "./disks-lab";
import { BOB, Lab, NODE } from "./lab";

let lab: Lab;
let stack: DiskLab;
afterEach(() => lab.close());

const open = async (more: Values = {}, options: SimulatorOptions = {}): Promise<void> => {
  lab = await Lab.open(options);
  stack = await new DiskLab(lab).begin(more);
};

/** As `pulumi destroy --target`: a new process that hears of nothing else. */
const alone = (options: { readonly allowStop?: boolean } = {}): void => {
  lab.restart(undefined, options);
  lab.simulator.clearRequests();
};

const writes = () => lab.writes().map((line) => line.split(" ")[0]);

describe("a delete of a disk alone", () => {
  const NO =
    /^deleting disk \/data\/.* needs a hard power-off, the VM is running, and this run has not heard of its Vm, so that an allowStop of old does not count: consent for this run with DBC_ALLOW_STOP=1\.$/;

  test("does not stop a VM by a consent that was taken back since, and leaves one on that runs now", async () => {
    await open();
    await stack.nextUp({ powerState: "stopped" });
    const disk = await stack.addOne("a", {
      __vm: { allowStop: true, powerState: "stopped", status: "running" },
    });
    await stack.nextUp({ powerState: "running", allowStop: false });
    alone();
    await expect(stack.all(stack.remove(disk))).rejects.toThrow(NO);
    expect(writes()).toEqual([]);
    alone({ allowStop: true });
    await stack.all(stack.remove(disk));
    expect(stack.cycles).toBe(1);
    expect(stack.task.status).toBe("running");
    expect(stack.disks()).toEqual(["vda 40", "vdb 10"]);
  });

  test("goes by what the program says when it is part of a replacement (up --target)", async () => {
    await open();
    const now = { allowStop: true, status: "running" };
    const disk = await stack.addOne("a", { __vm: now });
    alone();
    const more = { directory: "/home", __vm: now };
    expect((await stack.changeOne(disk, more)).did).toBe("replace");
    const made = await stack.addOne("a", more);
    await stack.all(stack.remove(disk));
    expect(stack.task.disks.map(({ file }) => file).slice(2)).toEqual([made.state.file]);
    expect(stack.task.status).toBe("running");
  });

  test("does not start a VM that is to be off now", async () => {
    await open();
    const disk = await stack.addOne("a", {
      __vm: { allowStop: true, powerState: "running", status: "running" },
    });
    await stack.nextUp({ powerState: "stopped" });
    alone();
    await stack.all(stack.remove(disk));
    expect(writes()).toEqual(["disk.delete"]);
    expect(stack.task.status).toBe("closed");
  });

  test("leaves a file that another run may have added by name, after an add that never arrived", async () => {
    await open();
    stack.peers = [peer("DataDisk", "a")];
    lab.simulator.arm({ kind: "disk-error", operation: "disk.add" });
    const adding = stack.all(stack.add("a", { timeouts: { create: "5m" } }));
    while (stack.count("disk.add") === 0) await lab.clock.advanceToNext();
    await lab.simulator.setLink(NODE, "offline");
    const [unclear] = await adding;
    expect(unclear.state.phase).toBe("unknown");
    await lab.simulator.setLink(NODE, "online");
    await stack.nextUp();
    stack.peers = ["a", "b"].map((name) => peer("DataDisk", name));
    const other = await stack.addOne("b");
    alone({ allowStop: true });
    await stack.all(stack.remove(unclear));
    expect(lab.warnings.join()).toContain(`nobody knows whether ${other.state.file} on VM`);
    expect(writes()).toEqual([]);
    expect(stack.disks()).toEqual(["vda 40", "vdb 10", "vdc 50"]);
  });
});

describe("a rental that was renewed under another number", () => {
  const rentals = [{ renter: alice, order: "100", gpuIndexes: [0, 1] }];
  const nodes = (defaultWorld.nodes ?? []).map((one) => (one.id === NODE ? { ...one, rentals } : one));
  const renewed = async (renter = alice): Promise<void> => {
    await lab.simulator.endRental(NODE, "100");
    await lab.simulator.rent(NODE, { renter, order: "101", gpuIndexes: [0, 1] });
  };
  const old = { allowStop: true, rentOrder: "100", status: "running" };
  beforeEach(() => open({ rentOrder: "100", gpuCount: 2 }, { seed: { ...defaultWorld, nodes } }));

  test("is found: a disk is read and deleted under it", async () => {
    const disk = await stack.addOne("a", { __vm: old });
    await renewed();
    await stack.nextUp({ rentOrder: "101" });
    alone({ allowStop: true });
    expect((await stack.refresh(disk))?.state).toMatchObject({ file: disk.state.file, phase: "ready" });
    await stack.all(stack.remove(disk));
    expect(lab.warnings).toEqual([]);
    expect(stack.disks()).toEqual(["vda 40", "vdb 10"]);
    expect(stack.task.status).toBe("running");
  });

  test("and of which the list forgot the old number is found too", async () => {
    const disk = await stack.addOne("a", { __vm: old });
    await renewed();
    await stack.nextUp({ rentOrder: "101" });
    const node = lab.simulator.requireNode(NODE);
    node.rentals = node.rentals.filter(({ id }) => id !== "100");
    alone({ allowStop: true });
    await stack.all(stack.remove(disk));
    expect(lab.warnings).toEqual([]);
    expect(stack.disks()).toEqual(["vda 40", "vdb 10"]);
  });

  test("is found for a snapshot whose image is gone: it is sent again, and deleted", async () => {
    const snap = { __key: "pd1bbbbbbbbbbbbbbbbbbb", vmId: VM_ID, name: "golden", imageServer: "lab" };
    const made = await lab.create(snapshot, { ...snap, __urn: "urn:test", __vm: old });
    await renewed();
    await stack.nextUp({ rentOrder: "101" });
    for (const server of lab.simulator.world.imageServers)
      server.images = server.images.filter(({ name }) => name !== made.state.image);
    alone();
    const seen = await lab.refresh(snapshot, made);
    expect(seen?.state).toMatchObject({ phase: "stopped", file: made.state.file });
    await lab.delete(snapshot, made);
    expect(stack.task.snapshots).toEqual([]);
  });

  test("is not taken for over by whoever is not its renter", async () => {
    const disk = await stack.addOne("a", { __vm: old });
    await renewed();
    await stack.nextUp({ rentOrder: "101" });
    lab.restart(BOB);
    await expect(stack.all(stack.remove(disk))).rejects.toThrow(/wallet not rented|another account/);
    await expect(stack.refresh(disk)).rejects.toThrow(/wallet not rented|another account/);
    expect(lab.warnings).toEqual([]);
  });

  test("is over when somebody else has the node now", async () => {
    const disk = await stack.addOne("a", { __vm: old });
    await renewed(bob);
    alone();
    expect((await stack.refresh(disk))?.state).toMatchObject({ file: disk.state.file });
    await stack.all(stack.remove(disk));
    expect(lab.warnings.join()).toMatch(/is over: the disks of .* is over: disk .* is forgotten here/);
  });
});

describe("a VM that was left off for a change, and that a refresh found so", () => {
  const NO_START: FaultOrder = {
    kind: "refusal",
    operation: "tasks.start",
    message: "check gpu failed",
    times: null,
  };
  beforeEach(() => open());

  /** `pulumi refresh`, and then the Vm's step of the next up. */
  const refreshed = async (more: Values = {}): Promise<void> => {
    lab.simulator.disarm();
    lab.restart();
    const seen = await lab.refresh(vm, stack.vm);
    if (!seen) throw new Error("the VM is gone");
    expect(seen.state.status).toBe("closed");
    stack.vm = seen;
    await stack.nextUp(more);
    lab.simulator.clearRequests();
  };

  test("is started by the next up, also when a new disk comes first", async () => {
    lab.simulator.arm(NO_START);
    const off = await stack.addOne();
    expect(off.state.phase).toBe("restore-power");
    await refreshed();
    const [, again] = await stack.all(stack.add("b"), stack.change(off));
    expect(again.state.phase).toBe("ready");
    expect(stack.task.status).toBe("running");
    expect(stack.disks()).toHaveLength(4);
  });

  test("stays off when its Vm says so by now", async () => {
    lab.simulator.arm(NO_START);
    const off = await stack.addOne();
    await refreshed({ powerState: "stopped" });
    expect((await stack.changeOne(off)).state.phase).toBe("ready");
    expect(stack.task.status).toBe("closed");
  });

  test("is started when what it is off for is deleted instead", async () => {
    lab.simulator.arm(NO_START);
    const off = await stack.addOne();
    await refreshed();
    await stack.all(stack.remove(off));
    expect(stack.disks()).toHaveLength(2);
    expect(stack.task.status).toBe("running");
  });

  test("is started after an add of unknown outcome", async () => {
    lab.simulator.arm({ kind: "disk-error", operation: "disk.add" });
    lab.simulator.arm(NO_START);
    const off = await stack.addOne();
    expect(off.state).toMatchObject({ phase: "unknown", __leftOff: true });
    await refreshed();
    expect((await stack.changeOne(off)).state.phase).toBe("ready");
    expect(stack.disks()).toEqual(["vda 40", "vdb 10", "vdc 50"]);
    expect(stack.task.status).toBe("running");
  });

  test("is named by a delete, which records nothing", async () => {
    const disk = await stack.addOne();
    lab.simulator.arm(NO_START);
    await expect(stack.all(stack.remove(disk))).rejects.toThrow(
      /The next up only starts it\. After a refresh, or without an up, nothing does: set powerState: "running" on its Vm then\.$/,
    );
    await refreshed({ powerState: "running" });
    expect(stack.task.status).toBe("running");
  });
});
