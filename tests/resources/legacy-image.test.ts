import type { Values } from "../../provider/core/check";
import { image } from "../../provider/resources/image";
import { imageUpload } from "../../provider/resources/image-upload";
import { profiles } from "../../simulator";
import { type Lab, NODE } from "./lab";
import { openLegacy } from "./legacy-lab";
import { sentenceOf } from "./vm-args";

const OLDER = "node a1a1a1a1… is of the older generation of the API (before 0.3.9.8)";
/** From this version on, a node shows every image that it has. */
const LISTING = "0.3.9.1";

let lab: Lab;
const open = async (version?: string) => {
  lab = await openLegacy(version);
  // an image of 12.5 GiB takes 200 s
  lab.simulator.setProfile({ ...profiles.fast, transferRate: 64 * 1024 * 1024 });
};
afterEach(() => lab.close());

const args = (more: Values = {}): Values => ({ nodeId: NODE, name: "pytorch.qcow2", ...more });
const centre = () => lab.simulator.world.imageServers[0]?.images.map(({ name }) => name) ?? [];
const onNode = () => lab.simulator.requireNode(NODE).images.map(({ name }) => name);
const writes = () => lab.simulator.requests.filter(({ write }) => write).map(({ operation }) => operation);

describe("an image of the centre", () => {
  beforeEach(() => open(LISTING));

  test("is ordered once, and ready when the node lists it", async () => {
    const begun = lab.clock.time();
    const made = await lab.create(image, args());
    expect(made).toMatchObject({ id: `${NODE}/pytorch.qcow2`, state: { phase: "ready", imageServer: "" } });
    expect(onNode()).toContain("pytorch.qcow2");
    expect(lab.clock.time() - begun).toBeGreaterThan(195_000);
    expect(writes()).toEqual(["images.download"]);
    expect(await lab.update(image, made, args())).toMatchObject({ did: "nothing" });
    expect((await lab.refresh(image, made))?.state).toEqual(made.state);
  });

  test("that is there already is taken as it is", async () => {
    await lab.create(image, args({ name: "ubuntu-22.04.qcow2" }));
    expect(writes()).toEqual([]);
  });

  test.each(["lost-answer", "late-effect"] as const)("%s: ordered once", async (kind) => {
    lab.simulator.arm({ kind, operation: "images.download" });
    const made = await lab.create(image, args());
    expect(made).toMatchObject({ state: { phase: "ready" } });
    expect(writes()).toEqual(["images.download"]);
  });

  test("that never comes is given up, and ordered again by the next up", async () => {
    lab.simulator.arm({ kind: "transfer-error", operation: "images.download" });
    const made = await lab.create(image, args({ timeouts: { create: "4m" } }));
    expect(made).toMatchObject({ state: { phase: "stopped" } });
    expect(made.reason).toContain("did not end within 4 min: the node tells neither progress nor failures");
    expect(await lab.refresh(image, made)).toMatchObject({ state: { phase: "stopped" } });
    expect(await lab.update(image, made, args())).toMatchObject({ did: "update", state: { phase: "ready" } });
    expect(writes()).toEqual(["images.download", "images.download"]);
  });

  test("that the centre lacks is refused in its words", async () => {
    expect(await sentenceOf(lab, lab.create(image, args({ name: "nowhere.qcow2" })))).toBe(
      'could not download image nowhere.qcow2 from the image centre to node a1a1a1a1…: the node said "image not exist"; check the name: it is not in the image centre, or not a file ending in .qcow2',
    );
  });

  test("is gone when the node lacks it, and a delete leaves it there", async () => {
    const made = await lab.create(image, args());
    await lab.delete(image, made);
    expect(onNode()).toContain("pytorch.qcow2");
    await lab.simulator.removeImage(NODE, "pytorch.qcow2");
    lab.restart();
    expect(await lab.refresh(image, made)).toBeUndefined();
  });

  test.each<[string, Values, string]>([
    [
      "imageServer",
      { imageServer: "lab" },
      `imageServer can't be used here: ${OLDER}; leave it out, it has one image centre for all nodes.`,
    ],
    [
      "deleteFromNode",
      { deleteFromNode: true },
      `deleteFromNode can't be used here: ${OLDER}, which can't delete images.`,
    ],
  ])("%s: a mistake at preview", async (_field, more, reason) => {
    expect((await lab.check(image, {}, args(more))).reasons).toEqual([reason]);
  });

  test("on a current node, an image server is a must", async () => {
    const missing =
      "imageServer is missing: it must be the id of an image server; getImageServers lists them.";
    const nodeId = "a2".repeat(32);
    expect((await lab.check(image, {}, args({ nodeId }))).reasons).toEqual([missing]);
    expect((await lab.check(imageUpload, {}, args({ nodeId }))).reasons).toEqual([missing]);
    expect((await lab.check(image, {}, args({ nodeId, imageServer: "lab" }))).reasons).toEqual([]);
  });
});

test("a node that lists three names alone is asked for no other", async () => {
  await open();
  expect((await lab.check(image, {}, args())).reasons).toEqual([
    `name can't be "pytorch.qcow2" here: ${OLDER}, and in version 0.3.7.9 it lists no images but ubuntu.qcow2, ubuntu-2004.qcow2 and win.qcow2, so that nothing could prove that the image is there.`,
  ]);
  expect((await lab.check(image, {}, args({ name: "win.qcow2" }))).reasons).toEqual([]);
});

describe("an upload to the centre", () => {
  beforeEach(async () => {
    await open();
    lab.simulator.requireNode(NODE).images.push({ name: "mine.qcow2", sizeBytes: 2 ** 32, virtualGib: 40 });
  });
  const mine = (more: Values = {}) => args({ name: "mine.qcow2", ...more });

  test("is ordered once, and ready when the centre lists it", async () => {
    const made = await lab.create(imageUpload, mine());
    expect(made).toMatchObject({ id: `${NODE}/mine.qcow2`, state: { phase: "ready", image: "mine.qcow2" } });
    expect(centre()).toContain("mine.qcow2");
    expect(writes()).toEqual(["images.upload"]);
    expect(await lab.update(imageUpload, made, mine())).toMatchObject({ did: "nothing" });
    expect((await lab.refresh(imageUpload, made))?.state).toEqual(made.state);
    await lab.delete(imageUpload, made);
    expect(lab.warnings).toEqual(["mine.qcow2 stays in the image centre: no call of a node can remove it."]);
    expect(centre()).toContain("mine.qcow2");
  });

  test.each(["lost-answer", "late-effect"] as const)("%s: ordered once", async (kind) => {
    lab.simulator.arm({ kind, operation: "images.upload" });
    expect(await lab.create(imageUpload, mine())).toMatchObject({ state: { phase: "ready" } });
    expect(writes()).toEqual(["images.upload"]);
  });

  test("of a file that is not there ends nowhere, and nobody says so", async () => {
    const made = await lab.create(imageUpload, mine({ name: "nothing.qcow2", timeouts: { create: "2m" } }));
    expect(made).toMatchObject({ state: { phase: "stopped" } });
    expect(made.reason).toContain("look whether it has the file in /data");
  });

  test("of a name that the centre has is refused: it may be anybody's", async () => {
    expect(await sentenceOf(lab, lab.create(imageUpload, mine({ name: "ubuntu.qcow2" })))).toBe(
      "the image centre has a ubuntu.qcow2 already, and only names are told of what it has: rename the file, or use the one that is there.",
    );
    expect(writes()).toEqual([]);
  });

  test("is gone when the centre lacks it", async () => {
    const made = await lab.create(imageUpload, mine());
    const [server] = lab.simulator.world.imageServers;
    if (server) server.images = server.images.filter(({ name }) => name !== "mine.qcow2");
    expect(await lab.refresh(imageUpload, made)).toBeUndefined();
  });

  test.each<[string, Values, string]>([
    [
      "imageServer",
      { imageServer: "lab" },
      `imageServer can't be used here: ${OLDER}; leave it out, it has one image centre for all nodes.`,
    ],
    [
      "snapshotFile",
      { name: undefined, snapshotFile: "/data/x.qcow2" },
      `snapshotFile can't be used here: ${OLDER}; it uploads files of its /data, by name.`,
    ],
  ])("%s: a mistake at preview", async (_field, more, reason) => {
    expect((await lab.check(imageUpload, {}, mine(more))).reasons).toEqual([reason]);
  });
});
