import type { Values } from "../../provider/core/check";
import { image } from "../../provider/resources/image";
import { imageUpload } from "../../provider/resources/image-upload";
import { labNodes } from "../../simulator";
import {
  args,
  count,
  create,
  lab,
  MIB,
  MINUTE,
  onServer,
  server,
  snapshot,
  transfers,
  useLab,
  vm,
} from "./image-upload-lab";
import { NODE } from "./lab";

useLab();

describe("fields", () => {
  test.each<[string, Values, RegExp]>([
    [
      "no node, as the seed does it",
      { nodeId: undefined },
      /^nodeId is missing: it must be the id of the node that has the file.*the client node would be asked for a file of its own: it answers "ok" and uploads nothing/,
    ],
    [
      "the client node in place of a node",
      { nodeId: "" },
      /^nodeId must be the id of the node that has the file/,
    ],
    ["neither file", { name: undefined }, /^name is missing: say which file to upload/],
    [
      "both files",
      { snapshotFile: "/tmp/x.qcow2" },
      /^name and snapshotFile exclude each other: an upload is of one file/,
    ],
    ["a path in the name", { name: "/data/own.qcow2" }, /^name must be the name of a .qcow2 file/],
    ["another kind of file", { name: "own.img" }, /^name must be the name of a .qcow2 file/],
    [
      "a relative path of a snapshot",
      { name: undefined, snapshotFile: "x.qcow2" },
      /^snapshotFile must be the whole path/,
    ],
    [
      "a path that climbs",
      { name: undefined, snapshotFile: "/tmp/../data/x.qcow2" },
      /^snapshotFile must be the whole path/,
    ],
    ["no server", { imageServer: undefined }, /^imageServer is missing/],
    ["a rental order of letters", { rentOrder: "x" }, /^rentOrder must be the number/],
    ["a deadline without a unit", { timeouts: { create: "10" } }, /^timeouts.create must be a duration/],
    ["an unknown field", { deleteFromServer: true }, /^there is no field "deleteFromServer"/],
  ])("%s is refused at preview", async (_what, more, reason) => {
    const { reasons } = await lab.check(imageUpload, {}, args(more));
    expect(reasons).toEqual([expect.stringMatching(reason)]);
    expect(lab.simulator.requests).toEqual([]);
  });

  test.each<[string, Values, Values, "nothing" | "update" | "replace"]>([
    ["nodeId", { name: "ubuntu.qcow2" }, { name: "ubuntu.qcow2", nodeId: labNodes.alice2 }, "replace"],
    ["name", {}, { name: "ubuntu.qcow2" }, "replace"],
    ["imageServer", {}, { imageServer: "spare" }, "replace"],
    ["rentOrder set", {}, { rentOrder: "7" }, "update"],
    ["timeouts set", {}, { timeouts: { create: "2h" } }, "update"],
    ["timeouts changed", { timeouts: { create: "1h" } }, { timeouts: { create: "2h" } }, "update"],
    ["timeouts removed", { timeouts: { create: "2h" } }, {}, "update"],
    ["nothing", {}, {}, "nothing"],
  ])("a change of %s", async (_what, before, after, did) => {
    const made = await create(before);
    lab.simulator.clearRequests();
    const changed = await lab.update(imageUpload, made, args(after));
    expect(changed.did).toBe(did);
    expect(changed.state).toMatchObject({ ...after, phase: "ready" });
    for (const field of Object.keys(before))
      if (!(field in after) && field !== "name") expect(changed.state[field]).toBeUndefined();
    if (did !== "replace") expect(lab.simulator.requests).toEqual([]);
    expect((await lab.update(imageUpload, changed, args(after))).did).toBe("nothing");
  });

  test("a change from an image to a snapshot's file replaces", async () => {
    const made = await create();
    const { file } = await snapshot();
    const changed = await lab.update(imageUpload, made, args({ name: undefined, snapshotFile: file }));
    expect(changed.did).toBe("replace");
    expect(changed.state.image).toBe(file.split("/").at(-1));
  });
});

describe("an upload", () => {
  test("is begun once, by its whole path, followed in steps of ten and proven by the server's list", async () => {
    const made = await create();
    expect(made.id).toBe("lab/own.qcow2");
    expect(made.state).toMatchObject({ phase: "ready", image: "own.qcow2", size: "8G" });
    expect(lab.writes()).toEqual(['images.upload {"image_filename":"/data/own.qcow2","image_server":"lab"}']);
    expect(lab.progress.map((line) => /^uploading: (\d+) %$/.exec(line)?.[1])).toEqual([
      "0",
      "10",
      "20",
      "30",
      "40",
      "50",
      "60",
      "70",
      "80",
      "90",
    ]);
    const asked = lab.simulator.requests.filter(({ operation }) => operation === "images.uploadprogress");
    expect(new Set(asked.map(({ additional }) => JSON.stringify(additional)))).toEqual(
      new Set(['{"image_filename":"/data/own.qcow2"}']),
    );
    expect(onServer()).toContain("own.qcow2");
    expect(transfers()).toEqual([]);
    expect((await lab.refresh(imageUpload, made))?.state).toMatchObject(made.state);
  });

  test("makes an image that another node can have", async () => {
    const made = await create();
    const elsewhere = await lab.create(image, {
      nodeId: labNodes.alice2,
      name: made.state.image,
      imageServer: made.state.imageServer,
    });
    expect(elsewhere.state).toMatchObject({ phase: "ready", size: "8G" });
  });

  test("of an image that the server has already is not begun", async () => {
    const made = await create({ name: "ubuntu.qcow2" });
    expect(made.state).toMatchObject({ phase: "ready", size: "4.5G" });
    expect(lab.writes()).toEqual([]);
  });

  test("never writes over another image of that name", async () => {
    server().images.push({ name: "own.qcow2", sizeBytes: MIB * 1024, virtualGib: 40 });
    await expect(create()).rejects.toThrow(
      /^own.qcow2 on image server lab is another one already \(1G, not 8G\), and the upload would write over it/,
    );
    expect(lab.writes()).toEqual([]);
  });

  test("of a snapshot's file goes by its whole path", async () => {
    const { file } = await snapshot();
    server().images.splice(0);
    const made = await create({ name: undefined, snapshotFile: file });
    expect(made.state).toMatchObject({ phase: "ready", image: file.split("/").at(-1) });
    expect(lab.writes()).toEqual([`images.upload {"image_filename":"${file}","image_server":"lab"}`]);
  });

  test("of the disk of a VM that is off works, of one that runs is refused", async () => {
    const { disk, taskId } = await vm();
    await expect(create({ name: disk })).rejects.toThrow(
      /^node a1a1a1a1… lists no vm_.* that could be uploaded: it isn't there, or a running VM has it as a disk/,
    );
    expect(lab.writes()).toEqual([]);
    await lab.run(lab.site.client.poweroffTask(NODE, taskId));
    await lab.clock.advance(MINUTE);
    expect((await create({ name: disk })).state).toMatchObject({ phase: "ready", image: disk });
  });

  test("of a name that no list shows is left to the node to judge", async () => {
    await lab.simulator.addImage(NODE, { name: "my-data.qcow2" });
    expect((await create({ name: "my-data.qcow2" })).state.phase).toBe("ready");
    await expect(create({ name: "no-data.qcow2" })).rejects.toThrow(
      /the node said "image:\/data\/no-data.qcow2 not exist"/,
    );
  });

  test("to a server that the client node does not know is refused", async () => {
    await expect(create({ imageServer: "nowhere" })).rejects.toThrow(
      /^imageServer must be one that the client node knows, not "nowhere": it knows "lab", "spare"\.$/,
    );
    expect(lab.writes()).toEqual([]);
  });

  test("that somebody else began is joined, and not stopped when it is given up", async () => {
    await lab.run(lab.site.client.uploadImage(NODE, { imageServer: "lab", path: "/data/own.qcow2" }));
    const joined = await create({ timeouts: { create: "1m" } });
    expect(joined).toMatchObject({ state: { phase: "stopped" } });
    expect(joined.reason).toMatch(/it took longer than the 60 s that timeouts allow/);
    await lab.delete(imageUpload, joined);
    expect(count("images.upload_stop")).toBe(0);
    expect(transfers()).toHaveLength(1);
    expect((await lab.update(imageUpload, joined, args())).state.phase).toBe("ready");
    expect(lab.writes().filter((write) => write.startsWith("images.upload "))).toHaveLength(3);
    expect(onServer().filter((name) => name === "own.qcow2")).toHaveLength(1);
  });
});
