import { generationOf } from "../../provider/api/dbc/legacy/generation";
import type { NodeState } from "../world/node";

/** Whether a node's version is of the older generation (reference g). */
export function isLegacy(node: Pick<NodeState, "version"> | undefined): boolean {
  return generationOf(node?.version) === "legacy";
}
