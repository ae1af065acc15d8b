import { defineResource } from "../core/resource";
import type { Site } from "./site";
import { vmKey, type vmKeyShape } from "./vm-key";

/**
 * The random key of one snapshot, a hidden resource beside it, as a VM has one. It ends the description that the node
 * keeps, so that a run after a crash finds what the one before had begun.
 */
export const snapshotKey = defineResource<typeof vmKeyShape, Site>({
  ...vmKey,
  kind: "SnapshotKey",
});
