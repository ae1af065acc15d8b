/** What Pulumi's provider process gets from us, as far as the engine's rules leave no choice. */
import * as z from "zod";
import { field } from "../../provider/core/fields";
import { defineResource, PartialState } from "../../provider/core/resource";
import { toDynamic } from "../../provider/hosts/dynamic";

const shape = { size: field({ cost: "live" }, z.number()) };

/** As the engine's provider process calls it: with the text that names our code among the properties. */
const NAMED = { __provider: "exports.handler = () => 1;", size: 1 };

const resource = (create: () => Promise<{ id: string; state: Record<string, unknown> }>) =>
  toDynamic(
    () =>
      defineResource<typeof shape, never>({
        kind: "Thing",
        schemaVersion: 1,
        shape,
        deleteBeforeReplace: true,
        create,
        read: async (_context, _id, state) => state,
        delete: async () => undefined,
      }),
    false,
  );

const thrown = async (work: Promise<unknown>): Promise<Record<string, unknown>> =>
  work.then(
    () => ({ message: "it did not throw" }),
    (error: unknown) => ({ ...(error as object), message: (error as Error).message }),
  );

test("what exists, or may, is thrown as the engine records it, with the text by which it can be destroyed", async () => {
  const { create } = resource(async () => {
    throw new PartialState("id-1", { size: 1, phase: "creating" }, "it takes long");
  });
  expect(await thrown(create(NAMED))).toEqual({
    message: "it takes long",
    id: "id-1",
    properties: { size: 1, phase: "creating", __schema: 1, __provider: NAMED.__provider },
    reasons: ["it takes long"],
  });
});

test("a plain error records nothing, whatever fields the error had", async () => {
  const { create } = resource(async () => {
    throw Object.assign(new Error("refused"), { id: "id-1", code: 5, properties: {} });
  });
  const error = await thrown(create(NAMED));
  expect(Object.keys(error)).toEqual(["message"]);
});

test("a replacement deletes first where the resource says so", async () => {
  const { diff } = resource(async () => {
    throw new Error("not called");
  });
  const state = { ...NAMED, __schema: 1 };
  expect(await diff?.("id-1", state, { ...NAMED, size: 2 })).toMatchObject({
    changes: true,
    replaces: ["size"],
    deleteBeforeReplace: true,
  });
});

test("what the engine would take for more than text is stored as text that it does not", async () => {
  const { create } = resource(async () => ({
    id: "id-1",
    state: {
      size: 1,
      unknown: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      nested: [
        { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17" },
        undefined,
        Number.NaN,
      ],
    },
  }));
  expect(await create(NAMED)).toEqual({
    id: "id-1",
    outs: { size: 1, unknown: "?", nested: [{ "?": "?" }, null, null], __schema: 1 },
  });
});
