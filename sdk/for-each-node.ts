import { mistake } from "./gate";

/** A node, as {@link getNodes} lists it or by its id alone. */
export type NodeChoice = string | { readonly nodeId: string };

/** One of the nodes of {@link forEachNode}. */
export interface EachNode {
  readonly nodeId: string;
  /** Position in the list, from 0; it changes when nodes before it are taken out, so don't build names of it. */
  readonly index: number;
  /** A name that is this node's own: `name("box")` is `box-58fb618a`. It stays when other nodes come and go. */
  name(base: string): string;
}

/** How much of a node's id is enough to tell it by. */
const ID_SHOWN = 8;

/**
 * Declares the same on several nodes. Each node is told apart by its id and not by its place in the list, so that
 * nothing is replaced when other nodes come or go. A node that is listed twice is a mistake, told at preview.
 *
 * @param nodes Nodes: ids, or what `getNodes` answers.
 * @param make Declares what belongs on one node.
 * @returns What `make` returned, by node id.
 * @example
 * ```ts
 * const boxes = dbc.forEachNode(nodeIds, ({ nodeId, name }) => new dbc.Vm(name("box"), { nodeId, ... }));
 * export const logins = Object.values(boxes).map((box) => box.sshCommand);
 * ```
 */
export const forEachNode = <T>(
  nodes: readonly NodeChoice[],
  make: (node: EachNode) => T,
): Readonly<Record<string, T>> => {
  const ids = nodes.map((node) => (typeof node === "string" ? node : node.nodeId));
  const twice = [...new Set(ids.filter((nodeId, index) => ids.indexOf(nodeId) !== index))];
  if (twice.length > 0)
    mistake(
      "forEachNode",
      `${twice.join(", ")} ${twice.length === 1 ? "is" : "are"} listed twice: name each node once.`,
    );
  return Object.fromEntries(
    [...new Set(ids)].map((nodeId, index) => [
      nodeId,
      make({ nodeId, index, name: (base) => `${base}-${nodeId.slice(0, ID_SHOWN)}` }),
    ]),
  );
};
