import type { Problem, Values } from "../core/check";
import { isKnown } from "../core/unknown";
import { declareBeside } from "./declarations";
import { overlap, rangeOf } from "./lan-range";

/** A name of our own: the node wants 6 to 10 letters or digits, and a key begins with ten. */
const NAME_LENGTH = 10;

/** Names a LAN by its key, unless the user has. */
export const derive = (values: Values): Values =>
  values.name === undefined && typeof values.__key === "string" && isKnown(values.__key)
    ? { ...values, name: values.__key.slice(0, NAME_LENGTH) }
    : values;

/** Every node's own network, behind which its VMs reach the outside. */
const OF_THE_NODE = rangeOf("192.168.122.0/24");

/** Mistakes in the range. */
export const rules = ({ cidr }: Values): Problem[] => {
  const range = rangeOf(cidr);
  if (!range) return [];
  if (range.cidr !== cidr)
    return [{ field: "cidr", reason: `cidr must begin with its first address: ${range.cidr}, not ${cidr}.` }];
  return OF_THE_NODE && overlap(range, OF_THE_NODE)
    ? [
        {
          field: "cidr",
          reason: `cidr ${cidr} overlaps ${OF_THE_NODE.cidr}, which every node uses itself: choose another range.`,
        },
      ]
    : [];
};

/** Ranges on one node that overlap: whichever of the two is checked last is told. */
export const overlapping = (plan: object, values: Values): Problem[] => {
  const { nodeId, cidr } = values;
  const range = rangeOf(cidr);
  const others = declareBeside(plan, "Lan", values);
  if (typeof nodeId !== "string" || !isKnown(nodeId) || !range) return [];
  return others.flatMap(({ title, values: other }) => {
    const theirs = rangeOf(other.cidr);
    return other.nodeId === nodeId && theirs && overlap(range, theirs)
      ? [
          {
            field: "cidr",
            reason: `cidr ${String(cidr)} overlaps ${theirs.cidr} of the Lan "${title}" on the same node: give each its own range.`,
          },
        ]
      : [];
  });
};
