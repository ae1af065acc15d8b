import { field, oneOf, whole } from "../../provider/core/fields";
import { diff } from "../../provider/core/lifecycle";
import { UNKNOWN } from "../../provider/core/unknown";

const definition = {
  kind: "Thing",
  schemaVersion: 1,
  shape: {
    image: field({ cost: "replace" }, oneOf(["a", "b"])),
    cpuCores: field({ cost: "needsStop" }, whole(1)),
    note: field({ cost: "stateOnly" }, oneOf(["x", "y"]).optional()),
  },
  deleteBeforeReplace: true,
  update: async () => ({}),
};
const state = { image: "a", cpuCores: 1, phase: "ready", status: "running" };
const plan = (news: object, olds: object = state) => {
  const { changes, replaces, deleteBeforeReplace } = diff(definition, { ...olds }, { ...news });
  return { changes, replaces, deleteBeforeReplace };
};

test("equal arguments are no change, whatever the outputs and hidden names", () => {
  expect(plan({ image: "a", cpuCores: 1, __urn: "x", __key: "y" })).toEqual({
    changes: false,
    replaces: [],
    deleteBeforeReplace: true,
  });
});

test("a change in place, a replacement, and both", () => {
  expect(plan({ image: "a", cpuCores: 2 })).toMatchObject({ changes: true, replaces: [] });
  expect(plan({ image: "b", cpuCores: 1 })).toMatchObject({ changes: true, replaces: ["image"] });
  expect(plan({ image: "b", cpuCores: 2 })).toMatchObject({ changes: true, replaces: ["image"] });
});

test("setting and removing a field are changes", () => {
  expect(plan({ image: "a", cpuCores: 1, note: "x" })).toMatchObject({ changes: true, replaces: [] });
  expect(plan({ image: "a", cpuCores: 1 }, { ...state, note: "x" })).toMatchObject({
    changes: true,
    replaces: [],
  });
});

test("a value that is not known yet counts as a change, and as a replacement where a change would be one", () => {
  expect(plan({ image: UNKNOWN, cpuCores: 1 })).toMatchObject({ changes: true, replaces: ["image"] });
  expect(plan({ image: "a", cpuCores: UNKNOWN })).toMatchObject({ changes: true, replaces: [] });
});

test.each(["creating", "unknown", "restore-power"])(
  "phase %s makes the next up go on, without replacing",
  (phase) => {
    expect(plan({ image: "a", cpuCores: 1 }, { ...state, phase })).toMatchObject({
      changes: true,
      replaces: [],
    });
  },
);

test("what failed to come up is replaced", () => {
  expect(plan({ image: "a", cpuCores: 1 }, { ...state, phase: "failed" })).toMatchObject({
    changes: true,
    replaces: ["phase"],
  });
});
