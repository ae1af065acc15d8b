import { snapshot } from "../../provider/resources/snapshot";
import { NODE } from "./lab";
import {
  args,
  at,
  count,
  create,
  expectOne,
  lab,
  MIB,
  MINUTE,
  orders,
  PROFILE,
  resume,
  sent,
  server,
  task,
  useLab,
  VM_KEY,
} from "./snapshot-lab";

useLab();

describe("on a bad day", () => {
  test.each(["lost-answer", "late-effect", "unparsable-answer", "cut-answer"] as const)(
    "%s of the order ends with one snapshot",
    async (kind) => {
      lab.simulator.arm({ kind, operation: "snapshot.create" });
      expectOne(await create());
      expect(count("snapshot.create")).toBe(1);
    },
  );

  test("an order that was lost is not repeated blindly; the next up makes it", async () => {
    lab.simulator.arm({ kind: "timeout", operation: "snapshot.create" });
    const lost = await create();
    expect(lost.reason).toMatch(/could not learn whether the order to make a snapshot of VM .* took effect/);
    expect(lost.state.phase).toBe("copying");
    expect(task().status).toBe("running");
    expect(count("snapshot.create")).toBe(1);
    lab.restart();
    expectOne(await resume(lost));
  });

  test.each(["slow-answer", "lost-answer", "html-body", "timeout"] as const)(
    "%s of the list does no harm",
    async (kind) => {
      lab.simulator.arm({ kind, operation: "snapshot.list", times: 3, after: 3 });
      expectOne(await create());
      expect(count("snapshot.create")).toBe(1);
    },
  );

  test("an upload that fails in silence, and leaves the status none, is begun again while the VM runs", async () => {
    lab.simulator.arm({ kind: "snapshot-error" });
    expectOne(await create());
    expect(orders()).toEqual(["tasks.poweroff", "snapshot.create", "tasks.start", "images.upload"]);
  });

  test("an upload that always fails says so; the next up sends the file that is there", async () => {
    lab.simulator.arm({ kind: "snapshot-error" });
    lab.simulator.arm({ kind: "transfer-error", times: null });
    const failed = await create();
    expect(failed.reason).toMatch(
      /^uploading snapshot golden of VM pd1a.* to image server lab failed 3 times: it ends, and the file is not there/,
    );
    expect(failed.state).toMatchObject({ phase: "stopped", file: expect.stringMatching(/^\/tmp/) });
    lab.simulator.disarm();
    lab.restart();
    lab.simulator.clearRequests();
    expect((await lab.refresh(snapshot, failed))?.state.phase).toBe("stopped");
    expectOne(await resume(failed));
    expect(orders()).toEqual(["images.upload"]);
  });

  test("an upload that stands still is stopped and given up after 12 minutes", async () => {
    lab.simulator.arm({ kind: "transfer-stall", seconds: 86_400 });
    const stalled = await create();
    expect(stalled.reason).toMatch(
      /^gave up uploading snapshot golden .*: it stood at (?:4\d|50) % for 12 min/,
    );
    expect(stalled.state.phase).toBe("stopped");
    expect(lab.writes().at(-1)).toBe(`images.upload_stop {"image_filename":"${stalled.state.file}"}`);
    expect(task().status).toBe("running");
    expectOne(await resume(stalled));
  });

  test("a node that can't begin to send drops the snapshot, which is told; the next up makes it anew", async () => {
    await lab.simulator.setImageServer("lab", { reachable: false });
    const dropped = await create();
    expect(dropped.reason).toMatch(
      /^the node dropped snapshot golden of VM pd1a.* when it was copied: it can't begin to send it to image server lab/,
    );
    expect(dropped.state).toMatchObject({ phase: "copying" });
    expect(dropped.state.image).toBeUndefined();
    expect(task().status).toBe("running");
    await lab.simulator.setImageServer("lab", { reachable: true });
    lab.restart();
    expectOne(await resume(dropped));
  });

  test.each([3, 10, 18])(
    "a node that restarts %i s into it leaves half a file, which is never sent",
    async (seconds) => {
      at(seconds, () => lab.simulator.restartMiner(NODE));
      expectOne(await create());
      expect(sent()).toHaveLength(1);
    },
  );

  test("a node that restarts in every copy is not asked a third time", async () => {
    for (let second = 1; second < 3_600; second++)
      at(second, () => {
        if (task().snapshotStatus.golden === "creating") void lab.simulator.restartMiner(NODE);
      });
    const failed = await create();
    expect(failed.reason).toMatch(
      /^snapshot golden of VM pd1a.* failed 2 times: its node ends it without an upload, and image server lab does not have it; the node may have no space left/,
    );
    expect(count("snapshot.create")).toBe(2);
    expect(task().status).toBe("running");
  });

  test("a node that restarts during the upload is told to send the file again", async () => {
    at(60, () => lab.simulator.restartMiner(NODE));
    expectOne(await create());
    expect(orders()).toEqual(["tasks.poweroff", "snapshot.create", "tasks.start", "images.upload"]);
  });

  test("a file that the node lost during the upload is copied anew by the next up", async () => {
    at(60, async () => {
      for (const entry of task().snapshots) entry.made = false;
      await lab.simulator.restartMiner(NODE);
    });
    const lost = await create();
    expect(lost.reason).toMatch(/not exist/);
    expect(lost.state.phase).toBe("stopped");
    lab.restart();
    expectOne(await resume(lost));
  });

  test("a node that is away while it copies is waited for", async () => {
    at(6, () => lab.simulator.setLink(NODE, "offline"));
    at(400, () => lab.simulator.setLink(NODE, "online"));
    expectOne(await create());
    expect(count("snapshot.create")).toBe(1);
  });

  test("a copy that takes too long is gone on with by the next up, without another stop", async () => {
    lab.simulator.setProfile({ ...PROFILE, copyRate: 4 * MIB });
    const ended = await create({ timeouts: { create: "2m" } });
    expect(ended.reason).toMatch(
      /^gave up waiting for the disk to be copied for snapshot golden of VM .* after 2 min: its node may have other work/,
    );
    expect(ended.state.phase).toBe("copying");
    // the node has started it as soon as the copy was made, and has begun to send
    expect(task().status).toBe("running");
    lab.restart();
    lab.simulator.clearRequests();
    expectOne(await resume(ended));
    expect(lab.writes()).toEqual([]);
  });

  test("a copy that ends after all limits leaves the VM to be started by the next up", async () => {
    lab.simulator.setProfile({ ...PROFILE, copyRate: MIB / 4 });
    const ended = await create({ timeouts: { create: "2m" } });
    expect(ended.reason).toMatch(
      /could not be started again.* the change itself failed: gave up waiting for the disk/,
    );
    expect(ended.state.phase).toBe("restore-power");
    lab.restart();
    expectOne(await resume(ended));
    expect(count("snapshot.create")).toBe(1);
  });
});

describe("after a kill", () => {
  /** The run that is killed `seconds` after its begin, with its process; nothing of it is recorded. */
  const killed = async (seconds: number): Promise<void> => {
    void create().catch(() => undefined);
    await lab.clock.advance(seconds * 1_000);
    // what the dead process would still send no longer leaves
    lab.simulator.arm({
      kind: "refusal",
      message: "check authority failed: not in verify time",
      times: null,
    });
    await lab.clock.advance(5 * MINUTE);
    lab.simulator.disarm();
    lab.restart();
    lab.simulator.clearRequests();
  };

  test.each([1, 5, 12, 22, 40, 90])(
    "at second %i the next up ends with one snapshot and a VM that runs",
    async (seconds) => {
      await killed(seconds);
      const made = await create();
      expectOne(made);
      expect(count("snapshot.create")).toBeLessThanOrEqual(1);
      expect(sent()).toHaveLength(1);
    },
  );

  test("and a restart of the node in the middle of the copy, half a file is not sent", async () => {
    await killed(10);
    await lab.simulator.restartMiner(NODE);
    // what was copied meanwhile was whole; this one is not
    for (const entry of task().snapshots) Object.assign(entry, { torn: true });
    server().images = server().images.filter(({ name }) => !name.startsWith("snap_"));
    expectOne(await create());
  });

  test("with the VM started meanwhile, half a copy is not used", async () => {
    lab.simulator.setProfile({ ...PROFILE, copyRate: MIB });
    void create().catch(() => undefined);
    await lab.clock.advance(60_000);
    task().domain = "running";
    task().status = "running";
    lab.restart();
    expectOne(await create());
  });

  test("a VM that could not be started again is only started by the next up, and the upload followed", async () => {
    lab.simulator.arm({ kind: "start-error", times: null });
    const off = await create();
    expect(off.reason).toMatch(/is off for a change and could not be started again/);
    expect(off.state).toMatchObject({ phase: "restore-power", __whole: true });
    lab.simulator.disarm();
    lab.restart();
    lab.simulator.clearRequests();
    expectOne(await resume(off));
    const done = lab.simulator.requests.filter(({ write, errcode }) => write && errcode === 0);
    expect(done.map(({ operation }) => operation)).toEqual(["tasks.start"]);
  });

  test("a VM that could not be started again is started after a refresh too, and when the snapshot is deleted", async () => {
    lab.simulator.arm({ kind: "start-error", times: null });
    const off = await create();
    lab.simulator.disarm();
    lab.restart();
    // what a refresh has made of the Vm's status
    expectOne(await lab.update(snapshot, off, args({ __vm: { allowStop: true, status: "closed" } })));
    await lab.run(lab.site.client.poweroffTask(NODE, VM_KEY));
    await lab.clock.advance(MINUTE);
    lab.restart();
    await lab.delete(snapshot, off);
    expect(task().snapshots).toEqual([]);
    expect(task().status).toBe("running");
  });
});
