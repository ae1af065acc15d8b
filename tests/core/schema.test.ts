/** States of the past: what an older version has stored is read in the terms of the present one. */
import * as z from "zod";
import type { Values } from "../../provider/core/check";
import { field } from "../../provider/core/fields";
import * as lifecycle from "../../provider/core/lifecycle";
import type { Context, Definition, Shape } from "../../provider/core/resource";

const context = { hidden: {} } as unknown as Context<undefined>;

/** What the steps of a definition were given. */
const seen: Values[] = [];

const bucket = (shape: Shape, more: Partial<Definition<Shape, undefined>>): Definition<Shape, undefined> => ({
  kind: "Bucket",
  schemaVersion: 1,
  shape,
  deleteBeforeReplace: false,
  create: async (_context, args) => ({ id: "b", state: { ...args } }),
  read: async (_context, _id, state) => {
    if (state) seen.push(state);
    return state;
  },
  update: async (_context, _id, state, args) => {
    seen.push(state);
    return { ...state, ...args };
  },
  delete: async (_context, _id, state) => void seen.push(state),
  refuse: async (_site, olds) => {
    seen.push(olds);
    return [];
  },
  ...more,
});

const size = field({ cost: "replace" }, z.number());
const note = field({ cost: "live" }, z.string().optional());

/** Three releases: the size was in MB, then in MiB, then beside a unit of its own. */
const first = bucket({ sizeMb: size, note }, {});
const second = bucket(
  { sizeMib: size, note },
  {
    schemaVersion: 2,
    migrations: {
      1: ({ sizeMb, ...rest }) => ({ ...rest, sizeMib: Math.round((Number(sizeMb) * 1e6) / 2 ** 20) }),
    },
  },
);
const third = bucket(
  { size, unit: field({ cost: "replace" }, z.string()), note },
  {
    schemaVersion: 3,
    migrations: {
      ...second.migrations,
      2: ({ sizeMib, ...rest }) => ({ ...rest, size: sizeMib, unit: "MiB" }),
    },
  },
);

const site = async () => undefined;
const OLD = { sizeMb: 105 };
const NEW = { size: 100, unit: "MiB" };

/** A bucket that the first release has made. */
const stored = async () => {
  const { inputs } = await lifecycle.check(first, site, {}, OLD);
  return { inputs, state: (await lifecycle.create(first, context, inputs)).state };
};

beforeEach(() => seen.splice(0));

test("a state of two releases ago is nothing to do, and never a replacement", async () => {
  const { inputs, state } = await stored();
  const checked = await lifecycle.check(third, site, inputs, NEW);
  expect(checked.reasons).toEqual([]);
  expect(seen).toEqual([]); // nothing has changed, so that there is nothing to refuse
  expect(lifecycle.diff(third, state, checked.inputs)).toMatchObject({ changes: false, replaces: [] });
});

test("refuse, read, update and delete are given it in present terms", async () => {
  const { inputs, state } = await stored();
  const news = { ...NEW, note: "x" };
  await lifecycle.check(third, site, inputs, news);
  await lifecycle.read(third, context, "b", state);
  await lifecycle.update(third, context, "b", state, news);
  await lifecycle.remove(third, context, "b", state);
  expect(seen).toHaveLength(4);
  for (const values of seen) {
    expect(values).toMatchObject(NEW);
    expect(values).not.toHaveProperty("sizeMb");
    expect(values).not.toHaveProperty("sizeMib");
  }
});

test("what is stored anew is of the present version, inputs too, and is not migrated again", async () => {
  const { inputs, state } = await stored();
  const checked = await lifecycle.check(third, site, inputs, NEW);
  const read = await lifecycle.read(third, context, "b", state);
  expect(read?.state).toEqual({ ...NEW, __schema: 3 });
  expect(read?.inputs).toEqual({ ...NEW, __schema: 3 });
  expect(checked.inputs).toEqual({ ...NEW, __schema: 3 });
  expect(await lifecycle.read(third, context, "b", read?.state ?? {})).toEqual(read);
  expect((await lifecycle.check(third, site, checked.inputs, NEW)).reasons).toEqual([]);
});

test("a state of a newer release is refused in one sentence, by every step, and nothing is done", async () => {
  const { inputs } = await lifecycle.check(third, site, {}, NEW);
  const { state } = await lifecycle.create(third, context, inputs);
  const sentence =
    "the state of this Bucket was written by a newer pulumi-dbc (schema 3, and this one knows up to 1): install that version or a later one.";
  await expect(lifecycle.check(first, site, inputs, OLD)).rejects.toThrow(sentence);
  expect(() => lifecycle.diff(first, state, OLD)).toThrow(sentence);
  await expect(lifecycle.read(first, context, "b", state)).rejects.toThrow(sentence);
  await expect(lifecycle.update(first, context, "b", state, OLD)).rejects.toThrow(sentence);
  await expect(lifecycle.remove(first, context, "b", state)).rejects.toThrow(sentence);
  expect(seen).toEqual([]);
});

test("a mark that is no number is no older state", async () => {
  const { state } = await stored();
  expect(() => lifecycle.diff(first, { ...state, __schema: "1" }, OLD)).toThrow(/newer pulumi-dbc/);
});
