import type { Simulator } from "../../simulator";
import type { Exchange } from "./exchange";
import type { Identities } from "./identities";

/**
 * What a request alone can't tell, but its recorded answer does: that the node did not answer, that the client node
 * had lost its peers, what the chain said. Such a line is replayed in that situation; the list is closed.
 */
export async function applyHints(
  simulator: Simulator,
  exchange: Exchange,
  who: Identities,
): Promise<() => Promise<void>> {
  const target = targetOf(exchange, who);
  const node = target === undefined ? undefined : simulator.engine.host(target);
  if (node === undefined) return async () => undefined;
  const { id, link, machineStatus } = node;
  const gone = exchange.status === null && /timed out/i.test(exchange.transport_error ?? "");
  const limit = exchange.status === 500 && / timeout"/.test(exchange.body);
  const own = exchange.node_port !== 5050;
  if ((gone || limit) && link === "online" && !own) {
    await simulator.setLink(id, "frozen");
    return () => simulator.setLink(id, "online");
  }
  if (exchange.body.includes('"broadcast request failed"')) {
    for (const other of Object.values(simulator.world.nodes)) await simulator.setLink(other.id, "offline");
    simulator.world.client.otherPeers = false;
  }
  const status = /machine is not be rented/.test(exchange.body)
    ? "online"
    : /query machine_status failed/.test(exchange.body)
      ? "unknown"
      : undefined;
  if (status === undefined) return async () => undefined;
  await simulator.setNode(id, { machineStatus: status });
  return () => simulator.setNode(id, { machineStatus });
}

/** The node that a request is for, in our terms. */
export function targetOf(exchange: Exchange, who: Identities): string | undefined {
  const found = /"peer_nodes_list": ?\["([^"]+)"/.exec(exchange.request_body ?? "")?.[1];
  return found === undefined ? undefined : who.translate(found);
}
