import type { Values } from "../../provider/core/check";
import { dataDisk } from "../../provider/resources/data-disk";
import { whileVmOff } from "../../provider/resources/vm-part";
import { type FaultOrder, profiles } from "../../simulator";
import { DiskLab, VM_ID, VM_KEY } from "./disks-lab";
import { Lab, NODE } from "./lab";

let lab: Lab;
let stack: DiskLab;
beforeEach(async () => {
  lab = await Lab.open();
  stack = await new DiskLab(lab).begin();
});
afterEach(() => lab.close());

const struck = () => expect(lab.simulator.faults.every((fault) => fault.struck > 0)).toBe(true);

describe("fields", () => {
  test.each<[string, Values, RegExp]>([
    ["no VM", { vmId: undefined }, /^vmId is missing: it must be the id of a Vm/],
    ["the id of a node", { vmId: NODE }, /^vmId must be the id of a Vm: <nodeId>\/<taskId>/],
    ["no size", { sizeGib: undefined }, /^sizeGib is missing/],
    ["no space", { sizeGib: 0 }, /^sizeGib must be a whole number from 1 to 1048576 \(GiB\)/],
    ["a part of a GiB", { sizeGib: 1.5 }, /^sizeGib must be a whole number/],
    ["a size as text", { sizeGib: "50" }, /^sizeGib must be a whole number/],
    ["a relative directory", { directory: "data" }, /^directory must be a directory of the node/],
    ["a directory above", { directory: "/data/../etc" }, /^directory must be a directory/],
    ["a directory with a slash at its end", { directory: "/data/" }, /^directory must be a directory/],
    ["a quote in the directory", { directory: '/da"ta' }, /^directory must be a directory/],
    ["a file without a path", { adoptFile: "x.qcow2" }, /^adoptFile must be the whole path of a disk file/],
    ["a file of another kind", { adoptFile: "/data/x.iso" }, /^adoptFile must be the whole path/],
    ["a deadline without a unit", { timeouts: { create: "10" } }, /^timeouts.create must be a duration/],
    ["a wire name", { mount_dir: "/data" }, /^there is no field "mount_dir"/],
  ])("%s is refused at preview", async (_what, more, reason) => {
    const { reasons } = await lab.check(dataDisk, {}, stack.inputs("a", more));
    expect(reasons).toEqual([expect.stringMatching(reason)]);
    expect(lab.simulator.requests).toEqual([]);
  });

  const other = `${NODE}/pd1bbbbbbbbbbbbbbbbbbb`;
  test.each<[string, Values, Values, "nothing" | "update" | "replace", string[]]>([
    ["nothing", {}, {}, "nothing", []],
    ["vmId", {}, { vmId: other }, "replace", []],
    ["directory", {}, { directory: "/home" }, "replace", []],
    ["directory, written out", {}, { directory: "/data" }, "nothing", []],
    [
      "sizeGib",
      {},
      { sizeGib: 80 },
      "update",
      ["tasks.poweroff", 'disk.resize {"disk":"vdc","size":30}', "tasks.start"],
    ],
    ["timeouts set", {}, { timeouts: { create: "2h" } }, "update", []],
    ["timeouts changed", { timeouts: { create: "2h" } }, { timeouts: { update: "3h" } }, "update", []],
    ["timeouts removed", { timeouts: { create: "2h" } }, { timeouts: undefined }, "update", []],
    ["adoptFile set", {}, { adoptFile: "/data/elsewhere.qcow2" }, "update", []],
  ])("a change of %s", async (_what, before, after, did, calls) => {
    const made = await stack.addOne("a", before);
    await stack.nextUp();
    lab.simulator.clearRequests();
    const changed = await stack.changeOne(made, after);
    expect(changed.did).toBe(did);
    expect(lab.writes()).toEqual(calls);
    if (did === "replace") return;
    const expected = Object.fromEntries(Object.entries(after).filter(([, value]) => value !== undefined));
    expect(changed.state).toMatchObject({ ...expected, phase: "ready", file: made.state.file });
    if ("timeouts" in after && after.timeouts === undefined) expect(changed.state.timeouts).toBeUndefined();
    expect((await stack.changeOne(changed, after)).did).toBe("nothing");
  });

  test("to shrink is refused at preview, and touches nothing", async () => {
    const made = await stack.addOne();
    lab.simulator.clearRequests();
    await expect(stack.changeOne(made, { sizeGib: 49 })).rejects.toThrow(
      /^sizeGib can't shrink: the disk has 50 GiB; make a new DataDisk for a smaller one\.$/,
    );
    // in another directory it is a new disk, of any size
    expect((await stack.changeOne(made, { sizeGib: 20, directory: "/home" })).did).toBe("replace");
    expect(lab.simulator.requests).toEqual([]);
  });

  test("a disk without the claim that its class registers is refused", async () => {
    const { inputs } = await lab.check(dataDisk, {}, stack.inputs("a"));
    await expect(lab.create(dataDisk, inputs)).rejects.toThrow(
      /has no claim: make it with the class DataDisk/,
    );
  });
});

describe("adding", () => {
  test("sends one add, and tells the disk by what was not there before", async () => {
    const made = await stack.addOne("a", { directory: "/home" });
    expect(made.reason).toBeUndefined();
    expect(made.id).toMatch(new RegExp(`^${VM_ID}/pd1[0-9a-z]{19}$`));
    expect(made.state).toMatchObject({ sizeGib: 50, directory: "/home", device: "vdc", phase: "ready" });
    expect(made.state.file).toMatch(/^\/home\/data_\d+_\d{14}\.qcow2$/);
    expect(made.claim.state.files).toEqual([stack.fileOf("vda"), stack.fileOf("vdb")]);
    expect(lab.writes()).toEqual([
      "tasks.poweroff",
      'disk.add {"size":50,"mount_dir":"/home"}',
      "tasks.start",
    ]);
  });

  test("a second up asks nothing", async () => {
    const made = await stack.addOne();
    const before = lab.simulator.requests.length;
    expect((await stack.changeOne(made)).did).toBe("nothing");
    expect(lab.simulator.requests).toHaveLength(before);
  });

  test.each<[string, FaultOrder]>([
    ["an answer that is lost after the effect", { kind: "lost-answer" }],
    ["an answer that breaks off", { kind: "cut-answer" }],
    ["a time-out before the effect, which comes late", { kind: "late-effect" }],
    ["a slow answer that becomes a time-out", { kind: "slow-answer" }],
    ["an HTML page in place of an answer", { kind: "html-body" }],
    ["an answer of the wrong shape", { kind: "wrong-shape" }],
  ])("%s is settled by the list: one disk, and it is ours", async (_what, fault) => {
    lab.simulator.arm({ ...fault, operation: "disk.add" });
    const made = await stack.addOne();
    struck();
    expect(made).toMatchObject({ state: { phase: "ready", file: stack.fileOf("vdc") } });
    expect(made.reason).toBeUndefined();
    expect(stack.diskWrites()).toHaveLength(1);
    expect(stack.task.disks).toHaveLength(3);
    expect(stack.task.status).toBe("running");
  });

  test("two disks of equal size whose answers are both lost are told apart", async () => {
    lab.simulator.arm({ kind: "lost-answer", operation: "disk.add", times: 2 });
    const made = await stack.all(stack.add("a"), stack.add("b"));
    expect(new Set(made.map(({ state }) => state.file)).size).toBe(2);
    expect(stack.task.disks).toHaveLength(4);
  });

  test("a disk that somebody else adds meanwhile is not taken for ours", async () => {
    const step = stack.add("a", { sizeGib: 50 });
    const foreign = (async () => {
      while (stack.task.status !== "closed") await lab.clock.sleep(20);
      await lab.site.client.addDisk(NODE, VM_KEY, { sizeGib: 51, directory: "/data" });
    })();
    const [made] = await stack.all(step, foreign);
    expect(made.state).toMatchObject({ phase: "ready", sizeGib: 50 });
    expect(stack.disks().slice(2).sort()).toEqual(["vdc 51", "vdd 50"]);
  });

  test.each<[string, FaultOrder | undefined, Values, RegExp]>([
    [
      "a directory that is not there",
      undefined,
      { directory: "/nowhere" },
      /"\/nowhere is not exist"; choose a directory/,
    ],
    [
      "no space",
      { kind: "refusal", message: "mount directory:/data have no enough space" },
      {},
      /have no enough space"; choose another directory/,
    ],
    ["a node that is offline", { kind: "unknown-node" }, {}, /doesn't know this node/],
  ])("%s is one sentence; nothing is recorded, and the VM runs", async (_what, fault, more, sentence) => {
    if (fault) lab.simulator.arm({ ...fault, operation: "disk.add" });
    await expect(stack.addOne("a", more)).rejects.toThrow(sentence);
    expect(stack.task.disks).toHaveLength(2);
    expect(stack.task.status).toBe("running");
    expect(stack.cycles).toBe(1);
  });

  test("an order that the node takes and never carries out is told, with nothing recorded", async () => {
    lab.simulator.arm({ kind: "disk-error", operation: "disk.add" });
    const begun = lab.clock.now();
    await expect(stack.addOne()).rejects.toThrow(
      /^no disk was added to VM pd1a.* its node took the order.*no space left in \/data \(getNode shows it\)\.$/,
    );
    expect(lab.clock.now() - begun).toBeLessThan(180_000);
    expect(stack.task.status).toBe("running");
    // the next up tries again, with the claim that is recorded
    expect((await stack.addOne()).state).toMatchObject({ phase: "ready" });
  });

  test("a time-out without effect is told, with nothing recorded and nothing doubled", async () => {
    lab.simulator.arm({ kind: "timeout", operation: "disk.add" });
    await expect(stack.addOne()).rejects.toThrow(/^no disk was added to VM/);
    expect(stack.diskWrites()).toHaveLength(1);
    expect(stack.task.disks).toHaveLength(2);
    expect(stack.task.status).toBe("running");
  });

  test("where no start follows that would prove it, an unclear order is recorded and gone on with", async () => {
    await stack.nextUp({ powerState: "stopped" });
    lab.simulator.arm({ kind: "disk-error", operation: "disk.add" });
    const unclear = await stack.addOne();
    lab.restart();
    expect((await stack.refresh(unclear))?.state).toEqual(unclear.state);
    expect(unclear).toMatchObject({
      state: { phase: "unknown" },
      reason: expect.stringMatching(/^nobody knows/),
    });
    await stack.nextUp();
    const again = await stack.changeOne(unclear);
    expect(again).toMatchObject({ did: "update", state: { phase: "ready", device: "vdc" } });
    expect(stack.task.disks).toHaveLength(3);
  });

  test("a node's queue is waited for: other VMs come first", async () => {
    lab.simulator.setProfile("typical");
    const created = lab.site.client.createTask(NODE, {
      taskId: "pd1ccccccccccccccccccc",
      image: "ubuntu.qcow2",
      gpuCount: 0,
      cpuCores: 4,
      memoryGib: 8,
      diskGib: 10,
      sshPort: 20_099,
      vncPort: 5_999,
    });
    const step = stack.add("a");
    const [made] = await stack.all(step, created);
    expect(made.state).toMatchObject({ phase: "ready" });
    expect(stack.diskWrites()).toHaveLength(1);
  });

  test("one that comes only after hidden work of the node is found when the VM has started", async () => {
    lab.simulator.setProfile({ ...profiles.fast, copyRate: 5 * 1024 ** 2 });
    const other = "pd1ccccccccccccccccccc";
    const create = { image: "ubuntu.qcow2", gpuCount: 0, cpuCores: 2, memoryGib: 4, diskGib: 10 };
    await lab.run(
      lab.site.client.createTask(NODE, { ...create, taskId: other, sshPort: 20_099, vncPort: 5_999 }),
    );
    await lab.run(lab.clock.sleep(60_000));
    await lab.run(lab.site.client.poweroffTask(NODE, other));
    await lab.run(lab.clock.sleep(60_000));
    lab.simulator.clearRequests();
    // a copy that takes minutes and shows in no list of VMs comes before ours
    const copy = whileVmOff(lab.context({}), VM_ID, 900_000, () =>
      lab.site.client.createSnapshot(NODE, other, { name: "one", imageServer: "lab" }),
    );
    const [made] = await stack.all(stack.add("a"), copy);
    expect(made).toMatchObject({ state: { phase: "ready", file: stack.fileOf("vdc") } });
    expect(made.reason).toBeUndefined();
    expect(stack.diskWrites()).toHaveLength(1);
    const [add, start] = ["disk.add", "tasks.start"].map((operation) =>
      Date.parse(lab.simulator.requests.find((request) => request.operation === operation)?.time ?? ""),
    );
    expect((start ?? 0) - (add ?? 0)).toBeGreaterThanOrEqual(120_000);
  });

  test("a miner that restarts and drops the order: told, nothing recorded, and the next up adds it", async () => {
    const claim = (await stack.all(stack.claim("a")))[0];
    const restart = (async () => {
      while (stack.diskWrites().length === 0) await lab.clock.sleep(20);
      await lab.simulator.restartMiner(NODE);
    })();
    const [error] = await stack.all(
      stack.add("a", {}, claim).catch((reason: unknown) => reason),
      restart,
    );
    expect(String(error)).toMatch(/no disk was added/);
    await stack.nextUp();
    const [made] = await stack.all(stack.add("a", {}, claim));
    expect(made.state).toMatchObject({ phase: "ready" });
    expect(stack.task.disks).toHaveLength(3);
    expect(stack.task.status).toBe("running");
  });

  test("a VM without disks (pxe) is refused with a sentence", async () => {
    await lab.simulator.setTask(NODE, VM_KEY, { bios: "pxe" });
    await expect(stack.all(stack.claim("a"))).rejects.toThrow(/"pxe not support disk"; a VM with bios pxe/);
  });
});
