import { Lab } from "./lab";
import { type Answer, plainVm } from "./renter";

describe("time limits", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.start();
  });
  afterEach(() => lab.close());
  const id = "AAAAAAAAAABBBBBBBBBB";
  /** An answer that may have come by now. */
  const pending = (answer: Promise<Answer>) => {
    const state: { answer?: Answer } = {};
    answer.then((value) => Object.assign(state, { answer: value })).catch(() => undefined);
    return state;
  };

  test("a frozen node is waited for 30 s, and its work comes late all the same (h10)", async () => {
    await lab.simulator.setLink(lab.node, "frozen");
    const create = pending(lab.answer("/tasks/start", { ...plainVm, task_id: id }));
    await lab.seconds(29);
    expect(create.answer).toBeUndefined();
    await lab.seconds(2);
    expect([create.answer?.status, create.answer?.message]).toEqual([500, "create task timeout"]);
    await lab.simulator.setLink(lab.node, "online");
    await lab.seconds(5);
    expect(await lab.status(id)).toBe("running");
  });

  test("an answer after its time is dropped, and its effect stays (h10)", async () => {
    lab.simulator.arm({ kind: "slow-answer", seconds: 45, operation: "tasks.create" });
    const create = await lab.waitFor("/tasks/start", { ...plainVm, task_id: id });
    expect([create.status, create.message]).toEqual([500, "create task timeout"]);
    expect(await lab.status(id)).toBe("running");
  });

  test("a node that is gone is waited for during five minutes, and then unknown (h10)", async () => {
    await lab.simulator.setLink(lab.node, "offline");
    const soon = await lab.waitFor("/tasks");
    expect([soon.status, soon.message]).toEqual([500, "list task timeout"]);
    await lab.seconds(280);
    const later = await lab.answer("/tasks");
    expect([later.status, later.errcode, later.message]).toEqual([400, -32701, "create node request failed"]);
  });

  test("of one kind are lost when another call of the kind is answered: no answer ever comes (h10)", async () => {
    await lab.simulator.setLink(lab.node, "frozen");
    const stuck = pending(lab.answer("/tasks"));
    const other = pending(lab.answer("/disk/list/x"));
    await lab.seconds(5);
    expect(await lab.ask("/tasks", {}, { node: "a2".repeat(32) })).toEqual([]);
    await lab.seconds(3600);
    expect(stuck.answer).toBeUndefined();
    expect(other.answer?.message).toBe("list disk timeout");
  });

  test("a client node that lost its peers says so at once, and dies half a minute later (h10)", async () => {
    lab.simulator.world.client.otherPeers = false;
    for (const node of Object.keys(lab.simulator.world.nodes)) await lab.simulator.setLink(node, "offline");
    const answer = await lab.answer("/tasks");
    expect([answer.status, answer.message]).toEqual([400, "broadcast request failed"]);
    await lab.seconds(31);
    await expect(lab.answer("/tasks")).rejects.toThrow();
    lab.simulator.restartClient();
    expect((await lab.answer("/tasks")).status).toBe(400);
  });
});
