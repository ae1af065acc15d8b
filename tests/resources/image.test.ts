import type { Values } from "../../provider/core/check";
import { image } from "../../provider/resources/image";
import { labNodes } from "../../simulator";
import { args, count, create, lab, MIB, orders, theirs, useLab, vmWithDisk } from "./image-lab";
import { NODE } from "./lab";

useLab();

describe("fields", () => {
  test.each<[string, Values, RegExp]>([
    ["no node", { nodeId: undefined }, /^nodeId is missing: it must be a node id/],
    ["no name", { name: undefined }, /^name is missing/],
    ["a folder in the name", { name: "sub/x.qcow2" }, /^name must be the name of a .qcow2 file/],
    ["another kind of file", { name: "x.iso" }, /^name must be the name of a .qcow2 file/],
    ["a hidden file", { name: ".x.qcow2" }, /^name must be the name of a .qcow2 file/],
    [
      "a name that the node never lists",
      { name: "my-data.qcow2" },
      /^name must not contain "data": the node never lists/,
    ],
    ["no server", { imageServer: undefined }, /^imageServer is missing/],
    ["a server with a slash", { imageServer: "a/b" }, /^imageServer must be the id of an image server/],
    [
      "a directory that VMs can't use",
      { directory: "/my_local_dir" },
      /^directory must be "\/data": VMs can use images of that directory alone/,
    ],
    ["a word for a flag", { deleteFromNode: "yes" }, /^deleteFromNode must be true or false/],
    ["a rental order of letters", { rentOrder: "x" }, /^rentOrder must be the number/],
    ["a deadline without a unit", { timeouts: { create: "10" } }, /^timeouts.create must be a duration/],
    ["an unknown field", { localDir: "/data" }, /^there is no field "localDir"/],
  ])("%s is refused at preview", async (_what, more, reason) => {
    const { reasons } = await lab.check(image, {}, args(more));
    expect(reasons).toEqual([expect.stringMatching(reason)]);
    expect(lab.simulator.requests).toHaveLength(0);
  });

  test("what can't be asked at preview is no mistake", async () => {
    lab.restart(undefined, { endpoint: "http://127.0.0.1:9" });
    expect((await lab.check(image, {}, args({ imageServer: "nowhere" }))).reasons).toEqual([]);
  });

  test.each<[string, Values, Values, "nothing" | "update" | "replace"]>([
    ["nodeId", {}, { nodeId: labNodes.alice2 }, "replace"],
    ["name", {}, { name: "ubuntu.qcow2" }, "replace"],
    ["directory, written out", {}, { directory: "/data" }, "nothing"],
    ["imageServer", {}, { imageServer: "other" }, "update"],
    ["deleteFromNode set", {}, { deleteFromNode: true }, "update"],
    ["deleteFromNode removed", { deleteFromNode: true }, {}, "update"],
    ["rentOrder set", {}, { rentOrder: "7" }, "update"],
    ["timeouts set", {}, { timeouts: { create: "2h" } }, "update"],
    ["timeouts removed", { timeouts: { create: "2h" } }, {}, "update"],
    ["nothing", {}, {}, "nothing"],
  ])("a change of %s", async (_what, before, after, did) => {
    const made = await create(before);
    lab.simulator.clearRequests();
    const changed = await lab.update(image, made, args(after));
    expect(changed.did).toBe(did);
    expect(changed.state).toMatchObject({ ...after, phase: "ready" });
    for (const field of Object.keys(before))
      if (!(field in after) && field !== "deleteFromNode") expect(changed.state[field]).toBeUndefined();
    // another server is looked up among those that the client node knows
    const asked = "imageServer" in after ? ["images.servers"] : [];
    if (did !== "replace") expect(lab.simulator.requests.map(({ operation }) => operation)).toEqual(asked);
    expect((await lab.update(image, changed, args(after))).did).toBe("nothing");
  });
});

describe("a download", () => {
  test("is begun once, followed in steps of ten and proven by the node's list", async () => {
    const made = await create();
    expect(made.id).toBe(`${NODE}/pytorch.qcow2`);
    expect(made.state).toMatchObject({
      name: "pytorch.qcow2",
      phase: "ready",
      size: "12.5G",
      directory: "/data",
    });
    expect(lab.writes()).toEqual([
      'images.download {"image_filename":"pytorch.qcow2","image_server":"lab","local_dir":"/data"}',
    ]);
    expect(lab.progress.map((line) => Number(/(\d+) %/.exec(line)?.[1]))).toEqual([
      0, 10, 20, 30, 40, 50, 60, 70, 80, 90,
    ]);
    // the server is asked once, the node before and after
    expect(
      lab.simulator.requests.filter(({ operation, nodeId }) => operation === "images.list" && nodeId === ""),
    ).toHaveLength(1);
    expect(count("images.list")).toBeLessThanOrEqual(5);
    expect((await lab.refresh(image, made))?.state).toMatchObject(made.state);
  });

  test("leaves an image that a VM can be made from at once", async () => {
    await create();
    const node = lab.simulator.requireNode(NODE);
    expect(node.transfers).toEqual([]);
  });

  test("is not begun of an image that is there", async () => {
    const made = await create({ name: "ubuntu.qcow2" });
    expect(made.state).toMatchObject({ phase: "ready", size: "4.5G" });
    expect(lab.writes()).toEqual([]);
  });

  test("is not begun of a file that a running VM has as its disk, which the node's list hides", async () => {
    await lab.simulator.addImage(NODE, { name: "volume.qcow2" });
    const node = lab.simulator.requireNode(NODE);
    const task = await vmWithDisk("volume.qcow2");
    const made = await create({ name: "volume.qcow2" });
    expect(made.state).toMatchObject({ phase: "ready" });
    expect(lab.warnings).toEqual([
      expect.stringContaining(`is a disk of VM ${task}, which runs: it is taken as it is.`),
    ]);
    expect(lab.writes()).toEqual([]);
    expect(await lab.refresh(image, made)).toBeDefined();
    lab.restart();
    await expect(
      lab.delete(image, { ...made, state: { ...made.state, deleteFromNode: true } }),
    ).rejects.toThrow(/is a disk of VM .*, which runs/);
    expect(node.images.map(({ name }) => name)).toContain("volume.qcow2");
  });

  test("of what the server has not is refused before anything is sent", async () => {
    await expect(create({ name: "absent.qcow2" })).rejects.toThrow(
      /^image server lab has no absent.qcow2: mend the name \(getImages lists them\), or upload it first.$/,
    );
    await expect(create({ imageServer: "nowhere" })).rejects.toThrow(
      /^imageServer must be one that the client node knows, not "nowhere": it knows "lab", "other"\.$/,
    );
    expect(lab.writes()).toEqual([]);
  });

  test("from a server out of reach is refused by the node", async () => {
    await lab.simulator.setImageServer("lab", { reachable: false });
    await expect(create()).rejects.toThrow(
      /image:pytorch.qcow2 not exist.*a server that can't be reached has nothing/,
    );
  });

  test("of an image that a moment ago was not on the server yet finds it by a second look", async () => {
    await expect(create({ name: "late.qcow2" })).rejects.toThrow(/has no late.qcow2/);
    const server = lab.simulator.world.imageServers[0];
    server?.images.push({ name: "late.qcow2", sizeBytes: MIB, virtualGib: 1 });
    expect((await create({ name: "late.qcow2" })).state.phase).toBe("ready");
  });

  test("somebody else's is joined, and not stopped when it is given up", async () => {
    await theirs();
    const joined = await create({ timeouts: { create: "1m" } });
    expect(joined.reason).toMatch(/it took longer than the 60 s that timeouts allow/);
    expect(joined.state.phase).toBe("stopped");
    expect(lab.progress).toContainEqual(
      expect.stringMatching(/^downloading: \d+ %, begun by somebody else$/),
    );
    expect(count("images.download_stop")).toBe(0);
    await lab.delete(image, joined);
    expect(count("images.download_stop")).toBe(0);
    expect(lab.simulator.requireNode(NODE).transfers).toHaveLength(1);
    // it is there in the end, by somebody else's order
    expect((await lab.update(image, joined, args())).state).toMatchObject({ phase: "ready", size: "12.5G" });
    expect(orders()).toHaveLength(1);
  });

  test("somebody else's that they stop is begun anew, as ours", async () => {
    await theirs();
    lab.clock.at(lab.clock.time() + 60_000, () => void lab.site.client.stopDownload(NODE, "pytorch.qcow2"));
    expect((await create()).state.phase).toBe("ready");
    expect(orders()).toHaveLength(2);
  });

  test("three at once to three nodes share one look at the server", async () => {
    const nodes = [labNodes.alice1, labNodes.alice2, labNodes.alice3];
    const made = await Promise.all(nodes.map((nodeId) => create({ nodeId })));
    expect(made.map(({ state }) => state.phase)).toEqual(["ready", "ready", "ready"]);
    expect(
      lab.simulator.requests.filter(({ operation, nodeId }) => operation === "images.list" && nodeId === ""),
    ).toHaveLength(1);
    expect(count("images.download")).toBe(3);
  });
});
