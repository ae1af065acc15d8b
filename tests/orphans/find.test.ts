/** What is without an owner: never what a given state owns, always what carries our mark and belongs to none. */
import * as fc from "fast-check";
import type { Values } from "../../provider/core/check";
import { newKey, taskIdOf } from "../../provider/core/key";
import { Owned } from "../../provider/orphans/state";
import { isOrphan, markOf, type Thing } from "../../provider/orphans/thing";
import { labNodes } from "../../simulator";
import { exported, stored } from "./exported";

const RUNS = 1_000;
const NODES = [labNodes.alice1, labNodes.alice2];

/** How a state may own what a key stands for. */
const ways = [
  "key alone",
  "pending create",
  "recorded",
  "recorded past a zombie",
  "adopted by id",
  "to be deleted",
  "stood on",
] as const;
type Way = (typeof ways)[number];

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
const key = bytes.map((given) => {
  // random enough to differ, and the same in each run of a seed
  let at = 0;
  return newKey((count) =>
    Uint8Array.from({ length: count }, () => (given[at++ % 32] ?? 0) ^ ((at * 7) % 251)),
  );
});

const made = fc.record({
  key,
  kind: fc.constantFrom<Thing["kind"]>("Vm", "Lan", "Snapshot", "ContainerTask"),
  number: fc.constantFrom(0, 0, 0, 1, 7),
  node: fc.constantFrom(...NODES),
  /** States that own it, and how. */
  owners: fc.array(fc.tuple(fc.nat({ max: 2 }), fc.constantFrom(...ways)), { maxLength: 2 }),
});
type Made = typeof made extends fc.Arbitrary<infer T> ? T : never;

const idOf = ({ kind, key: of, number, node }: Made): string => {
  if (kind === "Vm") return `${node}/${taskIdOf(of, number)}`;
  if (kind === "Lan") return `${node}/${of.slice(0, 10)}`;
  return kind === "Snapshot" ? `${node}/someVm0123456789012345/backup` : `11112/trainer-${of.slice(0, 11)}`;
};

const thingOf = (one: Made): Thing => ({
  kind: one.kind,
  id: idOf(one),
  ...(one.kind === "ContainerTask" && { remoteId: `i${one.key}`.slice(0, 12) }),
  ...(one.kind === "Snapshot" && { remoteId: `/data/snap_${one.key.slice(5, 12)}.qcow2` }),
  status: "running",
  createdAt: "",
  about: one.kind === "Snapshot" ? `before the course [${one.key}]` : "",
});

/** What is nobody's business of ours, however much it looks like it. */
const foreign = fc.constantFrom<Thing>(
  ...(
    [
      ["Vm", "2Tjyu9nFv3kn6phF5NYiU", ""],
      ["Vm", "pd1", ""],
      ["Vm", "pd1ABCDEFGHIJKLMNOPQRS", ""],
      ["Vm", "pd2aaaaaaaaaaaaaaaaaaa", ""],
      ["Vm", "xpd1aaaaaaaaaaaaaaaaaa", "[pd1aaaaaaaaaaaaaaaaaaa]"],
      ["Lan", "office1", ""],
      ["Lan", "pd1aaaaaaa0", ""],
      ["Snapshot", "pd1aaaaaaaaaaaaaaaaaaa", "by hand"],
      ["Snapshot", "x", "[pd1aaaaaaaaaaaaaaaaaaa] by hand"],
      ["ContainerTask", "train-notebook", ""],
      ["ContainerTask", "pd1aaaaaaaa", ""],
      ["ContainerTask", "train-pd1aaaaaaa", ""],
    ] as const
  ).map(([kind, name, about]) => ({
    kind,
    id: kind === "ContainerTask" ? `11112/${name}` : `${labNodes.alice1}/${name}`,
    status: "running",
    createdAt: "",
    about,
  })),
);

/** Resources, and resources of pending operations, by which a state owns something. */
const recordsOf = (one: Made, way: Way): { resources: Values[]; pending: Values[] } => {
  const { kind } = one;
  const inputs = { __key: one.key, nodeId: one.node };
  const keeper = stored(`${kind}Key`, one.key, {});
  const id = idOf(one);
  switch (way) {
    case "key alone":
      return { resources: [keeper], pending: [] };
    case "pending create":
      return { resources: [], pending: [stored(kind, undefined, inputs)] };
    case "recorded past a zombie":
    case "recorded":
      return {
        resources: [keeper, stored(kind, id, inputs, { outputs: { ...inputs, phase: "ready" } })],
        pending: [],
      };
    case "adopted by id":
      return {
        resources: [stored(kind, id, { adoptTaskId: id.split("/")[1] }, { outputs: { __key: one.key } })],
        pending: [],
      };
    case "to be deleted":
      return { resources: [stored(kind, id, inputs, { delete: true })], pending: [] };
    case "stood on":
      return {
        resources: [stored("DataDisk", `${one.node}/${one.key}/x`, { vmId: id, __claim: { key: one.key } })],
        pending: [],
      };
  }
};

/** Things of other packages, and lookups, that name our keys without owning anything. */
const bystanders = (all: readonly Made[]): Values[] => [
  {
    urn: "urn:pulumi:s::p::pulumi:pulumi:Stack::s",
    type: "pulumi:pulumi:Stack",
    outputs: { all: all.map(idOf) },
  },
  ...all.map((one) => stored(one.kind, idOf(one), {}, { external: true, outputs: { __key: one.key } })),
];

const exportOf = (index: number, all: readonly Made[]): string => {
  const records = all.flatMap((one) =>
    one.owners.filter(([owner]) => owner === index).map(([, way]) => recordsOf(one, way)),
  );
  return exported(
    [...bystanders(all), ...records.flatMap(({ resources }) => resources)],
    records.flatMap(({ pending }) => pending),
  );
};

const worlds = fc.record({
  all: fc.uniqueArray(made, { maxLength: 12, selector: ({ key: of }) => of.slice(0, 10) }),
  strangers: fc.array(foreign, { maxLength: 4 }),
  /** How many of the three states are given. */
  given: fc.integer({ min: 0, max: 3 }),
});

test("in 1,000 worlds it lists exactly what carries our mark and no given state owns", async () => {
  const count = { worlds: 0, things: 0, orphans: 0 };
  await fc.assert(
    fc.property(worlds, ({ all, strangers, given }) => {
      const owned = new Owned();
      for (let index = 0; index < given; index++) owned.add(exportOf(index, all), `state ${index}`);
      const things = [...all.map(thingOf), ...strangers];
      const listed = things.filter((thing) => isOrphan(thing, owned)).map(({ id, about }) => id + about);
      const wanted = all
        .filter(({ owners }) => !owners.some(([owner]) => owner < given))
        .map(thingOf)
        .map(({ id, about }) => id + about);
      expect(listed.sort()).toEqual(wanted.sort());
      count.worlds += 1;
      count.things += things.length;
      count.orphans += listed.length;
    }),
    { numRuns: RUNS, seed: 1_007 },
  );
  expect(count.orphans).toBeGreaterThan(RUNS / 2);
  expect(count.things).toBeGreaterThan(2 * count.orphans);
  process.stdout.write(
    `orphan finder: ${count.worlds} worlds, ${count.things} things, ${count.orphans} orphans, 0 of a state's listed, 0 missed\n`,
  );
});

test.each([
  ["Vm", `${labNodes.alice1}/pd1aaaaaaaaaaaaaaaaaaa`, "", "pd1aaaaaaaaaaaaaaaaa"],
  ["Lan", `${labNodes.alice1}/pd1aaaaaaa`, "", "pd1aaaaaaa"],
  ["Snapshot", `${labNodes.alice1}/x/y`, "text [pd1aaaaaaaaaaaaaaaaaaa]", "pd1aaaaaaaaaaaaaaaaaaa"],
  ["ContainerTask", "11112/trainer-pd1aaaaaaaa", "", "pd1aaaaaaaa"],
  ["ContainerTask", "11112/train-notebook", "", undefined],
] as const)("a %s %s %s carries the mark %s", (kind, id, about, mark) => {
  expect(markOf({ kind, id, about, status: "", createdAt: "" })).toBe(mark);
});

test("the nodes, rental orders and regions that a state names are where to look", () => {
  const owned = new Owned();
  const [first, second] = NODES;
  const resources = [
    stored("Vm", `${first}/a`, { nodeId: first, rentOrder: "7" }, { outputs: {} }),
    stored("DataDisk", `${second}/a/x`, { vmId: `${second}/a` }),
    stored("ContainerTask", "11112/trainer-pd1aaaaaaaa", {}),
  ];
  owned.add(exported(resources), "it");
  expect([...owned.nodes].map(([node, orders]) => [node, [...orders]])).toEqual([
    [first, [undefined, "7"]],
    [second, [undefined]],
  ]);
  expect([...owned.regions]).toEqual(["11112"]);
});

test.each([
  ["nothing", ""],
  ["no JSON", "pulumi stack export"],
  ["another file", '{"name":"program"}'],
  ["a version that nobody knows", '{"version":9,"deployment":{"resources":[]}}'],
  ["half of one", '{"version":3,"deployment":{"resources":[{"urn":"x"}]}}'],
])("%s is no state, and is not taken for an empty one", (_name, text) => {
  expect(() => new Owned().add(text, "old.json")).toThrow(
    "could not read old.json as a stack's state: it must be what `pulumi stack export` prints, of version 3 or 4.",
  );
});

test("a stack that never came up owns nothing", () => {
  const owned = new Owned();
  owned.add('{"version":3,"deployment":null}', "new");
  owned.add('{"version":3,"deployment":{"manifest":{}}}', "new");
  expect(owned.nodes.size).toBe(0);
});
