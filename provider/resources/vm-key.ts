import * as z from "zod";
import { field } from "../core/fields";
import { newKey } from "../core/key";
import { defineResource } from "../core/resource";
import type { Site } from "./site";

/** Arguments of a key. */
export const vmKeyShape = {
  keepers: field(
    { cost: "stateOnly" },
    z
      .string()
      .optional()
      .describe("With `retainOnDelete`: what makes a new VM, and so a new key, when it changes."),
  ),
} as const;

/**
 * The random key of one VM, a hidden resource beside it. It is in the checkpoint before the VM's create starts, so a
 * run after a crash sends the same key, and the node refuses a second machine with it.
 */
export const vmKey = defineResource<typeof vmKeyShape, Site>({
  kind: "VmKey",
  schemaVersion: 1,
  shape: vmKeyShape,
  deleteBeforeReplace: false,
  helper: true,
  // a VM that is retained keeps its key, and its successor must not take it for its own
  replaces: (_state, { from, to }) => from !== undefined && to !== undefined,
  create: async ({ random }, args) => ({ id: newKey(random), state: { ...args } }),
  read: async (_context, _id, state) => state ?? {},
  update: async (_context, _id, _state, args) => ({ ...args }),
  delete: async () => {},
});
