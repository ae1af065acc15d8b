import { snapshot } from "../../provider/resources/snapshot";
import { BOB, NODE } from "./lab";
import {
  at,
  count,
  create,
  expectOne,
  foreign,
  lab,
  MINUTE,
  orders,
  resume,
  sent,
  server,
  task,
  useLab,
  VM_ID,
  VM_KEY,
} from "./snapshot-lab";

useLab();

describe("its end", () => {
  test("takes the node's file and leaves the server's copy, and says so", async () => {
    const made = await create();
    lab.restart();
    lab.simulator.clearRequests();
    await lab.delete(snapshot, made);
    expect(orders()).toEqual(["snapshot.delete"]);
    expect(task().snapshots).toEqual([]);
    expect(sent()).toHaveLength(1);
    expect(lab.warnings).toEqual([
      `${made.state.image} stays on image server lab: no call of the node can remove it.`,
    ]);
    await lab.delete(snapshot, made);
    expect(orders()).toEqual(["snapshot.delete"]);
  });

  test.each(["lost-answer", "timeout", "late-effect"] as const)("survives %s", async (kind) => {
    const made = await create();
    lab.restart();
    lab.simulator.arm({ kind, operation: "snapshot.delete" });
    await lab.delete(snapshot, made);
    expect(task().snapshots).toEqual([]);
  });

  test("during the upload stops it", async () => {
    lab.simulator.arm({
      kind: "refusal",
      operation: "images.uploadprogress",
      after: 3,
      message: "check authority failed: not in verify time",
    });
    const broken = await create();
    expect(broken.state.phase).toBe("uploading");
    expect(lab.simulator.requireNode(NODE).transfers).toHaveLength(1);
    lab.restart();
    await lab.delete(snapshot, broken);
    expect(count("images.upload_stop")).toBe(1);
    expect(lab.simulator.requireNode(NODE).transfers).toEqual([]);
    expect(task().snapshots).toEqual([]);
    await lab.clock.advance(10 * MINUTE);
    expect(sent()).toEqual([]);
    expect(lab.warnings).toEqual([]);
  });

  test("with its VM makes no call", async () => {
    const made = await create();
    lab.restart();
    lab.simulator.clearRequests();
    lab.site.power.condemn(VM_ID);
    await lab.delete(snapshot, made);
    expect(lab.simulator.requests).toEqual([]);
    expect(lab.warnings).toHaveLength(1);
  });

  test("never takes another of the same name", async () => {
    const made = await create();
    await foreign("golden");
    lab.restart();
    const [mine, theirs] = task().snapshots;
    if (!mine || !theirs) throw new Error("there are not two");
    task().snapshots = [theirs, mine];
    await expect(lab.delete(snapshot, made)).rejects.toThrow(
      /can't be deleted: there is an older one of that name, which its node would delete instead/,
    );
    task().snapshots = [mine, theirs];
    await lab.delete(snapshot, made);
    expect(task().snapshots).toEqual([theirs]);
  });

  test("after the rental succeeds with a warning", async () => {
    const made = await create();
    await lab.simulator.endRental(NODE, undefined, { prune: true });
    lab.restart();
    await lab.delete(snapshot, made);
    expect(lab.warnings).toEqual([expect.stringMatching(/the rental of node .* is over: snapshot golden/)]);
  });

  test("through another account is refused", async () => {
    const made = await create();
    const other = { ...made, state: { ...made.state, __account: "of somebody else" } };
    await expect(lab.delete(snapshot, other)).rejects.toThrow(/was recorded through another account/);
    lab.restart(BOB);
    await expect(lab.delete(snapshot, made)).rejects.toThrow(/wallet not rented/);
    expect(task().snapshots).toHaveLength(1);
  });
});

describe("a refresh", () => {
  test("asks the image server alone, and once for ten", async () => {
    const made = await create();
    lab.restart();
    lab.simulator.clearRequests();
    await Promise.all(Array.from({ length: 10 }, () => lab.refresh(snapshot, made)));
    expect(lab.simulator.requests.map(({ operation }) => operation)).toEqual(["images.list"]);
  });

  test("of one whose image is gone is sent again by the next up, and gone when its file is too", async () => {
    const made = await create();
    server().images = server().images.filter(({ name }) => name !== made.state.image);
    lab.restart();
    const drifted = await lab.refresh(snapshot, made);
    expect(drifted?.state.phase).toBe("stopped");
    expect(lab.warnings).toEqual([expect.stringMatching(/is gone; the node still has the file/)]);
    lab.simulator.clearRequests();
    if (!drifted) throw new Error("it is gone");
    expectOne(await resume(drifted));
    expect(orders()).toEqual(["images.upload"]);
    server().images = server().images.filter(({ name }) => name !== made.state.image);
    task().snapshots.splice(0);
    lab.restart();
    expect(await lab.refresh(snapshot, made)).toBeUndefined();
  });

  test("believes no list that misses it once", async () => {
    const made = await create();
    const { images } = server();
    server().images = images.filter(({ name }) => name !== made.state.image);
    at(2, () => {
      server().images = images;
    });
    lab.restart();
    expect((await lab.refresh(snapshot, made))?.state).toMatchObject(made.state);
  });

  test("outlives its VM, and can't be judged while the server lists nothing", async () => {
    const made = await create();
    await lab.run(lab.site.client.deleteTask(NODE, VM_KEY));
    await lab.clock.advance(MINUTE);
    lab.restart();
    expect((await lab.refresh(snapshot, made))?.state).toMatchObject(made.state);
    await lab.simulator.setImageServer("lab", { reachable: false });
    lab.restart();
    await expect(lab.refresh(snapshot, made)).rejects.toThrow(
      /^nobody can tell whether snap_.* on image server lab is still there/,
    );
  });

  test("`get` finds one by its name, unless there are two", async () => {
    const made = await create();
    expect(await lab.get(snapshot, `${VM_ID}/golden`)).toMatchObject({
      name: "golden",
      file: made.state.file,
      image: made.state.image,
    });
    await expect(lab.get(snapshot, `${VM_ID}/absent`)).rejects.toThrow(/there is no Snapshot with the id/);
    await expect(lab.get(snapshot, "x")).rejects.toThrow(/must be <nodeId>\/<taskId>\/<name>/);
    await foreign("golden");
    lab.restart();
    await expect(lab.get(snapshot, `${VM_ID}/golden`)).rejects.toThrow(
      /there are 2 snapshots golden of VM .*, and nothing tells which is meant/,
    );
  });
});
