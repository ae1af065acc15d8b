import { vm } from "../../provider/resources/vm";
import { type Lab, NODE, type Recorded } from "./lab";
import { args, KEY, OTHER, openLegacy, others, SEVEN } from "./legacy-lab";
import { sentenceOf } from "./vm-args";

let lab: Lab;
beforeEach(async () => {
  lab = await openLegacy();
});
afterEach(() => lab.close());

const CREATE = `tasks.create ${JSON.stringify(SEVEN)}`;
const creates = () => lab.writes().filter((line) => line.startsWith("tasks.create"));
const task = () => {
  const [one, ...more] = lab.tasks();
  if (one === undefined || more.length > 0) throw new Error(`there are ${1 + more.length} VMs, or none`);
  return one;
};

describe("a VM's life", () => {
  test("a create sends seven texts, and its id is the one that the node made up", async () => {
    const made = await lab.create(vm, args());
    expect(lab.writes()).toEqual([CREATE]);
    expect(made.id).toBe(`${NODE}/${task().id}`);
    expect(made.state).toMatchObject({
      taskId: task().id,
      status: "running",
      phase: "ready",
      os: "linux",
      port: 20_022,
      user: "dbc",
      password: expect.stringMatching(/^.{16}$/),
      sshCommand: expect.stringMatching(/^ssh -p 20022 dbc@\d/),
      disks: [
        { name: "vda", size: "", file: expect.stringMatching(/^\/data\/vm_/) },
        { name: "vdb", size: "10G", file: expect.stringMatching(/^\/data\/data_/) },
      ],
    });
  });

  test("the version is asked for once, and nothing of the current generation is sent", async () => {
    const made = await lab.create(vm, args());
    await lab.refresh(vm, made);
    await lab.delete(vm, made);
    const asked = lab.simulator.requests.map(({ operation }) => operation);
    expect(asked.filter((operation) => operation === "mining_nodes.list")).toHaveLength(1);
    expect([...new Set(asked)].sort()).toEqual([
      "mining_nodes.list",
      "mining_nodes.session_id",
      "tasks.create",
      "tasks.delete",
      "tasks.detail",
      "tasks.list",
    ]);
  });

  test("a second up changes nothing, also after a refresh", async () => {
    const made = await lab.create(vm, args());
    expect(await lab.update(vm, made, args())).toMatchObject({ did: "nothing" });
    const seen = await lab.refresh(vm, made);
    expect(seen?.state).toEqual(made.state);
    expect(await lab.update(vm, seen as Recorded, args())).toMatchObject({ did: "nothing" });
  });

  test("it is stopped by the old verb, and started", async () => {
    const made = await lab.create(vm, args({ powerState: "running" }));
    const off = await lab.update(vm, made, args({ powerState: "stopped" }));
    expect(off.state).toMatchObject({ status: "closed", phase: "ready" });
    const on = await lab.update(vm, off, args({ powerState: "running" }));
    expect(on.state).toMatchObject({ status: "running", phase: "ready" });
    expect(lab.writes()).toEqual([CREATE, "tasks.stop", "tasks.start"]);
  });

  test("it is deleted by the path that nodes took", async () => {
    const made = await lab.create(vm, args());
    await lab.delete(vm, made);
    expect(lab.tasks()).toEqual([]);
    expect(lab.writes()).toEqual([CREATE, "tasks.delete"]);
  });

  test("what was deleted behind our back is gone, and only then", async () => {
    const made = await lab.create(vm, args());
    await lab.simulator.deleteVm(NODE, task().id);
    lab.restart();
    expect(await lab.refresh(vm, made)).toBeUndefined();
  });

  test("a rental that is over is told, though the node has no list of orders", async () => {
    const made = await lab.create(vm, args());
    await lab.simulator.endRental(NODE);
    lab.restart();
    expect((await lab.refresh(vm, made))?.state).toMatchObject({ status: "rental ended" });
    await lab.delete(vm, made);
    expect(lab.warnings.join()).toMatch(/rental of node a1a1a1a1… is over/);
  });

  test("the path that seed 000 prints for the delete shows the VM, and deletes nothing", async () => {
    const made = await lab.create(vm, args());
    const { taskId } = made.state;
    const { sessionId, sessionSign } = await lab.run(lab.site.client.session(NODE));
    const body = {
      peer_nodes_list: [NODE],
      additional: {},
      session_id: sessionId,
      session_id_sign: sessionSign,
    };
    const post = async (path: string): Promise<unknown> => {
      const reply = await fetch(`${lab.simulator.url}/api/v1${path}`, {
        method: "POST",
        body: JSON.stringify(body),
      });
      return reply.json();
    };
    expect(await post(`/tasks/${String(taskId)}`)).toMatchObject({
      errcode: 0,
      message: { task_id: taskId },
    });
    await lab.simulator.advance(60_000);
    expect(task().status).toBe("running");
    expect(await post(`/tasks/delete/${String(taskId)}`)).toEqual({ errcode: 0, message: "ok" });
    await lab.simulator.advance(60_000);
    expect(lab.tasks()).toEqual([]);
  });

  test("a VM that never came up, which current nodes can't remove, is removed and made anew", async () => {
    lab.simulator.arm({ kind: "define-error", operation: "tasks.create" });
    const failed = await lab.create(vm, args());
    expect(failed).toMatchObject({
      state: { phase: "failed" },
      reason: expect.stringContaining("create error"),
    });
    const mended = await lab.update(vm, failed, args());
    expect(mended).toMatchObject({ did: "replace", state: { phase: "ready", status: "running" } });
    expect(task().status).toBe("running");
    expect(lab.warnings).toEqual([]);
  });
});

describe("an outcome that nobody knows", () => {
  test.each(["lost-answer", "late-effect", "cut-answer", "broken-json", "unparsable-answer"] as const)(
    "%s: the VM is found by its ports, and made once",
    async (kind) => {
      lab.simulator.arm({ kind, operation: "tasks.create" });
      const made = await lab.create(vm, args());
      expect(made.reason).toBeUndefined();
      expect(made).toMatchObject({
        id: `${NODE}/${task().id}`,
        state: { phase: "ready", status: "running" },
      });
      expect(creates()).toHaveLength(1);
    },
  );

  test("nothing was done: it is recorded and not ordered again, however often up runs", async () => {
    lab.simulator.arm({ kind: "timeout", operation: "tasks.create" });
    const made = await lab.create(vm, args());
    expect(made).toMatchObject({ id: `${NODE}/${KEY}`, state: { phase: "unknown", taskId: "" } });
    expect(made.reason).toContain("is recorded and not ordered again");
    lab.restart();
    const again = await lab.update(vm, made, args());
    expect(again).toMatchObject({ did: "update", state: { phase: "unknown" } });
    expect(again.reason).toContain("has not shown, and is not ordered again");
    expect(await lab.refresh(vm, again)).toMatchObject({ state: { phase: "unknown", taskId: "" } });
    expect(creates()).toHaveLength(1);
    await lab.delete(vm, again);
    expect(lab.warnings.join()).toContain("nothing was deleted");
    expect(lab.writes()).toEqual([CREATE]);
  });

  test("an effect that comes after hours is found by the next up, and deleted by the next destroy", async () => {
    lab.simulator.arm({ kind: "late-effect", operation: "tasks.create", seconds: 7_200 });
    const made = await lab.create(vm, args());
    expect(made.state).toMatchObject({ phase: "unknown" });
    await lab.simulator.advance(7_300_000);
    lab.restart();
    const found = await lab.update(vm, made, args());
    expect(found).toMatchObject({ did: "update", state: { phase: "ready", taskId: task().id } });
    expect(found.id).toBe(`${NODE}/${KEY}`);
    expect(await lab.update(vm, found, args())).toMatchObject({ did: "nothing" });
    expect((await lab.refresh(vm, found))?.state).toEqual(found.state);
    await lab.delete(vm, found);
    expect(lab.tasks()).toEqual([]);
    expect(creates()).toHaveLength(1);
  });

  test("a refresh finds it too, and a destroy right away deletes it", async () => {
    lab.simulator.arm({ kind: "late-effect", operation: "tasks.create", seconds: 7_200 });
    const made = await lab.create(vm, args());
    await lab.simulator.advance(7_300_000);
    expect((await lab.refresh(vm, made))?.state).toMatchObject({ phase: "creating", taskId: task().id });
    await lab.delete(vm, made);
    expect(lab.tasks()).toEqual([]);
  });

  test("a VM that was there before is not ours, even should its ports become ours", async () => {
    const other = await lab.create(vm, others());
    lab.simulator.arm({ kind: "timeout", operation: "tasks.create" });
    const lost = await lab.create(vm, args());
    const theirs = lab.simulator.requireTask(NODE, String(other.state.taskId));
    Object.assign(theirs, { sshPort: 20_022, vncPort: 5_901 });
    lab.restart();
    expect((await lab.update(vm, lost, args())).state).toMatchObject({ phase: "unknown", taskId: "" });
    await lab.delete(vm, lost);
    expect(lab.tasks()).toEqual([theirs]);
  });

  test("a VM of the same ports that was there before is never taken for ours", async () => {
    lab.simulator.arm({ kind: "timeout", operation: "tasks.create" });
    const lost = await lab.create(vm, args());
    await lab.delete(vm, lost);
    lab.restart();
    const theirs = await lab.create(vm, args());
    lab.restart();
    expect(await sentenceOf(lab, lab.create(vm, args({ __key: OTHER })))).toBe(
      `there is the VM with sshPort 20022 and vncPort 5901 on node a1a1a1a1… already, ${String(theirs.state.taskId)}, and a node of the older generation can't tell whose it is: if a run of this program that was cut off began it, or you want it managed here, set adoptTaskId: "${String(theirs.state.taskId)}"; else choose other ports.`,
    );
    expect(creates()).toHaveLength(2);
    const adopted = await lab.create(vm, args({ __key: OTHER, adoptTaskId: theirs.state.taskId }));
    expect(adopted).toMatchObject({ id: theirs.id, state: { phase: "ready" } });
  });

  test.each(["tasks.stop", "tasks.start"])("a lost answer to %s is settled by looking", async (operation) => {
    const on = await lab.create(vm, args({ powerState: "running" }));
    lab.simulator.arm({ kind: "lost-answer", operation });
    const off = await lab.update(vm, on, args({ powerState: "stopped" }));
    expect(off.state).toMatchObject({ status: "closed", phase: "ready" });
    expect((await lab.update(vm, off, args({ powerState: "running" }))).state).toMatchObject({
      status: "running",
      phase: "ready",
    });
    expect(lab.writes()).toEqual([CREATE, "tasks.stop", "tasks.start"]);
  });

  test("a lost answer to the delete is settled by looking", async () => {
    const made = await lab.create(vm, args());
    lab.simulator.arm({ kind: "lost-answer", operation: "tasks.delete" });
    await lab.delete(vm, made);
    expect(lab.tasks()).toEqual([]);
    expect(lab.writes()).toEqual([CREATE, "tasks.delete"]);
  });
});

describe("ports, which the node does not look at", () => {
  test("two VMs at once, each with its own, are told apart though both answers are lost", async () => {
    lab.simulator.arm({ kind: "lost-answer", operation: "tasks.create", times: 2 });
    const [one, two] = await Promise.all([lab.create(vm, args()), lab.create(vm, others())]);
    const portOf = (made: Recorded) => lab.simulator.requireTask(NODE, String(made.state.taskId)).sshPort;
    expect([portOf(one), portOf(two)]).toEqual([20_022, 20_055]);
    expect(lab.tasks()).toHaveLength(2);
  });

  test.each(["sshPort", "vncPort"])("two VMs of one program can't share a %s", async (field) => {
    const one = lab.create(vm, args());
    const two = lab.create(vm, others({ [field]: args()[field] }));
    const ends = await Promise.allSettled([one, two]);
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await sentenceOf(lab, ends[0]?.status === "rejected" ? one : two)).toContain(
      `another Vm of this program asks for ${field}`,
    );
    expect(lab.tasks()).toHaveLength(1);
  });

  test.each(["sshPort", "vncPort"])(
    "a %s that another VM has is refused before anything is sent",
    async (field) => {
      const made = await lab.create(vm, args());
      lab.restart();
      expect(await sentenceOf(lab, lab.create(vm, others({ [field]: args()[field] })))).toBe(
        `VM ${String(made.state.taskId)} on node a1a1a1a1… has that ${field} already, and the node would not object: choose another.`,
      );
      expect(creates()).toHaveLength(1);
    },
  );
});
