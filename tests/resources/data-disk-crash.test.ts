import { DiskLab, peer, VM_KEY } from "./disks-lab";
import { Lab, NODE } from "./lab";

let lab: Lab;
let stack: DiskLab;
beforeEach(async () => {
  lab = await Lab.open();
  stack = await new DiskLab(lab).begin();
});
afterEach(() => lab.close());

describe("a run that died", () => {
  /** What a run leaves that was killed while it had the VM off: the power-off, and perhaps the add. */
  const killed = async (...sizes: number[]): Promise<void> => {
    await lab.run(lab.site.client.poweroffTask(NODE, VM_KEY));
    await lab.run(lab.clock.sleep(10_000));
    for (const sizeGib of sizes)
      await lab.run(lab.site.client.addDisk(NODE, VM_KEY, { sizeGib, directory: "/data" }));
    await lab.run(lab.clock.sleep(10_000));
    await stack.nextUp();
    lab.simulator.clearRequests();
  };

  test("after the add: the disk is found again, and the VM is started", async () => {
    const [claim] = await stack.all(stack.claim("a"));
    await killed(50);
    const [made] = await stack.all(stack.add("a", {}, claim));
    expect(made.state).toMatchObject({ phase: "ready", file: stack.fileOf("vdc") });
    expect(lab.writes()).toEqual(["tasks.start"]);
    expect(lab.warnings.join()).toMatch(/appeared since an earlier run began to add this disk/);
    expect(stack.task.status).toBe("running");
  });

  test("before the add: it is added, once, and the VM is started", async () => {
    const [claim] = await stack.all(stack.claim("a"));
    await killed();
    await stack.all(stack.add("a", {}, claim));
    expect(stack.disks()).toEqual(["vda 40", "vdb 10", "vdc 50"]);
    expect(stack.task.status).toBe("running");
  });

  test("with the add still in the node's queue: it is waited for, not sent again", async () => {
    const [claim] = await stack.all(stack.claim("a"));
    const { client } = lab.site;
    await killed();
    lab.simulator.arm({ kind: "late-effect", operation: "disk.add", seconds: 40 });
    const old = client.addDisk(NODE, VM_KEY, { sizeGib: 50, directory: "/data" }).catch(() => undefined);
    await stack.all(stack.add("a", {}, claim), old);
    expect(stack.task.disks).toHaveLength(3);
    expect(stack.diskWrites()).toHaveLength(1);
  });

  test("in the middle of three: two are found again, the third is added", async () => {
    stack.peers = ["a", "b", "c"].map((name) => peer("DataDisk", name));
    const claims = await stack.all(...["a", "b", "c"].map((name) => stack.claim(name)));
    await killed(50, 50);
    const made = await stack.all(...["a", "b", "c"].map((name, index) => stack.add(name, {}, claims[index])));
    expect(new Set(made.map(({ state }) => state.file)).size).toBe(3);
    expect(stack.task.disks).toHaveLength(5);
    expect(stack.diskWrites()).toHaveLength(1);
    expect(stack.task.status).toBe("running");
  });

  test("another's disk of equal size is never taken, whatever the order of the steps", async () => {
    stack.peers = ["a", "b"].map((name) => peer("DataDisk", name));
    const [claim] = await stack.all(stack.claim("a"));
    const b = await stack.addOne("b");
    await killed();
    const [made] = await stack.all(stack.add("a", {}, claim), stack.change(b));
    expect(made.state.file).not.toBe(b.state.file);
    expect(stack.task.disks).toHaveLength(4);
  });

  test("a file that may be another's is named, and adoptFile decides", async () => {
    stack.peers = ["a", "b"].map((name) => peer("DataDisk", name));
    const [claim] = await stack.all(stack.claim("a"));
    await killed(50);
    // nothing was heard of b: it is not part of this run
    await expect(stack.all(stack.add("a", {}, claim))).rejects.toThrow(
      new RegExp(
        `the disk ${stack.fileOf("vdc")} on VM .* or that of b: set adoptFile: "${stack.fileOf("vdc")}"`,
      ),
    );
    expect(stack.task.status).toBe("running");
    const [made] = await stack.all(stack.add("a", { adoptFile: stack.fileOf("vdc") }, claim));
    expect(made.state).toMatchObject({ phase: "ready", file: stack.fileOf("vdc") });
    expect(stack.task.disks).toHaveLength(3);
  });

  test("a new file of another size is not taken, and a disk is added beside it", async () => {
    const [claim] = await stack.all(stack.claim("a"));
    await killed(49);
    const [made] = await stack.all(stack.add("a", {}, claim));
    expect(made.state.file).toBe(stack.fileOf("vdd"));
    expect(stack.disks()).toEqual(["vda 40", "vdb 10", "vdc 49", "vdd 50"]);
  });

  test("in the middle of a grow: it grows no further than asked, and the VM is started", async () => {
    const disk = await stack.addOne();
    await lab.run(lab.site.client.poweroffTask(NODE, VM_KEY));
    await lab.run(lab.clock.sleep(10_000));
    await lab.run(lab.site.client.growDisk(NODE, VM_KEY, "vdc", 30));
    await lab.run(lab.clock.sleep(10_000));
    await stack.nextUp();
    lab.simulator.clearRequests();
    expect((await stack.changeOne(disk, { sizeGib: 80 })).state).toMatchObject({
      sizeGib: 80,
      phase: "ready",
    });
    expect(lab.writes()).toEqual(["tasks.start"]);
    expect(stack.disks()).toContain("vdc 80");
  });

  test("in the middle of a delete: the VM is started, and the letter's new owner is left alone", async () => {
    const disk = await stack.addOne();
    await lab.run(lab.site.client.poweroffTask(NODE, VM_KEY));
    await lab.run(lab.clock.sleep(10_000));
    await lab.run(lab.site.client.deleteDisk(NODE, VM_KEY, "vdc"));
    await lab.run(lab.clock.sleep(10_000));
    await lab.run(lab.site.client.addDisk(NODE, VM_KEY, { sizeGib: 50, directory: "/data" }));
    await lab.run(lab.clock.sleep(10_000));
    await stack.nextUp();
    lab.simulator.clearRequests();
    await stack.all(stack.remove(disk));
    expect(lab.writes()).toEqual(["tasks.start"]);
    expect(stack.disks()).toEqual(["vda 40", "vdb 10", "vdc 50"]);
  });
});
