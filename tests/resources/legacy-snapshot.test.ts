import type { Values } from "../../provider/core/check";
import { snapshot } from "../../provider/resources/snapshot";
import { vm } from "../../provider/resources/vm";
import { type Lab, NODE, type Recorded } from "./lab";
import { OTHER, openLegacy, args as vmArgs } from "./legacy-lab";
import { sentenceOf } from "./vm-args";

const TYPE = "pulumi-nodejs:dynamic/dbc:Snapshot";
const OLDER = "node a1a1a1a1… is of the older generation of the API (before 0.3.9.8)";

let lab: Lab;
let box: Recorded;
beforeEach(async () => {
  lab = await openLegacy();
  box = await lab.create(vm, vmArgs({ allowStop: true }));
  lab.restart();
  lab.simulator.clearRequests();
});
afterEach(() => lab.close());

const args = (more: Values = {}): Values => ({
  __key: OTHER,
  __urn: `urn:pulumi:dev::p::pulumi-nodejs:dynamic/dbc:Vm$${TYPE}::golden`,
  __peers: [`${TYPE}::golden`],
  __vm: { allowStop: true, status: "running" },
  vmId: box.id,
  name: "golden",
  ...more,
});
const task = () => lab.simulator.requireTask(NODE, String(box.state.taskId));
const orders = () => lab.writes().map((line) => line.split(" ")[0]);

test("it is made of all disks while the VM is off, with a description, and the VM runs again", async () => {
  const made = await lab.create(snapshot, args());
  expect(lab.writes()).toEqual([
    "tasks.stop",
    `snapshot.create ${JSON.stringify({ snapshot_name: "golden", description: `[${OTHER}]` })}`,
    "tasks.start",
  ]);
  expect(made).toMatchObject({
    id: `${box.id}/golden`,
    state: { phase: "ready", file: `/data/${task().id}_golden_vda.qcow2` },
  });
  expect(task().libvirtSnapshots).toMatchObject([{ name: "golden", state: "shutoff", made: true }]);
  expect(task().status).toBe("running");
  expect(await lab.update(snapshot, made, args())).toMatchObject({ did: "nothing" });
  expect((await lab.refresh(snapshot, made))?.state).toEqual(made.state);
});

test("disks are chosen one by one", async () => {
  await lab.create(
    snapshot,
    args({
      disks: [
        { name: "vda", fileName: "mine.qcow2" },
        { name: "vdb", type: "no" },
      ],
      description: "why",
    }),
  );
  expect(lab.writes()[1]).toBe(
    `snapshot.create ${JSON.stringify({
      snapshot_name: "golden",
      description: `why [${OTHER}]`,
      disks: [
        { disk_name: "vda", snapshot_type: "external", snapshot_file_name: "mine.qcow2" },
        { disk_name: "vdb", snapshot_type: "no" },
      ],
    })}`,
  );
  expect(task().disks.map(({ file }) => file)).toEqual([
    "/data/mine.qcow2",
    expect.stringMatching(/^\/data\/data_/),
  ]);
});

test.each(["lost-answer", "late-effect", "timeout", "broken-json"] as const)(
  "%s: one snapshot, and the VM runs",
  async (kind) => {
    lab.simulator.arm({ kind, operation: "snapshot.create" });
    const made = await lab.create(snapshot, args());
    expect(made.reason).toBeUndefined();
    expect(task().libvirtSnapshots).toHaveLength(1);
    expect(task().status).toBe("running");
  },
);

test("a failure is told in the node's words, and the next up makes it under the same name", async () => {
  lab.simulator.arm({ kind: "snapshot-error", operation: "snapshot.create" });
  const failed = await lab.create(snapshot, args());
  expect(failed.reason).toBe(
    `snapshot golden of VM ${task().id} on node a1a1a1a1… could not be made: its node says "virDomainSnapshotCreateXML error: internal error" (getVmLogs shows more); the next up tries again.`,
  );
  expect(task().status).toBe("running");
  const mended = await lab.update(snapshot, failed, args());
  expect(mended).toMatchObject({ did: "update", state: { phase: "ready" } });
  expect(task().libvirtSnapshots).toMatchObject([{ made: true }]);
});

test("a delete makes no call, forgets it and says so", async () => {
  const made = await lab.create(snapshot, args());
  lab.simulator.clearRequests();
  await lab.delete(snapshot, made);
  expect(lab.writes()).toEqual([]);
  expect(lab.warnings).toEqual([
    `snapshot golden of VM ${task().id} on node a1a1a1a1… is forgotten here and stays on its node until the VM is deleted: ${OLDER}, which can't delete snapshots.`,
  ]);
});

test("it is gone with its VM", async () => {
  const made = await lab.create(snapshot, args());
  await lab.delete(vm, box);
  lab.restart();
  expect(await lab.refresh(snapshot, made)).toBeUndefined();
});

test("a name that somebody else gave is refused, before the VM is touched", async () => {
  await lab.create(snapshot, args());
  lab.simulator.clearRequests();
  const mine = args({ __key: "pd1ccccccccccccccccccc" });
  expect((await lab.check(snapshot, {}, mine)).reasons).toEqual([
    expect.stringContaining(`there is a snapshot golden of VM ${task().id} on node a1a1a1a1… already`),
  ]);
  expect(orders()).toEqual([]);
});

test.each<[string, Values, string]>([
  [
    "imageServer",
    { imageServer: "lab" },
    `imageServer can't be used here: ${OLDER}; a snapshot stays there, in files of its own beside the VM's.`,
  ],
  ["name", { name: "create" }, `name must be neither "create" nor "delete" here: ${OLDER}.`],
])("%s: a mistake at preview", async (_field, more, reason) => {
  expect((await lab.check(snapshot, {}, args(more))).reasons).toEqual([reason]);
});

test("without consent a running VM is not touched", async () => {
  const refused = args({ __vm: { status: "running" } });
  expect((await lab.check(snapshot, {}, refused)).reasons).toEqual([
    expect.stringContaining("a snapshot needs a hard power-off"),
  ]);
});

test("the node itself turns a snapshot on a disk that is not there away, and the VM runs", async () => {
  expect(await sentenceOf(lab, lab.create(snapshot, args({ disks: [{ name: "vdx" }] })))).toContain(
    'the node said "additional disk_name not exist in task:',
  );
  expect(task().status).toBe("running");
});

test("on a current node, disks are a mistake and an image server is a must", async () => {
  const vmId = `${"a2".repeat(32)}/pd1aaaaaaaaaaaaaaaaaaa`;
  const current = args({ vmId, disks: [{ name: "vda" }], imageServer: "lab", __vm: undefined });
  expect((await lab.check(snapshot, {}, current)).reasons).toEqual([
    "disks can't be used here: node a2a2a2a2… is of the current generation of the API, where a snapshot is always of the system disk.",
  ]);
  expect((await lab.check(snapshot, {}, args({ vmId, __vm: undefined }))).reasons).toEqual([
    "imageServer is missing: it must be the id of an image server; getImageServers lists them.",
  ]);
});
