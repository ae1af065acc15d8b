import * as z from "zod";
import type { Values } from "../../provider/core/check";
import { type CostLine, costLine } from "../../provider/core/cost";
import { field, port, whole } from "../../provider/core/fields";
import { diff } from "../../provider/core/lifecycle";
import { UNKNOWN } from "../../provider/core/unknown";
import { vm } from "../../provider/resources/vm";

const shape = {
  image: field({ cost: "replace" }, z.string()),
  gpuCount: field({ cost: "needsStop" }, whole(0)),
  memoryGib: field({ cost: "needsStop" }, whole(1)),
  sshPort: field({ cost: "live" }, port().optional()),
  maps: field({ cost: "live" }, z.array(z.object({ host: port() })).optional()),
  login: field({ cost: "live", secret: true }, z.string().optional()),
  description: field({ cost: "stateOnly" }, z.string().optional()),
};
const definition = {
  kind: "Thing",
  schemaVersion: 1,
  shape,
  deleteBeforeReplace: true,
  update: async () => ({}),
  lost: ({ files }: Values) => (Array.isArray(files) ? files.map(String) : []),
};
const olds = { image: "a.qcow2", gpuCount: 1, memoryGib: 8, phase: "ready", files: ["/data/1", "/data/2"] };

const line = (changes: Values, state: Values = olds): CostLine | undefined => {
  const news = { image: "a.qcow2", gpuCount: 1, memoryGib: 8, ...changes };
  return costLine(definition, state, news, diff(definition, state, news));
};

test("no change costs nothing, and is not spoken of", () => {
  expect(line({})).toBeUndefined();
});

test.each<[string, Values, string]>([
  ["a power cycle", { gpuCount: 2 }, "gpuCount 1 → 2: power-off, change, start"],
  [
    "one power cycle for two",
    { gpuCount: 2, memoryGib: 16 },
    "gpuCount 1 → 2, memoryGib 8 → 16: power-off, change, start",
  ],
  ["nothing", { sshPort: 22 }, "sshPort none → 22: changed while it runs"],
  ["no call", { description: "mine" }, 'description none → "mine": only recorded, no call'],
  [
    "each its own",
    { gpuCount: 2, sshPort: 22 },
    "gpuCount 1 → 2: power-off, change, start; sshPort none → 22: changed while it runs",
  ],
  ["what is not known yet", { sshPort: UNKNOWN }, "sshPort none → known in the up: changed while it runs"],
  ["what is long", { maps: [{ host: 1 }] }, "maps changed: changed while it runs"],
])("a change that costs %s", (_, changes, text) => {
  expect(line(changes)).toEqual({ text, losesData: false });
});

test("a replacement says why and names the files that go", () => {
  expect(line({ image: "b.qcow2", gpuCount: 2 })).toEqual({
    text: 'image "a.qcow2" → "b.qcow2": replaced: deleted, then made anew; also gpuCount 1 → 2; /data/1 and /data/2 are deleted with it',
    losesData: true,
  });
  expect(line({}, { ...olds, phase: "failed", files: [] })?.text).toBe(
    "it failed to come up: replaced: deleted, then made anew",
  );
});

test("an unfinished one is gone on with", () => {
  expect(line({}, { ...olds, phase: "creating" })?.text).toBe(
    "goes on with what an earlier run did not finish",
  );
});

test("values that are secret are never in it: by the field, and by what the program marked", () => {
  expect(line({ login: "hunter2" })?.text).toBe("login changed: changed while it runs");
  const marked = line({ description: "s3cret-note", image: "s3cret-note.qcow2", __secret: ["description"] });
  expect(marked?.text).toContain("description changed");
  expect(JSON.stringify(marked)).not.toContain("s3cret");
});

test("of a Vm that is off nothing is stopped, and of one that runs the disks are named", () => {
  const news = { nodeId: "a1", image: "b.qcow2" };
  const state = {
    ...news,
    status: "closed",
    phase: "ready",
    gpuCount: 1,
    disks: [{ file: "/data/vm_1.qcow2" }],
  };
  const off = diff(vm, state, { ...news, gpuCount: 2 });
  expect(costLine(vm, state, news, off)?.text).toContain("gpuCount 1 → 2: changed while it is off");
  const anew = diff(vm, state, { ...state, image: "c.qcow2" });
  expect(costLine(vm, state, news, anew)?.text).toContain("/data/vm_1.qcow2 is deleted with it");
});
