import { vm } from "../../provider/resources/vm";
import { whileVmOff } from "../../provider/resources/vm-part";
import { DiskLab, peer, VM_ID, VM_KEY } from "./disks-lab";
import { Lab, NODE } from "./lab";

let lab: Lab;
let stack: DiskLab;
beforeEach(async () => {
  lab = await Lab.open();
  stack = await new DiskLab(lab).begin();
});
afterEach(() => lab.close());

/** Operations that the log shows, in order, without lists and details. */
const writes = () => lab.writes().map((line) => line.split(" ")[0]);

/** Simulated milliseconds between the first request of this `up` and the power-off. */
const waited = (): number => {
  const { requests } = lab.simulator;
  const off = requests.find(({ operation }) => operation === "tasks.poweroff");
  return Date.parse(off?.time ?? "") - Date.parse(requests[0]?.time ?? "");
};

/** Any other work that needs the VM off, such as a snapshot. */
const work = (done: () => Promise<unknown> = async () => undefined, name?: string) =>
  whileVmOff(
    lab.context({
      ...(name !== undefined && { __urn: `urn:pulumi:dev::test::${peer("Snapshot", name)}` }),
      __peers: stack.peers,
    }),
    VM_ID,
    900_000,
    done,
  );

const pause = async (ms: number): Promise<void> => lab.clock.sleep(ms);

describe("cycles", () => {
  test("three disks added to one running, unchanged VM: 1", async () => {
    const made = await stack.all(stack.add("a"), stack.add("b"), stack.add("c"));
    expect(made.map(({ state }) => [state.phase, state.sizeGib])).toEqual(Array(3).fill(["ready", 50]));
    expect(made.map(({ state }) => state.device)).toEqual(["vdc", "vdd", "vde"]);
    expect(stack.disks()).toEqual(["vda 40", "vdb 10", "vdc 50", "vdd 50", "vde 50"]);
    expect(writes()).toEqual(["tasks.poweroff", "disk.add", "disk.add", "disk.add", "tasks.start"]);
    expect(stack.task.status).toBe("running");
  });

  test("add one, grow one, make a snapshot: 1", async () => {
    const [first] = await stack.all(stack.add("a"));
    await stack.nextUp();
    lab.simulator.clearRequests();
    const snapshot = work(() =>
      lab.site.client.createSnapshot(NODE, VM_KEY, { name: "one", imageServer: "lab" }),
    );
    await stack.all(stack.change(first, { sizeGib: 80 }), stack.add("b"), snapshot);
    expect(stack.cycles).toBe(1);
    expect(stack.disks()).toEqual(["vda 40", "vdb 10", "vdc 80", "vdd 50"]);
    expect(stack.task.snapshots.map(({ name }) => name)).toEqual(["one"]);
  });

  test("a change of the VM itself with three disks: 2", async () => {
    await stack.nextUp({ cpuCores: 8 });
    await stack.all(stack.add("a"), stack.add("b"), stack.add("c"));
    expect(stack.cycles).toBe(2);
    expect(stack.task.status).toBe("running");
  });

  test("add one and remove one, which comes last: 2", async () => {
    const [first] = await stack.all(stack.add("a"));
    await stack.nextUp();
    lab.simulator.clearRequests();
    await stack.all(stack.add("b"));
    await stack.all(stack.remove(first));
    expect(stack.cycles).toBe(2);
    expect(stack.disks()).toEqual(["vda 40", "vdb 10", "vdd 50"]);
  });

  test("three removed at once: 1", async () => {
    const made = await stack.all(stack.add("a"), stack.add("b"), stack.add("c"));
    await stack.nextUp();
    lab.simulator.clearRequests();
    await stack.all(...made.map((disk) => stack.remove(disk)));
    expect(stack.cycles).toBe(1);
    expect(stack.disks()).toEqual(["vda 40", "vdb 10"]);
  });

  test("one at a time: one for each, and no wait above 2 s", async () => {
    stack.peers = ["a", "b", "c"].map((name) => peer("DataDisk", name));
    for (const name of ["a", "b", "c"]) {
      lab.simulator.clearRequests();
      await stack.all(stack.add(name));
      expect(stack.cycles).toBe(1);
      expect(waited()).toBeLessThanOrEqual(2_000);
    }
    // nobody is missing any more: the last one waits for nothing
    expect(waited()).toBe(0);
    expect(stack.disks()).toHaveLength(5);
  });

  test("disks that stay as they are are not waited for", async () => {
    stack.peers = ["a", "b"].map((name) => peer("DataDisk", name));
    const [first] = await stack.all(stack.add("a"));
    await stack.nextUp();
    lab.simulator.clearRequests();
    expect((await stack.all(stack.change(first)))[0].did).toBe("nothing");
    await stack.all(stack.add("b"));
    expect(waited()).toBe(0);
    expect(stack.cycles).toBe(1);
  });

  test("those that come within 2 s of each other share one, but nobody waits longer than 10 s", async () => {
    stack.peers = Array.from("abcdefghij", (name) => peer("Snapshot", name));
    const begun = lab.clock.time();
    const turns = Array.from("abcdefgh", async (name, index) => {
      await pause(index * 1_900);
      await work(async () => undefined, name);
    });
    await stack.all(...turns);
    // the last two came after ten seconds: they were taken in while the VM was off, or had it off once more
    expect(stack.cycles).toBeLessThanOrEqual(2);
    const off = lab.simulator.requests.find(({ operation }) => operation === "tasks.poweroff");
    expect(Date.parse(off?.time ?? "") - begun).toBeLessThanOrEqual(10_000);
  });

  test("one that comes while others work is taken in without a wait", async () => {
    const slow = work(() => pause(20_000));
    const late = pause(15_000).then(() => work());
    await stack.all(slow, late);
    expect(stack.cycles).toBe(1);
  });

  test("one that comes while the VM starts has it off once more", async () => {
    const first = work();
    const late = (async () => {
      while (!lab.writes().includes("tasks.start")) await pause(50);
      await work();
    })();
    await stack.all(first, late);
    expect(stack.cycles).toBe(2);
    expect(stack.task.status).toBe("running");
  });

  test("a replaced or deleted VM's disks: none, and no call at all", async () => {
    const made = await stack.all(stack.add("a"), stack.add("b"));
    lab.restart();
    lab.simulator.clearRequests();
    lab.site.power.condemn(VM_ID);
    await stack.all(...made.map((disk) => stack.remove(disk)));
    expect(lab.simulator.requests).toEqual([]);
  });
});

describe("the power state afterwards", () => {
  test("is restored when one of the operations fails; the others are done", async () => {
    const failing = work(async () => {
      throw new Error("broken on purpose");
    }).catch((error: unknown) => error);
    const [made, error] = await stack.all(stack.add("a"), failing);
    expect(made.state.phase).toBe("ready");
    expect(error).toEqual(new Error("broken on purpose"));
    expect(stack.cycles).toBe(1);
    expect(stack.task.status).toBe("running");
  });

  test("is that of the Vm's state: what is to be off stays off, without consent", async () => {
    await stack.nextUp({ powerState: "stopped", allowStop: false });
    lab.simulator.clearRequests();
    await stack.all(stack.add("a"));
    expect(writes()).toEqual(["disk.add"]);
    expect(stack.task.status).toBe("closed");
  });

  test("is that of the Vm's state, not what was found: a VM that a crash left off is started", async () => {
    await lab.run(lab.site.client.poweroffTask(NODE, VM_KEY));
    await lab.run(pause(10_000));
    expect(stack.task.status).toBe("closed");
    await stack.nextUp();
    lab.simulator.clearRequests();
    await stack.all(stack.add("a"));
    expect(writes()).toEqual(["disk.add", "tasks.start"]);
    expect(stack.task.status).toBe("running");
  });

  test("a power-off that fails fails them all, and nothing is done", async () => {
    lab.simulator.arm({ kind: "stop-error", times: null });
    const all = ["a", "b"].map((name) => stack.add(name).catch((error: unknown) => error));
    const [first, second] = await stack.all(...all);
    expect(String(first)).toMatch(/reports "poweroff error" for VM pd1a/);
    expect(second).toEqual(first);
    expect(writes()).not.toContain("disk.add");
    expect(stack.disks()).toHaveLength(2);
  });

  test("a start that fails leaves partial state, and the next up only starts", async () => {
    lab.simulator.arm({ kind: "start-error" });
    const failed = await stack.all(stack.add("a"), stack.add("b"));
    for (const { reason, state } of failed) {
      expect(reason).toMatch(/is off for a change and could not be started again: .*"start error"/);
      expect(state).toMatchObject({ phase: "restore-power", sizeGib: 50, file: expect.any(String) });
    }
    await stack.nextUp();
    lab.simulator.clearRequests();
    const again = await stack.all(...failed.map((disk) => stack.change(disk)));
    expect(again.map(({ did, state }) => [did, state.phase])).toEqual(Array(2).fill(["update", "ready"]));
    // the node refuses the power-off of what is off
    expect(writes()).toEqual(["tasks.poweroff", "tasks.start"]);
    expect(stack.disks()).toHaveLength(4);
    expect(stack.task.status).toBe("running");
  });

  test("a node that is away when the VM is to start is waited for", async () => {
    const away = work(async () => {
      await lab.simulator.setLink(NODE, "offline");
      void pause(600_000).then(() => lab.simulator.setLink(NODE, "online"));
    });
    await stack.all(away);
    expect(stack.task.status).toBe("running");
  });

  test("a lost answer to the power-off, or to the start, changes nothing", async () => {
    lab.simulator.arm({ kind: "lost-answer", operation: "tasks.poweroff" });
    lab.simulator.arm({ kind: "late-effect", operation: "tasks.start" });
    await stack.all(stack.add("a"), stack.add("b"));
    expect(lab.simulator.faults.every(({ struck }) => struck > 0)).toBe(true);
    expect(stack.cycles).toBe(1);
    expect(stack.task.status).toBe("running");
  });
});

describe("consent", () => {
  const NO =
    /needs a hard power-off, and the VM is running: set allowStop: true on the Vm, or consent for this run with DBC_ALLOW_STOP=1/;

  test("without it a plan is refused, and nothing is touched", async () => {
    const [disk] = await stack.all(stack.add("a"));
    await stack.nextUp({ allowStop: false });
    lab.simulator.clearRequests();
    await expect(stack.all(stack.add("b"))).rejects.toThrow(/^adding a disk needs a hard power-off/);
    await expect(stack.all(stack.change(disk, { sizeGib: 60 }))).rejects.toThrow(NO);
    // a delete has no preview of its own: it is refused before the power-off
    await expect(stack.all(stack.remove(disk))).rejects.toThrow(NO);
    expect(lab.writes()).toEqual([]);
    expect(stack.task.status).toBe("running");
  });

  test("DBC_ALLOW_STOP=1 is consent for one run", async () => {
    await stack.nextUp({ allowStop: false });
    lab.restart(undefined, { allowStop: true });
    await stack.all(stack.add("a"));
    expect(stack.disks()).toHaveLength(3);
    expect(stack.task.status).toBe("running");
  });

  test("is not needed for a VM that was made in the same run", async () => {
    await lab.run(lab.site.client.deleteTask(NODE, VM_KEY));
    await lab.run(pause(10_000));
    const fresh = new DiskLab(lab);
    fresh.vm = await lab.create(vm, { ...stack.vm.inputs, allowStop: false });
    lab.simulator.clearRequests();
    await fresh.all(fresh.add("a"), fresh.add("b"));
    expect(fresh.cycles).toBe(1);
    expect(fresh.task.status).toBe("running");
  });

  test("of one is not that of all who come along", async () => {
    lab.restart();
    const of = (allowStop: boolean) =>
      whileVmOff(
        lab.context({ __vm: { allowStop, status: "running" } }),
        VM_ID,
        900_000,
        async () => "done",
      ).catch(String);
    expect(await stack.all(of(true), of(false))).toEqual(["done", expect.stringMatching(NO)]);
    expect(stack.cycles).toBe(1);
  });

  test("comes with the disk where the VM's own step is not part of the run (--target)", async () => {
    lab.restart();
    const passed = { allowStop: true, status: "running" };
    await stack.all(stack.add("a", { __vm: passed }));
    expect(stack.cycles).toBe(1);
    await expect(stack.all(stack.add("b", { __vm: { status: "running" } }))).rejects.toThrow(NO);
    expect(stack.disks()).toHaveLength(3);
  });
});
