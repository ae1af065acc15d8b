import type { Problem, Values } from "../core/check";
import { isKnown } from "../core/unknown";
import { declareBeside } from "./declarations";
import { clash, firstCommon, type HostPort, hostPorts } from "./vm-rules";

/** The ports that a VM takes on its node while it runs: one with an address of its own takes only that of its console. */
export const takenPorts = (values: Values): HostPort[] =>
  values.publicIp === undefined || values.publicIp === null
    ? hostPorts(values)
    : hostPorts(values).filter(({ field }) => field === "vncPort" && isKnown(values.publicIp));

/** Ports that two VMs of the program ask of one node: whichever of the two is checked last is told. */
export const clashesBeside = (plan: object, values: Values): Problem[] => {
  const others = declareBeside(plan, "Vm", values);
  const { nodeId, powerState } = values;
  // a port is only taken while its VM runs
  if (typeof nodeId !== "string" || !isKnown(nodeId) || powerState === "stopped") return [];
  return others
    .filter(({ values: other }) => other.nodeId === nodeId && other.powerState !== "stopped")
    .flatMap(({ title, values: other }) =>
      takenPorts(values).flatMap((port) => {
        const theirs = takenPorts(other).find((one) => clash(port, one));
        return theirs
          ? [
              {
                field: port.field,
                reason: `${port.name} asks for port ${firstCommon(port, theirs)} of the node, which ${theirs.name} of the Vm "${title}" asks for too: give each its own.`,
              },
            ]
          : [];
      }),
    );
};
