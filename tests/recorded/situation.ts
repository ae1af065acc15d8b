import type { Profile, Simulator, WorldSeed } from "../../simulator";
import { profiles, startSimulator } from "../../simulator";
import type { Exchange } from "./exchange";
import type { Identities } from "./identities";

const image = { name: "ubuntu.qcow2", sizeGib: 192 / 1024 ** 2, virtualGib: 1 };
const windows = { name: "win.qcow2", sizeGib: 192 / 1024 ** 2, virtualGib: 1 };

/** What was found out about the machine on which the recording was made. */
const hardware = {
  cpuType: "Intel(R) Xeon(R) Processor @ 2.50GHz",
  hz: "",
  sockets: 1,
  coresPerSocket: 1,
  threadsPerCore: 2,
  reservedCores: 0,
  memoryGib: 23.54,
  gpus: 1,
  dataGib: 600,
};

/** The world of the groups that nobody foresaw: that of `forwarded: every endpoint, valid wallet`. */
function usualWorld(who: Identities): WorldSeed {
  const [main = "", ...more] = who.cast.compute;
  const node = (id: string, index: number) => ({
    id,
    name: `compute${index}`,
    publicIp: "127.0.0.10",
    os: "Debian GNU/Linux 12 (bookworm) 6.18.44-fc-v595 GNU/Linux",
    hardware,
    images: [image],
    rentals: [{ renter: who.renter.address, endBlock: 999_999 }],
    guestAgent: false,
  });
  return {
    block: 1,
    client: { otherPeers: true },
    imageServers: [{ id: "img1", images: [image, windows] }],
    nodes: [node(main, 0), ...more.map((id, index) => node(id, index + 1))],
  };
}

/** Answers at once; what the worker does takes long enough to be seen (but disks, which were seen done), and gossip ten seconds. */
const profile: Profile = {
  ...profiles.fast,
  name: "recorded",
  define: [5000, 5000],
  disk: [0, 0],
  passwd: [3000, 3000],
  gossip: 10_000,
};

function withManager(seed: WorldSeed, who: Identities): WorldSeed {
  const manager = {
    id: who.manager.hex,
    role: "bare-metal" as const,
    name: "bm0",
    publicIp: "127.0.0.20",
    rentals: [{ renter: who.renter.address, endBlock: 999_999 }],
  };
  return { ...seed, nodes: [...(seed.nodes ?? []), manager] };
}

function alone(seed: WorldSeed, reachable = false): WorldSeed {
  return {
    ...seed,
    nodes: [],
    imageServers: (seed.imageServers ?? []).map((server) => ({ ...server, reachable })),
  };
}

/** What is different in a group: its world, and what happens before some of its lines. */
interface Situation {
  readonly groups: RegExp;
  readonly world?: (seed: WorldSeed, who: Identities) => WorldSeed;
  readonly prepare?: (simulator: Simulator, who: Identities) => Promise<void>;
  /** Runs before each line; what it returns runs after it. */
  readonly before?: (
    simulator: Simulator,
    exchange: Exchange,
    who: Identities,
  ) => Promise<(() => Promise<void>) | undefined>;
}

const situations: readonly Situation[] = [
  {
    groups:
      /^(root\+routing|local answers|method checks|body validation|every endpoint|http level|one request that kills)/,
    world: (seed) => alone(seed),
  },
  {
    groups: /^forwarded: authority$/,
    before: async (simulator, { label }, who) => {
      const node = who.cast.compute[0] ?? "";
      if (/^chain: verifying/.test(label)) {
        // The committee member's window was open in both lines, whatever the label says.
        simulator.requireNode(node).verifiers = [who.renter.address];
        await simulator.setNode(node, { machineStatus: "verifying" });
        return () => simulator.setNode(node, { machineStatus: "rented" });
      }
      if (/^chain: rent expired/.test(label)) {
        // The machine stays rented, but the order that the chain tells of it has run out.
        await simulator.rent(node, { renter: who.renter.address, status: "rentExpired" });
        await simulator.rent(node, { renter: "somebody else" });
        return async () => {
          simulator.requireNode(node).rentals.pop();
          await simulator.rent(node, { renter: who.renter.address, endBlock: 999_999 });
        };
      }
      return undefined;
    },
  },
  {
    groups: /^known peer, but no p2p channel left/,
    prepare: async (simulator, who) => {
      const { clock } = simulator;
      const manager = simulator.requireNode(who.manager.hex);
      manager.servers.push({
        nodeId: "0".repeat(64),
        knownAt: 0,
        privateKey: "",
        uuid: "left",
        ip: "127.0.0.50",
        os: "",
        description: "",
        ipmiHostname: "",
        ipmiUsername: "",
        ipmiPassword: "",
        ipmiPort: "",
        power: "on",
        bootDevice: "none",
        deeplink: null,
        machineStatus: "rented",
        rentals: [],
      });
      for (const node of Object.values(simulator.world.nodes)) {
        await simulator.setLink(node.id, "offline");
        // The compute node had been gone for more than five minutes, the manager for less.
        if (node.role === "compute") node.seenAt = clock.time() - 301_000;
      }
      simulator.world.client.otherPeers = false;
    },
  },
  {
    groups: /^discovery after boot/,
    prepare: async (simulator) => {
      for (const node of Object.values(simulator.world.nodes)) node.seenAt = simulator.clock.time() + 10_000;
    },
  },
  {
    // The node's process died with the first delete, and was started again only before the last, quick list.
    groups: /^create: json escaping/,
    before: async (simulator, { label }, who) => {
      const node = simulator.requireNode(who.cast.compute[0] ?? "");
      if (/^delete while still queued/.test(label) && node.link === "online")
        simulator.engine.miner(node.id).die();
      return undefined;
    },
  },
  {
    groups: /^extra/,
    before: async (simulator, exchange, who) => {
      const isLater = exchange.group !== "extra";
      if (/now on chain/.test(exchange.label) || (isLater && exchange.method === "POST"))
        await simulator.rent(who.cast.compute[0] ?? "", {
          renter: who.renter.address,
          order: "77",
          endBlock: 999,
          status: "renting",
        });
      return undefined;
    },
  },
];

/** Whether the manager answers in a group, or is waited for. */
function hasManager(lines: readonly Exchange[], { cast }: Identities): boolean {
  return lines.some(
    ({ request_body, body }) =>
      request_body?.includes(`["${cast.manager}"]`) && !body.includes("create node request failed"),
  );
}

/** A simulator in the situation of a group. */
export async function simulatorFor(
  group: string,
  lines: readonly Exchange[],
  who: Identities,
): Promise<Simulator> {
  const fitting = situations.filter((situation) => situation.groups.test(group));
  const usual = hasManager(lines, who) ? withManager(usualWorld(who), who) : usualWorld(who);
  const seed = fitting.reduce((world, situation) => situation.world?.(world, who) ?? world, usual);
  const simulator = await startSimulator({ seed, profile, idleMs: 300 });
  simulator.world.client.networkType = "testnet";
  for (const situation of fitting) await situation.prepare?.(simulator, who);
  return simulator;
}

/** Runs what the table says about a line; the result undoes it. */
export async function beforeLine(
  simulator: Simulator,
  exchange: Exchange,
  who: Identities,
): Promise<() => Promise<void>> {
  const undo: (() => Promise<void>)[] = [];
  for (const situation of situations) {
    if (!situation.groups.test(exchange.group)) continue;
    const after = await situation.before?.(simulator, exchange, who);
    if (after !== undefined) undo.push(after);
  }
  return async () => {
    for (const after of undo) await after();
  };
}
