import { defineResource } from "../core/resource";
import type { Site } from "./site";
import { vmKey, type vmKeyShape } from "./vm-key";

/**
 * The random key of one LAN, a hidden resource beside it, as a VM has one. A LAN without a name of the user's is
 * called by it, so that a run after a crash finds what the one before had made.
 */
export const lanKey = defineResource<typeof vmKeyShape, Site>({ ...vmKey, kind: "LanKey" });
