import { z } from "zod";
import { Dice } from "../dice";
import { gib } from "../size";
import { sortOrders } from "./chain";
import type { ImageFile, NodeState, Rental } from "./node";
import type { Lan, World } from "./world";

const image = z.union([
  z.string(),
  z.object({
    name: z.string(),
    sizeGib: z.number().positive().default(4.5),
    virtualGib: z.number().positive().default(40),
    backing: z.string().optional(),
  }),
]);

const rental = z.object({
  renter: z.string(),
  /** Order number; without it the whole machine is rented. */
  order: z.string().optional(),
  endBlock: z.number().int().positive().optional(),
  status: z.string().default("renting"),
  gpuIndexes: z.array(z.number().int().nonnegative()).optional(),
});

const hardware = z.object({
  cpuType: z.string().default("AMD EPYC 7713 64-Core Processor"),
  hz: z.string().default("2000MHz"),
  sockets: z.number().int().positive().default(2),
  /** Cores per socket, one of which the node keeps for itself. */
  coresPerSocket: z.number().int().positive().default(17),
  threadsPerCore: z.number().int().positive().default(2),
  reservedCores: z.number().int().nonnegative().default(1),
  memoryGib: z.number().positive().default(512),
  hostMemoryGib: z.number().nonnegative().default(0),
  gpus: z.union([z.number().int().nonnegative(), z.array(z.string())]).default(8),
  dataGib: z.number().positive().default(4096),
  dataUsedGib: z.number().nonnegative().default(0),
  /** Further data directories besides /data. */
  directories: z.array(z.object({ path: z.string(), sizeGib: z.number().positive() })).default([]),
});

const node = z.object({
  id: z.string(),
  role: z.enum(["compute", "bare-metal"]).default("compute"),
  name: z.string().optional(),
  version: z.string().default("0.4.1.8"),
  os: z.string().default("Ubuntu 20.04.6 LTS 5.15.0-113-generic x86_64 GNU/Linux"),
  publicIp: z.string().optional(),
  hostIp: z.string().optional(),
  link: z.enum(["online", "offline", "frozen"]).default("online"),
  room: z.string().default("room-1"),
  hardware: hardware.default(hardware.parse({})),
  images: z.array(image).default([]),
  files: z.array(image).default([]),
  machineStatus: z.enum(["online", "rented", "verifying", "unknown"]).optional(),
  verifiers: z.array(z.string()).default([]),
  rentals: z.array(rental).default([]),
  libvirtMajor: z.number().int().default(8),
  guestAgent: z.boolean().default(true),
});

const lan = z.object({
  name: z.string(),
  room: z.string().default("room-1"),
  machineId: z.string(),
  wallet: z.string(),
  cidr: z.string(),
});

const imageServer = z.object({
  id: z.string(),
  reachable: z.boolean().default(true),
  images: z.array(image).default([]),
});

/** What a world is made of; everything has a default but the ids. */
export const worldSeed = z.object({
  client: z
    .object({
      id: z.string().optional(),
      version: z.string().default("0.4.1.8"),
      otherPeers: z.boolean().default(true),
      losesTimeouts: z.boolean().default(true),
      restartsAfterMs: z.number().nullable().default(null),
      files: z.array(z.string()).default([]),
    })
    .default({
      version: "0.4.1.8",
      otherPeers: true,
      losesTimeouts: true,
      restartsAfterMs: null,
      files: [],
    }),
  imageServers: z.array(imageServer).default([]),
  nodes: z.array(node).default([]),
  lans: z.array(lan).default([]),
  block: z.number().int().nonnegative().default(10_000_000),
});

export type WorldSeed = z.input<typeof worldSeed>;
export type NodeSeed = z.input<typeof node>;
export const nodeSeed = node;
type Seed = z.output<typeof worldSeed>;

function imageFile(input: z.output<typeof image>): ImageFile {
  const { name, sizeGib, virtualGib, backing } =
    typeof input === "string" ? { name: input, sizeGib: 4.5, virtualGib: 40, backing: undefined } : input;
  return { name, sizeBytes: Math.round(sizeGib * 2 ** 30), virtualGib, backing };
}

function gpuAddresses(gpus: number | string[]): string[] {
  if (typeof gpus !== "number") return gpus;
  return Array.from({ length: gpus }, (_, index) => `${(0x17 + index).toString(16)}:00.0`);
}

/** A day of blocks is 14,400; a rental lasts a year when nothing else is said. */
const yearOfBlocks = 14_400 * 365;

export function nodeFromSeed(input: NodeSeed, time: number, block: number, index = 0): NodeState {
  const seed = node.parse(input);
  const gpus = gpuAddresses(seed.hardware.gpus);
  const rentals: Rental[] = seed.rentals.map((item) => ({
    id: item.order ?? item.renter,
    renter: item.renter,
    endBlock: item.endBlock ?? block + yearOfBlocks,
    status: item.status,
    gpuIndexes: item.gpuIndexes ?? gpus.map((_, gpu) => gpu),
  }));
  return {
    id: seed.id,
    role: seed.role,
    name: seed.name ?? (seed.role === "compute" ? `gpu-${index + 1}` : `metal-${index + 1}`),
    version: seed.version,
    os: seed.os,
    publicIp: seed.publicIp ?? `203.0.113.${10 + index}`,
    hostIp: seed.hostIp ?? `10.0.0.${10 + index}`,
    link: seed.link,
    seenAt: time,
    room: seed.room,
    hardware: {
      cpuType: seed.hardware.cpuType,
      hz: seed.hardware.hz,
      sockets: seed.hardware.sockets,
      coresPerSocket: seed.hardware.coresPerSocket,
      threadsPerCore: seed.hardware.threadsPerCore,
      reservedCores: seed.hardware.reservedCores,
      memoryKib: Math.round(seed.hardware.memoryGib * gib),
      hostMemoryKib: Math.round(seed.hardware.hostMemoryGib * gib),
      gpus,
      directories: [
        {
          path: "/data",
          type: "SSD",
          sizeKib: Math.round(seed.hardware.dataGib * gib),
          usedKib: Math.round(seed.hardware.dataUsedGib * gib),
        },
        ...seed.hardware.directories.map((directory) => ({
          path: directory.path,
          type: "SSD" as const,
          sizeKib: Math.round(directory.sizeGib * gib),
          usedKib: 0,
        })),
      ],
    },
    images: seed.images.map(imageFile),
    files: seed.files.map(imageFile),
    machineStatus: seed.machineStatus ?? (rentals.length > 0 ? "rented" : "online"),
    verifiers: seed.verifiers,
    rentals,
    // The node looks its rentals up by itself from time to time.
    orders: sortOrders(rentals.map((order) => ({ ...order }))),
    rentEnds: {},
    sessions: {},
    monitors: {},
    walletTasks: {},
    queue: [],
    transfers: [],
    libvirt: "up",
    libvirtMajor: seed.libvirtMajor,
    guestAgent: seed.guestAgent,
    foreignDomains: 0,
    nextPruneAt: 0,
    garbageSize: 32764,
    servers: [],
    oldLogs: {},
    tasks: {},
  };
}

/** Makes a world; the same seed and number give the same world. */
export function worldFromSeed(input: WorldSeed, time: number, number: number): World {
  const seed: Seed = worldSeed.parse(input);
  const dice = new Dice(number);
  const nodes = seed.nodes.map((item, index) => nodeFromSeed(item, time, seed.block, index));
  return {
    client: {
      id: seed.client.id ?? dice.hex(32),
      version: seed.client.version,
      alive: true,
      otherPeers: seed.client.otherPeers,
      losesTimeouts: seed.client.losesTimeouts,
      restartsAfterMs: seed.client.restartsAfterMs,
      networkType: "mainnet",
      files: seed.client.files,
    },
    imageServers: seed.imageServers.map((server) => ({
      id: server.id,
      ip: "198.51.100.7",
      port: "873",
      module: "images",
      reachable: server.reachable,
      images: server.images.map(imageFile),
    })),
    lans: seed.lans.map((item) => lanOf(item, dice, time)),
    chain: { block: seed.block, at: time },
    nodes: Object.fromEntries(nodes.map((item) => [item.id, item])),
    nonces: {},
  };
}

function lanOf(seed: z.output<typeof lan>, dice: Dice, time: number): Lan {
  const range = lanRange(seed.cidr) ?? { start: "", end: "" };
  return {
    name: seed.name,
    room: seed.room,
    machineId: seed.machineId,
    wallet: seed.wallet,
    vni: `${1 + dice.below(10_000)}`,
    cidr: seed.cidr,
    ...range,
    dhcpInterface: `tap${dice.text(10, "abcdefghijklmnopqrstuvwxyz0123456789")}`,
    members: [],
    lastUsedAt: time,
  };
}

/** First and last host of an IPv4 range. */
export function lanRange(cidr: string): { start: string; end: string } | undefined {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d+)$/.exec(cidr);
  if (found === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = found.slice(1).map(Number);
  if ([a, b, c, d].some((part) => part > 255)) return undefined;
  const address = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const mask = bits <= 0 ? 0 : bits >= 32 ? 0xffffffff : (0xffffffff << (32 - bits)) >>> 0;
  const network = (address & mask) >>> 0;
  const last = (network | (~mask >>> 0)) >>> 0;
  const text = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
  return { start: text(network + 1), end: text(last - 1) };
}
