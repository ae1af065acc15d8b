import type { NodeState } from "./node";
import { Nonces } from "./nonces";

export interface ImageServer {
  id: string;
  ip: string;
  port: string;
  module: string;
  reachable: boolean;
  images: {
    name: string;
    sizeBytes: number;
    virtualGib: number;
    /** Came from a snapshot that was torn; nothing shows it but a VM that does not boot. */
    torn?: boolean | undefined;
  }[];
}

/** A LAN; all nodes of its room know it (reference 6). */
export interface Lan {
  name: string;
  room: string;
  machineId: string;
  wallet: string;
  vni: string;
  cidr: string;
  start: string;
  end: string;
  dhcpInterface: string;
  members: string[];
  lastUsedAt: number;
}

export interface ClientState {
  /** The node id of the client node. */
  id: string;
  version: string;
  alive: boolean;
  /** Whether it stays connected to peers other than the nodes of this world. */
  otherPeers: boolean;
  /** Whether overlapping calls of one kind lose the time limit (reference 0.5). */
  losesTimeouts: boolean;
  /** Real milliseconds after which a supervisor restarts a dead client node; never when `null`. */
  restartsAfterMs: number | null;
  networkType: string;
  /** Whole paths of files on the client node's own host. */
  files?: readonly string[] | undefined;
}

/** The whole of the simulated remote system; plain data but for the nonces, so that it can be saved and shown. */
export interface World {
  client: ClientState;
  imageServers: ImageServer[];
  lans: Lan[];
  /** Block number at simulated time zero of this world, and the time itself; a block lasts 6 s. */
  chain: { block: number; at: number };
  nodes: Record<string, NodeState>;
  nonces: Record<string, Nonces>;
}

export function noncesOf(world: World, nodeId: string): Nonces {
  world.nonces[nodeId] ??= new Nonces();
  return world.nonces[nodeId];
}

export const blockMs = 6000;

export function blockAt(world: World, time: number): number {
  return world.chain.block + Math.floor((time - world.chain.at) / blockMs);
}
