import { defineResource } from "../core/resource";
import type { Site } from "./site";
import { vmKey, type vmKeyShape } from "./vm-key";

/**
 * The random key of one container task, a hidden resource beside it, as a VM has one. Eight characters of it end the
 * task's name on the platform, so that a run after a crash finds what the one before had made.
 */
export const containerTaskKey = defineResource<typeof vmKeyShape, Site>({
  ...vmKey,
  kind: "ContainerTaskKey",
});
