import type { Values } from "../../provider/core/check";
import { image } from "../../provider/resources/image";
import { snapshot } from "../../provider/resources/snapshot";
import { labNodes } from "../../simulator";
import { NODE } from "./lab";
import {
  args,
  create,
  expectOne,
  foreign,
  KEY,
  lab,
  MINUTE,
  orders,
  plain,
  sent,
  server,
  TYPE,
  task,
  timeOf,
  useLab,
  VM_ID,
  VM_KEY,
} from "./snapshot-lab";

useLab();

describe("fields", () => {
  test.each<[string, Values, RegExp]>([
    ["no VM", { vmId: undefined }, /^vmId is missing: it must be the id of a Vm/],
    ["a task id alone", { vmId: VM_KEY }, /^vmId must be the id of a Vm: <nodeId>\/<taskId>/],
    ["no name", { name: undefined }, /^name is missing/],
    ["a name with a slash", { name: "a/b" }, /^name must be 1 to 64 letters/],
    ["a name that hides", { name: ".x" }, /^name must be 1 to 64 letters/],
    ["a name that is rewritten", { name: "ubuntu" }, /^name must not be the name of an operating system/],
    ["no server", { imageServer: undefined }, /^imageServer is missing/],
    [
      "an unknown server",
      { imageServer: "nowhere" },
      /^imageServer must be one that the client node knows, not "nowhere": it knows "lab"\.$/,
    ],
    ["a number for text", { description: 1 }, /^description must be text/],
    ["a long description", { description: "x".repeat(401) }, /^description must be at most 400/],
    ["a deadline without a unit", { timeouts: { create: "10" } }, /^timeouts.create must be a duration/],
    [
      "a choice of disks on a node of today",
      { disks: [{ name: "vda" }] },
      /^disks can't be used here: node a1a1a1a1… is of the current generation/,
    ],
    ["an unknown field", { size: 1 }, /^there is no field "size"/],
  ])("%s is refused at preview", async (_what, more, reason) => {
    const { reasons } = await lab.check(snapshot, {}, args(more));
    expect(reasons).toEqual([expect.stringMatching(reason)]);
    expect(lab.writes()).toEqual([]);
  });

  test.each<[string, Values, Values, "nothing" | "update" | "replace"]>([
    ["name", {}, { name: "silver" }, "replace"],
    ["description set", {}, { description: "with CUDA" }, "replace"],
    ["description changed", { description: "a" }, { description: "b" }, "replace"],
    ["description removed", { description: "a" }, {}, "replace"],
    ["timeouts set", {}, { timeouts: { create: "2h" } }, "update"],
    ["timeouts removed", { timeouts: { create: "2h" } }, {}, "update"],
    ["nothing", {}, {}, "nothing"],
  ])("a change of %s", async (_what, before, after, did) => {
    const made = await create(before);
    lab.simulator.clearRequests();
    const changed = await lab.update(snapshot, made, args(after));
    expect(changed.did).toBe(did);
    expect(changed.state).toMatchObject({ ...after, phase: "ready" });
    for (const field of Object.keys(before))
      if (!(field in after)) expect(changed.state[field]).toBeUndefined();
    if (did === "replace") {
      expect(orders()).toEqual(["snapshot.delete", "tasks.poweroff", "snapshot.create", "tasks.start"]);
      expectOne(changed);
      expect(sent()).toHaveLength(2);
    } else expect(lab.simulator.requests).toEqual([]);
    expect((await lab.update(snapshot, changed, args(after))).did).toBe("nothing");
  });

  test("a change of vmId, or of imageServer, replaces", async () => {
    const made = await create();
    server().images.splice(0);
    lab.simulator.world.imageServers.push({ ...server(), id: "spare", images: [] });
    const changed = await lab.update(snapshot, made, args({ imageServer: "spare" }));
    expect(changed).toMatchObject({ did: "replace", state: { imageServer: "spare", phase: "ready" } });
    const elsewhere = args({ vmId: `${labNodes.alice2}/${VM_KEY}` });
    await expect(lab.update(snapshot, changed, elsewhere)).rejects.toThrow(/is not listed by its node/);
  });
});

describe("a snapshot", () => {
  test("is made while the VM is off, which starts again before the upload, and is proven by the server", async () => {
    const made = await create();
    expect(made.id).toBe(`${VM_ID}/golden`);
    expect(made.state).toMatchObject({
      phase: "ready",
      file: expect.stringMatching(/^\/tmp\/dbc_snapshots\/snap_\d+_\d+_vda\.qcow2$/),
      image: expect.stringMatching(/^snap_\d+_\d+_vda\.qcow2$/),
      size: "1.16G",
    });
    expect(lab.writes()).toEqual([
      "tasks.poweroff",
      `snapshot.create {"snapshot_name":"golden","image_server":"lab","desc":"[${KEY}]"}`,
      "tasks.start",
    ]);
    // 19 s of copying with the VM off, 74 s of sending while it runs
    const offMs = timeOf("tasks.start") - timeOf("tasks.poweroff");
    expect(offMs).toBeGreaterThan(19_000);
    expect(offMs).toBeLessThan(40_000);
    expect(lab.clock.today().getTime() - timeOf("tasks.start")).toBeGreaterThan(60_000);
    expect(lab.progress).toEqual(
      expect.arrayContaining(["copying the disk, while the VM is off", "uploading: 50 %"]),
    );
    expectOne(made);
    expect((await lab.refresh(snapshot, made))?.state).toMatchObject(made.state);
  });

  test("becomes an image that another node can have", async () => {
    const made = await create();
    const brought = await lab.create(image, {
      nodeId: labNodes.alice2,
      name: made.state.image,
      imageServer: "lab",
    });
    expect(brought.state).toMatchObject({ phase: "ready", size: "1.16G" });
  });

  test("of a VM that is off leaves it off, and needs no consent", async () => {
    await lab.run(lab.site.client.poweroffTask(NODE, VM_KEY));
    await lab.clock.advance(MINUTE);
    lab.simulator.clearRequests();
    lab.restart();
    const made = await create({ __vm: { allowStop: false, status: "closed" } });
    expect(made.state.phase).toBe("ready");
    expect(orders()).toEqual(["snapshot.create"]);
    expect(task().status).toBe("closed");
  });

  test("of a VM that runs without consent is refused at preview", async () => {
    const { reasons } = await lab.check(
      snapshot,
      {},
      args({ __vm: { allowStop: false, status: "running" } }),
    );
    expect(reasons).toEqual([
      expect.stringMatching(/^a snapshot needs a hard power-off, .* set allowStop: true .* DBC_ALLOW_STOP=1/),
    ]);
    lab.restart(undefined, { allowStop: true });
    expect((await create({ __vm: { allowStop: false, status: "running" } })).state.phase).toBe("ready");
  });

  test("of a name that is taken is refused, at preview and before the VM is stopped", async () => {
    await foreign("golden");
    const taken = /^there is a snapshot golden of VM pd1a.* already, which is another one/;
    const { reasons } = await lab.check(snapshot, {}, args());
    expect(reasons).toEqual([expect.stringMatching(taken)]);
    await expect(lab.run(snapshot.create(lab.context(args()), plain()))).rejects.toThrow(taken);
    expect(lab.writes()).toEqual([]);
  });

  test("keeps its description on the node, where nothing in it breaks the node's JSON", async () => {
    const made = await create({ description: 'CUDA "12"\nand more' });
    expect(task().snapshots.map(({ description }) => description)).toEqual([`CUDA '12' and more [${KEY}]`]);
    expect(made.state.description).toBe('CUDA "12"\nand more');
    expect((await lab.update(snapshot, made, args({ description: 'CUDA "12"\nand more' }))).did).toBe(
      "nothing",
    );
  });

  test("and another of the same VM share one power cycle", async () => {
    const peers = [`${TYPE}::golden`, `${TYPE}::silver`];
    const [one, two] = await Promise.all([
      create({ __peers: peers }),
      create({
        __peers: peers,
        __key: "pd1ccccccccccccccccccc",
        __urn: `urn:pulumi:dev::p::${TYPE}::silver`,
        name: "silver",
      }),
    ]);
    expect([one.state.phase, two.state.phase]).toEqual(["ready", "ready"]);
    expect(orders().filter((order) => order.startsWith("tasks."))).toEqual(["tasks.poweroff", "tasks.start"]);
    expect(sent().filter(({ torn }) => torn)).toEqual([]);
  });
});
