import { alice } from "../../simulator";
import { Lab } from "./lab";
import { plainVm } from "./renter";

describe("the life of a virtual machine", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.start();
  });
  afterEach(() => lab.close());

  test("goes from creating to running, is stopped, started and deleted", async () => {
    const id = "AAAAAAAAAABBBBBBBBBB";
    const created = await lab.answer("/tasks/start", { ...plainVm, task_id: id });
    expect(created.text).toBe(
      `{"errcode":0, "message":{"task_id":"${id}", "create_time":"2026-01-01 12:00:00", "desc":"hello", "status":"creating"}}\r\n`,
    );
    // Before the machine is defined, verbs say that there is no such task (h3).
    expect(await lab.ask(`/tasks/delete/${id}`)).toBe("task not exist");
    await lab.seconds(1);
    expect(await lab.status(id)).toBe("creating");
    await lab.seconds(2);
    expect(await lab.status(id)).toBe("running");
    const detail = await lab.ask(`/tasks/${id}`);
    expect(detail).toMatchObject({
      ssh_port: "20001",
      user_name: "dbc",
      cpu_cores: 4,
      gpu_count: 1,
      mem_size: "16G",
    });
    expect(`${detail?.login_password}`.slice(0, 8)).toBe(detail?.vnc_password);
    expect(await lab.ask(`/tasks/start/${id}`)).toBe("task is running");
    expect(await lab.ask(`/tasks/poweroff/${id}`)).toBe("ok");
    expect(await lab.status(id)).toBe("being poweroff");
    await lab.seconds(1);
    expect(await lab.status(id)).toBe("closed");
    expect(await lab.ask(`/tasks/poweroff/${id}`)).toBe("task is shut_off");
    await lab.ask(`/tasks/start/${id}`);
    await lab.seconds(1);
    expect(await lab.status(id)).toBe("running");
    await lab.ask(`/tasks/delete/${id}`);
    expect(await lab.status(id)).toBe("deleting");
    await lab.seconds(1);
    expect(await lab.status(id)).toBeUndefined();
    expect((await lab.answer(`/tasks/${id}`)).text).toBe('{"errcode":-3, "message":"task_id not exist"}\r\n');
    expect((await lab.answer(`/tasks/delete/${id}`)).text).toBe(
      '{"errcode":1, "message":"task not exist"}\r\n',
    );
  });

  test("one worker does one thing after the other (h3)", async () => {
    const first = await lab.create();
    const second = await lab.create({ ssh_port: "20002", vnc_port: "5905" });
    await lab.seconds(2.2);
    expect([await lab.status(first), await lab.status(second)]).toEqual(["running", "creating"]);
    // The stop waits behind the second create, though its status shows at once.
    await lab.ask(`/tasks/poweroff/${first}`);
    await lab.seconds(1);
    expect(await lab.status(first)).toBe("being poweroff");
    await lab.seconds(3);
    expect([await lab.status(first), await lab.status(second)]).toEqual(["closed", "running"]);
  });

  test.each([
    ["define-error", "task not exist", 1],
    ["boot-error", "ok", 0],
    ["no-address", "ok", 0],
    ["iptables-error", "ok", 0],
  ] as const)("a create that fails by %s stays listed, and a start says %s", async (kind, said, gpus) => {
    lab.simulator.arm({ kind });
    const id = await lab.create();
    await lab.seconds(10);
    expect(await lab.status(id)).toBe("create error");
    const node = await lab.ask("/mining_nodes");
    expect(node?.gpu).toEqual({ gpu_count: "8", gpu_used: "0" });
    // A zombie's GPUs are held all the same: a missing machine counts as in use (h3, h5).
    const rest = await lab.create({ gpu_count: `${8 - gpus}`, ssh_port: "1", vnc_port: "6001" });
    expect(rest).toMatch(/^[1-9A-Za-z]{15,}$/);
    await lab.seconds(10);
    if (gpus > 0) {
      const one = await lab.create({ gpu_count: "1", ssh_port: "2", vnc_port: "6002" });
      expect(one).toBe("allocate gpu failed");
    }
    await lab.ask(`/tasks/poweroff/${rest}`);
    await lab.seconds(1);
    expect(await lab.ask(`/tasks/start/${id}`)).toBe(said);
    await lab.seconds(1);
    expect(await lab.status(id)).toBe(said === "ok" ? "running" : "create error");
    expect(await lab.ask(`/tasks/delete/${id}`)).toBe(said === "ok" ? "ok" : "task not exist");
    await lab.seconds(1);
    // Only a restart of the node's process gets rid of a zombie.
    await lab.simulator.restartMiner(lab.node);
    expect(await lab.status(id)).toBeUndefined();
    expect(await lab.status(rest)).toBe("closed");
  });

  test("without a guest agent the password is N/A, and the VM runs (h12)", async () => {
    const id = await lab.create({ desc: "fault-agent-absent" });
    const before = await lab.ask(`/tasks/${id}`);
    expect(before).toMatchObject({ user_name: "dbc", status: "creating" });
    await lab.seconds(10);
    expect(await lab.ask(`/tasks/${id}`)).toMatchObject({
      status: "running",
      user_name: "N/A",
      login_password: "N/A",
    });
    const refused = await lab.waitFor(`/tasks/passwd/${id}`, { username: "dbc", password: "x" });
    expect(refused.message).toBe("Guest agent is not responding: QEMU guest agent is not connected");
  });

  test.each([
    ["start-error", "start", "start error", true],
    ["stop-error", "poweroff", "poweroff error", false],
    ["stop-error", "shutdown", "shutdown error", false],
    ["restart-error", "restart", "restart error", false],
    ["reset-error", "reset", "reset error", false],
  ] as const)("%s sticks until the next operation (h3)", async (kind, verb, status, off) => {
    const id = off ? await lab.stopped() : await lab.running();
    lab.simulator.arm({ kind });
    expect(await lab.ask(`/tasks/${verb}/${id}`)).toBe("ok");
    await lab.seconds(2);
    expect(await lab.status(id)).toBe(status);
    await lab.seconds(600);
    expect(await lab.status(id)).toBe(status);
    await lab.ask(`/tasks/${verb}/${id}`);
    await lab.seconds(2);
    expect(["running", "closed"]).toContain(await lab.status(id));
  });

  test("what the guest does to itself shows at the next look", async () => {
    const id = await lab.running();
    await lab.simulator.setDomain(lab.node, id, "shutoff");
    expect(await lab.status(id)).toBe("closed");
    await lab.simulator.setDomain(lab.node, id, "pmsuspended");
    expect(await lab.status(id)).toBe("pmsuspend");
    expect(await lab.ask(`/tasks/restart/${id}`)).toBe("task is suspended");
    expect(await lab.ask(`/tasks/start/${id}`)).toBe("ok");
    await lab.seconds(1);
    expect(await lab.status(id)).toBe("running");
    await lab.simulator.setDomain(lab.node, id, "paused");
    expect(await lab.status(id)).toBe("running");
  });

  test("a restart reports running at once, a forced one takes its time, a shutdown pulls the plug (h11)", async () => {
    const id = await lab.running();
    await lab.ask(`/tasks/restart/${id}`);
    await lab.seconds(0);
    expect(await lab.status(id)).toBe("running");
    await lab.ask(`/tasks/restart/${id}?force_reboot=TRUE`);
    await lab.seconds(0);
    expect(await lab.status(id)).toBe("running");
    await lab.ask(`/tasks/restart/${id}?force_reboot=1`);
    await lab.seconds(0.5);
    expect(await lab.status(id)).toBe("restarting");
    await lab.seconds(1);
    await lab.ask(`/tasks/shutdown/${id}`);
    await lab.seconds(0.3);
    expect(await lab.status(id)).toBe("closed");
    expect(await lab.ask(`/tasks/reset/${id}`)).toBe("task is shut_off");
  });

  test("libvirt out of reach: verbs and disks say that there is no task, the detail goes on (h14)", async () => {
    const id = await lab.running();
    await lab.simulator.setNode(lab.node, { libvirt: "down" });
    expect((await lab.answer(`/tasks/delete/${id}`)).text).toContain(
      '{"errcode":1, "message":"task not exist"}',
    );
    expect((await lab.answer(`/disk/list/${id}`)).text).toContain(
      '{"errcode":-3, "message":"task not exist"}',
    );
    expect(await lab.ask(`/tasks/${id}`)).toMatchObject({ status: "running", interface: [] });
    await lab.simulator.setNode(lab.node, { libvirt: "up" });
    // A delete that the worker gets to while libvirt is away does nothing.
    expect(await lab.ask(`/tasks/delete/${id}`)).toBe("ok");
    await lab.simulator.setNode(lab.node, { libvirt: "down" });
    await lab.seconds(5);
    expect(await lab.status(id)).toBe("deleting");
  });

  test("deleting takes a data file along that was there before (h11)", async () => {
    const node = lab.simulator.requireNode(lab.node);
    node.files.push({ name: "mine.qcow2", sizeBytes: 1, virtualGib: 10 });
    const id = await lab.running({ data_file_name: "mine.qcow2" });
    expect(await lab.disks(id)).toMatchObject({ vdb: "100G" });
    await lab.ask(`/tasks/delete/${id}`);
    await lab.seconds(1);
    expect(node.files).toEqual([]);
  });

  test("the end of the rental closes VMs at the next look, and deletes them days later (h2)", async () => {
    const id = await lab.running();
    const node = lab.simulator.requireNode(lab.node);
    await lab.simulator.rent(lab.node, { renter: "somebody else" });
    await lab.simulator.endRental(lab.node, alice);
    await lab.seconds(16 * 60);
    expect(node.tasks[id]).toMatchObject({ status: "closed", domain: "shutoff" });
    await lab.seconds(11 * 24 * 3600);
    expect(node.tasks[id]).toBeUndefined();
  });

  test("a machine's whole host restarts, and starts again what ran", async () => {
    const ran = await lab.running();
    const off = await lab.stopped({ ssh_port: "20002", vnc_port: "5905" });
    await lab.simulator.restartMiner(lab.node, { host: true });
    expect([await lab.status(ran), await lab.status(off)]).toEqual(["running", "closed"]);
  });

  test("a running clock steps to what happens next by itself", async () => {
    const work = (async () => {
      const id = await lab.create();
      let polls = 0;
      while ((await lab.status(id)) !== "running") {
        polls++;
        await lab.clock.sleep(1000);
      }
      return polls;
    })();
    expect(await lab.clock.runUntil(work)).toBe(3);
  });
});
