import type { Simulator } from "../../simulator";
import type { Exchange } from "./exchange";
import { targetOf } from "./follow";
import { failureAfter } from "./fortune";
import type { Identities } from "./identities";
import { listed } from "./inherit";

type Undo = () => Promise<void>;

/**
 * What a request alone can't tell, but the recorded answers do: that the node did not answer, that the client node
 * had lost its peers or not heard of the node, what the chain said, what the host could not do. Such a line is
 * replayed in that situation; the list is closed.
 */
export async function applyHints(
  simulator: Simulator,
  exchange: Exchange,
  lines: readonly Exchange[],
  who: Identities,
): Promise<Undo> {
  if (!simulator.world.client.alive && exchange.status !== null) simulator.restartClient();
  const target = targetOf(exchange, who);
  const node = target === undefined ? undefined : simulator.engine.host(target);
  if (node === undefined) return async () => undefined;
  // A process that died here had been started again where the recording shows it answering.
  if (node.link === "offline" && exchange.status === 200) await simulator.restartMiner(node.id);
  const undo = [
    await freeze(simulator, node.id, exchange, lines),
    await unrent(simulator, node.id, exchange),
    fail(simulator, exchange, lines, who),
    breakLans(simulator, exchange),
  ];
  if (exchange.body.includes('"broadcast request failed"')) {
    for (const other of Object.values(simulator.world.nodes)) await simulator.setLink(other.id, "offline");
    simulator.world.client.otherPeers = false;
  }
  return async () => {
    for (const step of undo) await step?.();
  };
}

/** Whether a request without an answer was carried out, as far as the next list tells; else it is taken for done. */
function wasCarriedOut(lines: readonly Exchange[], exchange: Exchange): boolean {
  const later = lines.slice(lines.indexOf(exchange) + 1);
  const next = later.find((line) => line.status === 200 && /\/tasks\/?$/.test(line.path));
  if (next === undefined) return true;
  const deleted = /\/tasks\/delete\/(\w+)$/.exec(exchange.path)?.[1];
  if (deleted !== undefined) return !listed(next).some(({ task_id }) => task_id === deleted);
  if (!exchange.path.endsWith("/tasks/start")) return true;
  const wanted = /"(?:task_id|desc)": ?"([^"]+)"/.exec(exchange.request_body ?? "")?.[1];
  return listed(next).some(({ task_id, desc }) => task_id === wanted || desc === wanted);
}

/** A node that does not answer is frozen, and does the work later; or gone, if the work was not done. */
async function freeze(
  simulator: Simulator,
  id: string,
  exchange: Exchange,
  lines: readonly Exchange[],
): Promise<Undo | undefined> {
  const gone = exchange.status === null && /timed out/i.test(exchange.transport_error ?? "");
  const limit = exchange.status === 500 && / timeout"/.test(exchange.body);
  const isOwn = exchange.node_port !== 5050;
  if (!(gone || limit) || simulator.requireNode(id).link !== "online" || isOwn) return undefined;
  await simulator.setLink(id, wasCarriedOut(lines, exchange) ? "frozen" : "offline");
  return () => simulator.setLink(id, "online");
}

async function unrent(simulator: Simulator, id: string, { body }: Exchange): Promise<Undo | undefined> {
  const { machineStatus } = simulator.requireNode(id);
  const status = /machine is not be rented/.test(body)
    ? "online"
    : /query machine_status failed/.test(body)
      ? "unknown"
      : undefined;
  if (status === undefined) return undefined;
  await simulator.setNode(id, { machineStatus: status });
  return () => simulator.setNode(id, { machineStatus });
}

/** Lets the work that a line begins fail, if it did. */
function fail(
  simulator: Simulator,
  exchange: Exchange,
  lines: readonly Exchange[],
  who: Identities,
): Undo | undefined {
  const kind = failureAfter(lines, exchange);
  if (kind === undefined) return undefined;
  if (!exchange.path.endsWith("/tasks/start")) {
    const id = /\/(\w+)(?:\?.*)?$/.exec(exchange.path)?.[1] ?? "";
    simulator.arm({ kind, taskId: who.translate(id) });
    return undefined;
  }
  const fault = simulator.arm({ kind, operation: "tasks.create" });
  return async () => simulator.disarm(fault);
}

/** What the node's own scripts say when the host can't make a LAN. */
const scriptWords =
  /"((?:create|up) (?:vxlan|bridge|veth) failed|add \w[\w ]* failed|netns \w[\w ]* failed|parse shell result error)"/;

function breakLans(simulator: Simulator, { path, body }: Exchange): Undo | undefined {
  const message = scriptWords.exec(body)?.[1];
  if (message === undefined || !path.endsWith("/lan/create")) return undefined;
  const fault = simulator.arm({ kind: "lan-error", message });
  return async () => simulator.disarm(fault);
}
