import type { NodeInfo } from "../api/dbc/types";
import type { Problem, Values } from "../core/check";
import { isRemote, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { Site } from "./site";
import type { VmArgs } from "./vm";

/** A LAN spreads among the machines of a room; this node may not know it yet. */
const LAN_WITHIN_MS = 120_000;

/** Waits until the node knows a LAN. */
export const waitForLan = async (context: Context<Site>, nodeId: string, name: string): Promise<void> => {
  const begun = context.clock.now();
  for (;;) {
    try {
      await context.site.client.getLan(nodeId, name);
      return;
    } catch (error) {
      if (!isRemote(error, "not-found")) throw error;
      if (context.clock.now() - begun >= LAN_WITHIN_MS)
        throw new UserError(
          `node ${nodeId.slice(0, 8)}… does not know the LAN "${name}": create it on a node of the same machine room, or mend the name.`,
        );
      context.progress("waiting for the LAN to reach the node");
      await context.clock.sleep(5_000);
    }
  }
};

/**
 * Numbers of cores that run once and never start again: beyond one socket the node spreads them evenly over
 * sockets and threads at creation, but checks the result only at the next start.
 */
export const unevenCores = ({ nodeId, cpu }: NodeInfo, { cpuCores }: Values): Problem[] => {
  if (typeof cpuCores !== "number" || cpuCores === 1) return [];
  const even = 2 * cpu.sockets;
  return cpu.sockets > 0 && cpuCores > cpu.cores / even && cpuCores % even !== 0
    ? [
        {
          field: "cpuCores",
          reason: `cpuCores: ${cpuCores} would run once on node ${nodeId.slice(0, 8)}… and not start again after a power-off, because it has ${cpu.sockets} ${cpu.sockets === 1 ? "socket" : "sockets"}: use a multiple of ${even}.`,
        },
      ]
    : [];
};

/** Refuses them at the last moment, where a plan could not ask. */
export const refuseUnevenCores = async (
  { site }: Context<Site>,
  { nodeId, cpuCores }: VmArgs,
): Promise<void> => {
  if (cpuCores === 1) return;
  const [problem] = unevenCores(await site.node(nodeId), { cpuCores });
  if (problem) throw new UserError(problem.reason);
};
