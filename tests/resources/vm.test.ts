import { vm } from "../../provider/resources/vm";
import { ALICE, BOB, Lab, NODE } from "./lab";
import { args, KEY } from "./vm-args";

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.open();
});
afterEach(() => lab.close());

describe("create", () => {
  test("sends one create with our key and ends with address, user and password", async () => {
    const made = await lab.create(vm, args());
    expect(made.id).toBe(`${NODE}/${KEY}`);
    expect(made.state).toMatchObject({
      taskId: KEY,
      status: "running",
      phase: "ready",
      port: 20_022,
      user: "dbc",
      password: expect.stringMatching(/^.{16}$/),
      sshCommand: expect.stringMatching(/^ssh -p 20022 dbc@\d/),
      disks: [expect.objectContaining({ name: "vda" }), expect.objectContaining({ name: "vdb" })],
    });
    expect(lab.writes()).toEqual([
      `tasks.create ${JSON.stringify({
        task_id: KEY,
        image_name: "ubuntu.qcow2",
        operation_system: "linux",
        bios_mode: "legacy",
        gpu_count: "0",
        cpu_cores: "4",
        mem_size: "8",
        disk_size: "10",
        ssh_port: "20022",
        vnc_port: "5901",
      })}`,
    ]);
    expect(lab.simulator.requests.filter(({ operation }) => operation === "tasks.detail")).toHaveLength(1);
  });

  test("a second up changes nothing and asks nothing", async () => {
    const made = await lab.create(vm, args());
    const before = lab.simulator.requests.length;
    expect(await lab.update(vm, made, args())).toMatchObject({ did: "nothing" });
    expect(lab.simulator.requests).toHaveLength(before);
  });

  test.each([
    ["an answer that is lost after the effect", { kind: "lost-answer" }],
    ["an answer that breaks off", { kind: "cut-answer" }],
    ["a time-out of the client node, with the effect", { kind: "timeout" }],
    ["an HTML page in place of an answer", { kind: "html-body" }],
    ["an answer of the wrong shape", { kind: "wrong-shape" }],
  ] as const)("%s is settled by looking: one machine, and it is ours", async (_name, fault) => {
    lab.simulator.arm({ ...fault, operation: "tasks.create" });
    const made = await lab.create(vm, args());
    expect(lab.simulator.faults).toEqual([]); // it has struck
    expect(made).toMatchObject({ id: `${NODE}/${KEY}`, state: { phase: "ready", status: "running" } });
    expect(made.reason).toBeUndefined();
    expect(lab.tasks()).toHaveLength(1);
  });

  test("an effect that comes long after the client node gave up still ends in one machine, under our key", async () => {
    lab.simulator.arm({ kind: "late-effect", operation: "tasks.create", seconds: 50 });
    const made = await lab.create(vm, args());
    expect(made).toMatchObject({ id: `${NODE}/${KEY}`, state: { phase: "ready", status: "running" } });
    expect(made.reason).toBeUndefined();
    await lab.clock.advance(120_000);
    expect(lab.tasks().map(({ id }) => id)).toEqual([KEY]);
  });

  test.each([
    ["refusal of the image", args({ image: "nope.qcow2" }), /image "?nope\.qcow2|nope\.qcow2/],
    ["too many GPUs", args({ gpuCount: 64 }), /gpu/i],
    ["too much memory", args({ memoryGib: 60_000 }), /memory|memoryGib/i],
    ["a LAN that the node does not know", args({ lan: "nolan1" }), /LAN "nolan1"/],
    ["cores that would never start again", args({ cpuCores: 33 }), /cpuCores: 33 .* multiple of 4/],
    ["a node that nobody knows", args({ nodeId: "ee".repeat(32) }), /eeeeeeee…/],
    ["a node that is not rented", args({ nodeId: "c0".repeat(32) }), /rent/],
  ])("%s is one sentence, and nothing is recorded or left", async (_name, news, sentence) => {
    await expect(lab.create(vm, news)).rejects.toThrow(sentence);
    expect(lab.tasks()).toHaveLength(0);
  });

  test("ports of another VM are refused with a sentence", async () => {
    await lab.create(vm, args());
    await expect(lab.create(vm, args({ __key: "pd1bbbbbbbbbbbbbbbbbbb", vncPort: 5_902 }))).rejects.toThrow(
      /20022|ssh_port|sshPort/,
    );
    expect(lab.tasks()).toHaveLength(1);
  });

  test.each(["boot-error", "no-address", "iptables-error"] as const)(
    "a VM that does not come up (%s) is recorded as failed, and replaced by the next up",
    async (kind) => {
      lab.simulator.arm({ kind });
      const failed = await lab.create(vm, args());
      expect(failed).toMatchObject({
        id: `${NODE}/${KEY}`,
        state: { phase: "failed", status: "create error" },
        reason: expect.stringContaining("create error"),
      });
      const again = await lab.update(vm, failed, args());
      expect(again).toMatchObject({
        did: "replace",
        state: { phase: "ready", status: "running", taskId: KEY },
      });
      expect(lab.tasks()).toHaveLength(1);
    },
  );

  test("past a zombie, which no delete removes, a VM is made under the next number", async () => {
    lab.simulator.arm({ kind: "define-error" });
    const zombie = await lab.create(vm, args());
    expect(zombie.state).toMatchObject({ phase: "failed" });
    const again = await lab.update(vm, zombie, args());
    expect(again).toMatchObject({
      did: "replace",
      state: { phase: "ready", taskId: `${KEY.slice(0, 20)}z1` },
    });
    expect(
      lab
        .tasks()
        .map(({ status }) => status)
        .sort(),
    ).toEqual(["create error", "running"]);
    expect(lab.warnings.join()).toMatch(/holds its GPUs until the node restarts/);
  });

  test("a password that the node could not set is told, and is no error", async () => {
    lab.simulator.arm({ kind: "agent-absent" });
    const made = await lab.create(vm, args());
    expect(made.state).toMatchObject({ phase: "ready" });
    expect(made.state).not.toHaveProperty("password");
    expect(lab.warnings.join()).toMatch(/could not set a password/);
  });

  test("a run that died after the create was sent is gone on with by the next: same machine", async () => {
    const { inputs } = await lab.check(vm, {}, args());
    await lab.run(
      lab.site.client.createTask(NODE, {
        taskId: KEY,
        image: "ubuntu.qcow2",
        gpuCount: 0,
        cpuCores: 4,
        memoryGib: 8,
        diskGib: 10,
        sshPort: 20_022,
        vncPort: 5_901,
      }),
    );
    lab.restart();
    const made = await lab.create(vm, inputs);
    expect(made.state).toMatchObject({ phase: "ready", taskId: KEY });
    expect(lab.tasks()).toHaveLength(1);
    expect(lab.warnings.join()).toMatch(/begun by a run that did not end/);
  });

  test("a begun VM is brought to arguments that were changed meanwhile", async () => {
    await lab.run(
      lab.site.client.createTask(NODE, {
        taskId: KEY,
        image: "ubuntu.qcow2",
        gpuCount: 0,
        cpuCores: 4,
        memoryGib: 8,
        diskGib: 10,
        sshPort: 20_022,
        vncPort: 5_901,
      }),
    );
    lab.restart();
    const made = await lab.create(vm, args({ cpuCores: 8, sshPort: 20_023 }));
    expect(made.state).toMatchObject({
      phase: "ready",
      status: "running",
      cpuCores: 8,
      sshPort: 20_023,
      port: 20_023,
    });
    expect(await lab.update(vm, made, args({ cpuCores: 8, sshPort: 20_023 }))).toMatchObject({
      did: "nothing",
    });
  });

  test("a node that goes offline for good in mid-create leaves partial state, which the next up resumes", async () => {
    const work = lab.create(vm, args({ timeouts: { create: "10m" } }));
    while (lab.tasks().length === 0) await lab.clock.advanceToNext();
    await lab.simulator.setLink(NODE, "offline");
    const partial = await work;
    expect(partial).toMatchObject({
      id: `${NODE}/${KEY}`,
      state: { phase: "creating" },
      reason: expect.stringContaining("gave up creating"),
    });
    await lab.simulator.setLink(NODE, "online");
    lab.restart();
    expect(await lab.update(vm, partial, args({ timeouts: { create: "10m" } }))).toMatchObject({
      did: "update",
      state: { phase: "ready", status: "running" },
    });
    expect(lab.tasks()).toHaveLength(1);
  });

  test("waitFor ssh waits until an SSH server answers", async () => {
    let asked = 0;
    lab.greet = async () => {
      asked += 1;
      if (asked < 4) throw new Error("refused");
      return "SSH-2.0-x";
    };
    expect(await lab.create(vm, args({ waitFor: "ssh" }))).toMatchObject({ state: { phase: "ready" } });
    expect(asked).toBe(4);
  });

  test("login sets user and password, and its password is not what the node made up", async () => {
    const made = await lab.create(vm, args({ login: { username: "root", password: "Correct-Horse1" } }));
    expect(made.state).toMatchObject({ phase: "ready", password: "Correct-Horse1" });
  });

  test("descriptions that would break the node's JSON, or be rewritten, don't", async () => {
    for (const [index, description] of ['a "quoted" \\ text\nof two lines', "ubuntu", "win"].entries()) {
      const made = await lab.create(
        vm,
        args({
          __key: `pd1${index}dddddddddddddddddd`,
          description,
          sshPort: 21_000 + index,
          vncPort: 5_910 + index,
        }),
      );
      expect(made.state).toMatchObject({ phase: "ready", description });
    }
    expect(
      (await lab.run(lab.site.client.listTasks(NODE))).map(({ description }) => description),
    ).not.toContain("linux");
  });

  test("three creates on one node wait in its queue, and their deadlines don't run meanwhile", async () => {
    lab.simulator.setProfile("typical");
    const all = await Promise.all(
      [0, 1, 2].map((i) =>
        lab.create(
          vm,
          args({
            __key: `pd1${i}cccccccccccccccccc`,
            sshPort: 22_000 + i,
            vncPort: 5_920 + i,
            timeouts: { create: "20m" },
          }),
        ),
      ),
    );
    expect(all.map(({ state }) => state.phase)).toEqual(["ready", "ready", "ready"]);
    expect(lab.warnings).toEqual([]);
    expect(lab.progress.join()).toMatch(/2nd in the node's queue/);
    expect(lab.progress.join()).toMatch(/3rd in the node's queue/);
  });
});

describe("read", () => {
  test("sees what was changed behind our back, and that nothing was", async () => {
    const made = await lab.create(vm, args({ powerState: "running" }));
    expect((await lab.refresh(vm, made))?.state).toEqual(made.state);
    await lab.simulator.setDomain(NODE, KEY, "shutoff");
    lab.restart();
    const stopped = await lab.refresh(vm, made);
    expect(stopped?.state).toMatchObject({ status: "closed", powerState: "stopped" });
    if (!stopped) throw new Error("it is there");
    expect(await lab.update(vm, stopped, args({ powerState: "running" }))).toMatchObject({
      did: "update",
      state: { status: "running" },
    });
  });

  test("a stopped VM without powerState is no difference", async () => {
    const made = await lab.create(vm, args());
    await lab.simulator.setDomain(NODE, KEY, "shutoff");
    lab.restart();
    const stopped = await lab.refresh(vm, made);
    if (!stopped) throw new Error("it is there");
    expect(stopped.state).toMatchObject({ status: "closed" });
    expect(await lab.update(vm, stopped, args())).toMatchObject({ did: "nothing" });
  });

  test("notices that a VM is gone, and only when its node says so", async () => {
    const made = await lab.create(vm, args());
    await lab.simulator.deleteVm(NODE, KEY);
    lab.restart();
    expect(await lab.refresh(vm, made)).toBeUndefined();
  });

  test.each([
    ["node offline", () => lab.simulator.setLink(NODE, "offline")],
    ["node frozen", () => lab.simulator.setLink(NODE, "frozen")],
    ["chain unreachable", () => void lab.simulator.arm({ kind: "chain-unreachable", times: null })],
    ["broken JSON", () => void lab.simulator.arm({ kind: "broken-json", times: null })],
    ["HTML", () => void lab.simulator.arm({ kind: "html-body", times: null })],
    ["wrong shape", () => void lab.simulator.arm({ kind: "wrong-shape", times: null })],
    ["a huge body", () => void lab.simulator.arm({ kind: "huge-body", times: null })],
    ["a redirect", () => void lab.simulator.arm({ kind: "redirect", times: null })],
    ["unparsable answers", () => void lab.simulator.arm({ kind: "unparsable-answer", times: null })],
    ["another wallet", () => lab.restart(BOB)],
  ])("%s: refresh throws and keeps the VM", async (_name, spoil) => {
    const made = await lab.create(vm, args());
    lab.restart(ALICE);
    await spoil();
    await expect(lab.refresh(vm, made)).rejects.toThrow(/.+/);
  });

  test("get finds a VM by id, and says so when there is none", async () => {
    const made = await lab.create(vm, args());
    expect(await lab.get(vm, made.id)).toMatchObject({
      status: "running",
      cpuCores: 4,
      sshCommand: made.state.sshCommand,
    });
    await expect(lab.get(vm, `${NODE}/pd1zzzzzzzzzzzzzzzzzzz`)).rejects.toThrow(/there is no Vm with the id/);
    await expect(lab.get(vm, "nonsense")).rejects.toThrow(/must be <nodeId>\/<taskId>/);
  });

  test("a rental that is over is told, not taken for a deletion", async () => {
    const made = await lab.create(vm, args());
    await lab.simulator.endRental(NODE);
    lab.restart();
    expect((await lab.refresh(vm, made))?.state).toMatchObject({ status: "rental ended" });
    await lab.delete(vm, made);
    expect(lab.warnings.join()).toMatch(/rental of node a1a1a1a1… is over/);
  });
});

describe("delete", () => {
  test("ends when the node says that the VM is gone", async () => {
    const made = await lab.create(vm, args());
    await lab.delete(vm, made);
    expect(lab.tasks()).toHaveLength(0);
    expect(lab.writes().filter((write) => write.startsWith("tasks.delete"))).toHaveLength(1);
  });

  test("whose effect comes long after the client node gave up is waited for, and sent once", async () => {
    const made = await lab.create(vm, args());
    lab.simulator.arm({ kind: "late-effect", operation: "tasks.delete", seconds: 50 });
    await lab.delete(vm, made);
    expect(lab.tasks()).toHaveLength(0);
    expect(lab.writes().filter((write) => write.startsWith("tasks.delete"))).toHaveLength(1);
  });

  test("of what is gone already is a success without a request to delete", async () => {
    const made = await lab.create(vm, args());
    await lab.simulator.deleteVm(NODE, KEY);
    lab.restart();
    await lab.delete(vm, made);
    expect(lab.writes().filter((write) => write.startsWith("tasks.delete"))).toHaveLength(0);
  });

  test.each(["lost-answer", "timeout"] as const)("%s: settled by looking", async (kind) => {
    const made = await lab.create(vm, args());
    lab.simulator.arm({ kind, operation: "tasks.delete" });
    await lab.delete(vm, made);
    expect(lab.tasks()).toHaveLength(0);
  });

  test("a node that can't be reached keeps the VM in the state", async () => {
    const made = await lab.create(vm, args());
    await lab.simulator.setLink(NODE, "offline");
    await expect(lab.delete(vm, made)).rejects.toThrow(/a1a1a1a1…/);
    expect(lab.tasks()).toHaveLength(1);
  });

  test("a hypervisor that is away for a minute does not make a VM look gone", async () => {
    const made = await lab.create(vm, args());
    lab.simulator.arm({ kind: "libvirt-outage", times: 3 });
    await lab.delete(vm, made);
    expect(lab.tasks()).toHaveLength(0);
  });

  test("deletionProtection is obeyed, until it is taken off", async () => {
    const made = await lab.create(vm, args({ deletionProtection: true }));
    await expect(lab.delete(vm, made)).rejects.toThrow(/deletionProtection/);
    await expect(
      lab.update(vm, made, args({ deletionProtection: true, image: "windows.qcow2" })),
    ).rejects.toThrow(/deletionProtection forbids/);
    expect(lab.tasks()).toHaveLength(1);
    const open = await lab.update(vm, made, args({ deletionProtection: false }));
    const before = lab.writes().length;
    await lab.delete(vm, open);
    expect(lab.writes().slice(before)).toEqual(["tasks.delete"]);
  });

  test("another account must not judge", async () => {
    const made = await lab.create(vm, args());
    lab.restart(BOB);
    await expect(lab.delete(vm, made)).rejects.toThrow(/.+/);
    expect(lab.tasks()).toHaveLength(1);
  });
});

describe("adopt", () => {
  test("takes over a VM that agrees, and refuses one that does not, naming the differences", async () => {
    const made = await lab.create(vm, args());
    const news = args({ __key: "pd1eeeeeeeeeeeeeeeeeee", adoptTaskId: KEY });
    expect(await lab.create(vm, news)).toMatchObject({ id: made.id, state: { phase: "ready", taskId: KEY } });
    await expect(lab.create(vm, { ...news, cpuCores: 8, sshPort: 4_242 })).rejects.toThrow(
      /cpuCores is 4, not 8; sshPort is 20022, not 4242/,
    );
    await expect(lab.create(vm, { ...news, adoptTaskId: "pd1fffffffffffffffffff" })).rejects.toThrow(
      /there is no VM .* to adopt/,
    );
    expect(lab.tasks()).toHaveLength(1);
  });

  test("refuses what would delete the VM and then look for it again", async () => {
    const made = await lab.create(vm, args());
    const news = args({ __key: "pd1eeeeeeeeeeeeeeeeeee", adoptTaskId: KEY });
    const adopted = await lab.create(vm, news);
    await expect(lab.update(vm, adopted, { ...news, image: "windows.qcow2" })).rejects.toThrow(
      "a change of image replaces this VM: the one that was taken over is deleted, and adoptTaskId would look for it again; leave adoptTaskId out, and a new one is made.",
    );
    expect(lab.tasks().map(({ id }) => id)).toEqual([made.state.taskId]);
    const { adoptTaskId: _, ...without } = news;
    expect(await lab.update(vm, adopted, { ...without, image: "windows.qcow2" })).toMatchObject({
      did: "replace",
      state: { phase: "ready", taskId: without.__key },
    });
  });
});
