import type { NodeState } from "../world/node";
import type { World } from "../world/world";
import type { Call } from "./call";

/** News of a node older than this is dropped (reference 0.4). */
const forgottenAfterMs = 300_000;

function isFresh(node: NodeState, time: number): boolean {
  return node.link === "online" || time - node.seenAt <= forgottenAfterMs;
}

/** Every id that gossip knows: nodes, managers and their bare-metal servers. */
export function knownIds(world: World, time: number): string[] {
  return Object.values(world.nodes)
    .filter((node) => isFresh(node, time) && node.seenAt <= time)
    .flatMap((node) => [
      node.id,
      ...node.servers.filter((server) => server.knownAt <= time).map((server) => server.nodeId),
    ])
    .sort();
}

/** `/mining_nodes` and `/bare_metal` of a client node without a node id. */
export function gossipList(call: Call, kind: "mining_nodes" | "bare_metal_nodes"): string {
  const items: { id: string; name: string; version: string }[] = [];
  for (const node of Object.values(call.world.nodes)) {
    if (!call.known.includes(node.id)) continue;
    const { name, version } = node;
    if (kind === "mining_nodes" && node.role === "compute") items.push({ id: node.id, name, version });
    if (kind === "bare_metal_nodes")
      for (const { nodeId } of node.servers)
        if (call.known.includes(nodeId)) items.push({ id: nodeId, name, version });
  }
  items.sort((a, b) => (a.id < b.id ? -1 : 1));
  const texts = items.map(
    (item) => `{"node_id":"${item.id}","name":"${item.name}","version":"${item.version}"}`,
  );
  return `{"errcode":0, "message":{"${kind}":[${texts.join(",")}]}}`;
}
