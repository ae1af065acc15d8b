import type { Values } from "../../provider/core/check";
import { dataDisk } from "../../provider/resources/data-disk";
import { vm } from "../../provider/resources/vm";
import type { FaultOrder } from "../../simulator";
import { DiskLab, peer, VM_ID, VM_KEY } from "./disks-lab";
import { BOB, Lab, NODE } from "./lab";

let lab: Lab;
let stack: DiskLab;
beforeEach(async () => {
  lab = await Lab.open();
  stack = await new DiskLab(lab).begin();
});
afterEach(() => lab.close());

const struck = () => expect(lab.simulator.faults.every((fault) => fault.struck > 0)).toBe(true);

describe("growing", () => {
  test.each<[string, FaultOrder]>([
    ["a lost answer", { kind: "lost-answer" }],
    ["a late effect", { kind: "late-effect" }],
    ["an answer of the wrong shape", { kind: "wrong-shape" }],
  ])("%s is settled by the list, never by repeating", async (_what, fault) => {
    const disk = await stack.addOne();
    lab.simulator.clearRequests();
    lab.simulator.arm({ ...fault, operation: "disk.resize" });
    expect((await stack.changeOne(disk, { sizeGib: 80 })).state).toMatchObject({
      sizeGib: 80,
      phase: "ready",
    });
    struck();
    expect(stack.diskWrites()).toEqual(['disk.resize {"disk":"vdc","size":30}']);
    expect(stack.disks()).toContain("vdc 80");
  });

  test.each<[string, FaultOrder]>([
    ["an order that is never carried out", { kind: "disk-error" }],
    ["a time-out without effect", { kind: "timeout" }],
  ])("%s is told; the next up tries again", async (_what, fault) => {
    const disk = await stack.addOne();
    lab.simulator.arm({ ...fault, operation: "disk.resize" });
    await expect(stack.changeOne(disk, { sizeGib: 80 })).rejects.toThrow(
      /did not grow to 80 GiB: .* the next up tries again/,
    );
    expect(stack.task.status).toBe("running");
    expect((await stack.changeOne(disk, { sizeGib: 80 })).state).toMatchObject({ sizeGib: 80 });
    expect(stack.disks()).toContain("vdc 80");
  });

  test("beyond a TiB the true size is known, though the list prints it rounded", async () => {
    const disk = await stack.addOne("a", { sizeGib: 1_500 });
    expect(disk.state.sizeGib).toBe(1_500);
    expect((await stack.changeOne(disk, { sizeGib: 1_537 })).state).toMatchObject({ sizeGib: 1_537 });
    expect(stack.disks()).toContain("vdc 1537");
    expect((await stack.refresh(disk))?.state.sizeGib).toBe(1_537);
  });

  test("goes by the file: a letter that moved to another disk is not followed", async () => {
    const [first, second] = await stack.all(stack.add("a"), stack.add("b"));
    // behind our back the first goes, and the node restarts under other letters
    await lab.simulator.setTask(NODE, VM_KEY, {
      disks: stack.task.disks
        .filter(({ file }) => file !== first.state.file)
        .map((disk) => (disk.file === second.state.file ? { ...disk, name: "vdc" } : disk)),
    });
    lab.simulator.clearRequests();
    await stack.changeOne(second, { sizeGib: 60 });
    expect(stack.diskWrites()).toEqual(['disk.resize {"disk":"vdc","size":10}']);
    await expect(stack.changeOne(first, { sizeGib: 60 })).rejects.toThrow(
      /is gone: it was removed behind our back/,
    );
    expect(stack.disks()).toEqual(["vda 40", "vdb 10", "vdc 60"]);
  });
});

describe("deleting", () => {
  test("sends one delete, by the letter of that moment", async () => {
    const [first, second] = await stack.all(stack.add("a"), stack.add("b"));
    lab.simulator.clearRequests();
    await stack.all(stack.remove(second));
    await stack.all(stack.add("c"));
    // c has b's letter now
    expect(stack.fileOf("vdd")).not.toBe(second.state.file);
    await stack.all(stack.remove(second));
    await stack.all(stack.remove(first));
    expect(stack.diskWrites()).toEqual([
      'disk.delete {"disk":"vdd"}',
      'disk.add {"size":50,"mount_dir":"/data"}',
      'disk.delete {"disk":"vdc"}',
    ]);
    expect(stack.disks()).toEqual(["vda 40", "vdb 10", "vdd 50"]);
  });

  test.each<[string, FaultOrder]>([
    ["a lost answer", { kind: "lost-answer" }],
    ["a late effect", { kind: "late-effect" }],
  ])("%s is settled by the list", async (_what, fault) => {
    const disk = await stack.addOne();
    lab.simulator.clearRequests();
    lab.simulator.arm({ ...fault, operation: "disk.delete" });
    await stack.all(stack.remove(disk));
    struck();
    expect(stack.diskWrites()).toHaveLength(1);
    expect(stack.task.disks).toHaveLength(2);
    expect(stack.task.status).toBe("running");
  });

  test("an order that is never carried out is told, and the disk stays in the state", async () => {
    const disk = await stack.addOne();
    lab.simulator.arm({ kind: "disk-error", operation: "disk.delete" });
    await expect(stack.all(stack.remove(disk))).rejects.toThrow(/is still there: .*it stays in the state/);
    expect(stack.task.status).toBe("running");
    await stack.all(stack.remove(disk));
    expect(stack.task.disks).toHaveLength(2);
  });

  test("of what is gone already asks only the list", async () => {
    const disk = await stack.addOne();
    await lab.simulator.setTask(NODE, VM_KEY, { disks: stack.task.disks.slice(0, 2) });
    await stack.nextUp();
    lab.simulator.clearRequests();
    await stack.all(stack.remove(disk));
    expect(lab.writes()).toEqual([]);
  });

  test("of a disk whose VM is gone is done", async () => {
    const disk = await stack.addOne();
    await lab.delete(vm, stack.vm);
    lab.restart();
    lab.simulator.clearRequests();
    await stack.all(stack.remove(disk));
    expect(lab.writes()).toEqual([]);
  });

  test("when the rental is over is done, and said", async () => {
    const disk = await stack.addOne();
    await lab.simulator.endRental(NODE);
    lab.restart();
    await stack.all(stack.remove(disk));
    expect(lab.warnings.join()).toMatch(/rental of node .* is over: disk .* is forgotten here/);
  });

  test.each([
    ["nothing else is declared on its VM, so that it is deleted as its own", [], 2, "deleted as its own"],
    ["it may be another's, so that it is left, and named", [peer("DataDisk", "b")], 3, "so it is left"],
  ])("of one that came while its node was cut off: %s", async (_why, others, left, words) => {
    stack.peers = [peer("DataDisk", "a"), ...others];
    const adding = stack.add("a", { timeouts: { create: "5m" } });
    const work = stack.all(adding);
    while (stack.count("disk.add") === 0) await lab.clock.advanceToNext();
    await lab.simulator.setLink(NODE, "offline");
    const [unclear] = await work;
    expect(stack.task.disks).toHaveLength(3);
    expect(unclear.state.phase).toBe("unknown");
    await lab.simulator.setLink(NODE, "online");
    await stack.nextUp();
    await stack.all(stack.remove(unclear));
    expect(lab.warnings.join()).toContain(words);
    expect(stack.task.disks).toHaveLength(left);
    expect(stack.task.status).toBe("running");
  });

  test("of one of unknown outcome leaves what may be another's, and names it", async () => {
    await stack.nextUp({ powerState: "stopped" });
    lab.simulator.arm({ kind: "disk-error", operation: "disk.add" });
    const unclear = await stack.addOne();
    await lab.run(lab.site.client.addDisk(NODE, VM_KEY, { sizeGib: 50, directory: "/data" }));
    await lab.run(lab.clock.sleep(10_000));
    await stack.all(stack.remove(unclear));
    expect(lab.warnings.join()).toContain(`nobody knows whether ${stack.fileOf("vdc")} on VM`);
    expect(stack.task.disks).toHaveLength(3);
  });
});

describe("reading", () => {
  test("ten disks on one VM cost one list of disks", async () => {
    const names = Array.from("abcdefghij");
    const made = await stack.all(...names.map((name) => stack.add(name)));
    expect(stack.cycles).toBe(1);
    lab.restart();
    lab.simulator.clearRequests();
    const seen = await stack.all(...made.map((disk) => stack.refreshStep(disk)));
    expect(seen.map((disk) => disk?.state.device)).toEqual(
      Array.from("cdefghijkl", (letter) => `vd${letter}`),
    );
    expect(stack.count("disk.list")).toBe(1);
    expect(lab.writes()).toEqual([]);
  });

  test("shows what was changed behind our back", async () => {
    const disk = await stack.addOne();
    await lab.simulator.setTask(NODE, VM_KEY, {
      disks: stack.task.disks.map((each) =>
        each.name === "vdc" ? { ...each, shownKib: 70 * 1024 ** 2, realKib: 70 * 1024 ** 2 } : each,
      ),
    });
    lab.restart();
    const seen = await stack.refresh(disk);
    expect(seen?.state).toMatchObject({ sizeGib: 70, phase: "ready" });
    expect(seen?.inputs).toMatchObject({ sizeGib: 70, vmId: VM_ID });
  });

  test("a disk that is gone is gone, and so is one whose VM is", async () => {
    const [first, second] = await stack.all(stack.add("a"), stack.add("b"));
    await lab.simulator.setTask(NODE, VM_KEY, {
      disks: stack.task.disks.filter(({ file }) => file !== first.state.file),
    });
    lab.restart();
    expect(await stack.refresh(first)).toBeUndefined();
    expect(await stack.refresh(second)).toBeDefined();
    await lab.simulator.deleteVm(NODE, VM_KEY);
    lab.restart();
    expect(await stack.refresh(second)).toBeUndefined();
  });

  test.each<[string, () => unknown, RegExp]>([
    ["a node that is offline", () => lab.simulator.setLink(NODE, "offline"), /time|unavailable|answer/i],
    [
      "a node that has lost its hypervisor",
      () => lab.simulator.setNode(NODE, { libvirt: "down" }),
      /task not exist/,
    ],
  ])("%s proves nothing: the state is kept", async (_what, break_, sentence) => {
    const disk = await stack.addOne();
    lab.restart();
    await break_();
    await expect(stack.refresh(disk)).rejects.toThrow(sentence);
  });

  test("through another account is refused", async () => {
    const disk = await stack.addOne();
    lab.restart(BOB);
    await expect(stack.refresh(disk)).rejects.toThrow(/another account|not rented|authority/);
  });

  test("a rental that is over keeps the state, and is said", async () => {
    const disk = await stack.addOne();
    await lab.simulator.endRental(NODE);
    lab.restart();
    expect((await stack.refresh(disk))?.state).toMatchObject({ file: disk.state.file });
    expect(lab.warnings.join()).toMatch(/rental of node .* is over/);
  });

  test("get finds a disk by the name of its file", async () => {
    const disk = await stack.addOne();
    const name = String(disk.state.file).split("/").at(-1);
    lab.restart();
    expect(await lab.get(dataDisk, `${VM_ID}/${name}`)).toMatchObject({
      vmId: VM_ID,
      sizeGib: 50,
      directory: "/data",
      device: "vdc",
    });
    await expect(lab.get(dataDisk, `${VM_ID}/nothing.qcow2`)).rejects.toThrow(
      /there is no DataDisk with the id/,
    );
    await expect(lab.get(dataDisk, "nonsense")).rejects.toThrow(/is not the id of a DataDisk/);
  });
});

describe("adoption", () => {
  test("takes over a disk as it is, without stopping anything", async () => {
    await lab.simulator.setTask(NODE, VM_KEY, {
      disks: [
        ...stack.task.disks,
        { name: "vdc", file: "/data/data_1_2.qcow2", shownKib: 50 * 1024 ** 2, realKib: 50 * 1024 ** 2 },
      ],
    });
    await stack.nextUp({ allowStop: false });
    lab.simulator.clearRequests();
    const made = await stack.addOne("a", { adoptFile: "/data/data_1_2.qcow2" });
    expect(made.state).toMatchObject({ phase: "ready", file: "/data/data_1_2.qcow2", device: "vdc" });
    expect(lab.writes()).toEqual([]);
    await expect(stack.addOne("b", { adoptFile: "/data/data_1_2.qcow2" })).rejects.toThrow(
      /another DataDisk of this program has it/,
    );
  });

  test.each<[string, () => Values, RegExp]>([
    [
      "of nothing",
      () => ({ adoptFile: "/data/no.qcow2" }),
      /the VM has no such disk: mend adoptFile or vmId/,
    ],
    [
      "of the system disk",
      () => ({ adoptFile: stack.fileOf("vda") }),
      /it is vda, which the VM was made with/,
    ],
    [
      "of the VM's own data disk",
      () => ({ adoptFile: stack.fileOf("vdb"), sizeGib: 10 }),
      /it is vdb, which the VM/,
    ],
    [
      "of another size and directory",
      () => ({ adoptFile: stack.fileOf("vdc"), sizeGib: 40, directory: "/home" }),
      /directory is \/data, not \/home; sizeGib is 50, not 40; write down what is there/,
    ],
  ])("%s is refused", async (_what, more, sentence) => {
    await stack.addOne("x");
    lab.restart();
    await expect(stack.addOne("a", more())).rejects.toThrow(sentence);
  });
});
