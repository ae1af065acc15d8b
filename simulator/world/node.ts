import type { Job } from "./job";
import type { Task } from "./task";

/** A rental as the chain knows it. */
export interface Rental {
  /** Order number, or the renter's wallet for a whole machine. */
  id: string;
  renter: string;
  /** Block at which it ends. */
  endBlock: number;
  status: "renting" | "waitingVerifying" | "rentExpired" | string;
  gpuIndexes: number[];
}

export interface ImageFile {
  name: string;
  sizeBytes: number;
  virtualGib: number;
  /** Full path of the file that this one is based on. */
  backing?: string | undefined;
}

export interface Transfer {
  /** Key under which the node keeps it: a bare name for downloads, a full path for uploads (reference 5). */
  key: string;
  kind: "download" | "upload";
  fileName: string;
  directory: string;
  imageServer: string;
  sizeBytes: number;
  virtualGib: number;
  startedAt: number;
  endsAt: number;
  /** Time at which the table forgets it. */
  forgottenAt: number;
  fails: boolean;
  /** A transfer that stands still from `at` on, on its way to an end at `wouldEndAt`; it is broken off at `endsAt`. */
  stall?: { at: number; wouldEndAt: number } | undefined;
  moved: boolean;
  /** The snapshot whose upload this is. */
  snapshot?: { taskId: string; name: string } | undefined;
}

export interface SessionRecord {
  id: string;
  /** Members of a multisignature account, any of whom may sign. */
  signers: string[];
}

export interface BareMetalServer {
  nodeId: string;
  /** When gossip has spread the news of it. */
  knownAt: number;
  privateKey: string;
  uuid: string;
  ip: string;
  os: string;
  description: string;
  ipmiHostname: string;
  ipmiUsername: string;
  ipmiPassword: string;
  ipmiPort: string;
  power: "on" | "off";
  bootDevice: string;
  deeplink: { deviceId: string; devicePassword: string } | null;
  machineStatus: MachineStatus;
  rentals: Rental[];
}

/** What the chain says of a machine; `unknown` also stands for a chain out of reach. */
export type MachineStatus = "online" | "rented" | "verifying" | "unknown";

export interface DataDirectory {
  path: string;
  type: "SSD" | "HDD";
  sizeKib: number;
  /** Used by files that the simulator does not know of. */
  usedKib: number;
}

export interface Hardware {
  cpuType: string;
  hz: string;
  sockets: number;
  coresPerSocket: number;
  threadsPerCore: number;
  /** Cores per socket that the node keeps for itself. */
  reservedCores: number;
  memoryKib: number;
  /** Memory in use by the host itself. */
  hostMemoryKib: number;
  /** PCI addresses, in order of their index. */
  gpus: string[];
  directories: DataDirectory[];
}

export interface NodeState {
  id: string;
  role: "compute" | "bare-metal";
  name: string;
  version: string;
  os: string;
  publicIp: string;
  hostIp: string;
  /** `frozen`: takes requests in but does not get to them before it thaws. */
  link: "online" | "offline" | "frozen";
  /** When the client node last heard of it. */
  seenAt: number;
  /** Nodes of one room share their LANs. */
  room: string;
  hardware: Hardware;
  images: ImageFile[];
  /** Other files in /data. */
  files: ImageFile[];
  machineStatus: MachineStatus;
  /** Wallets that may verify the machine now. */
  verifiers: string[];
  /** The chain's rentals; `orders` is what the node has looked up of them. */
  rentals: Rental[];
  orders: Rental[];
  rentEnds: Record<string, number>;
  sessions: Record<string, SessionRecord>;
  monitors: Record<string, string[]>;
  /** Task ids by wallet, in order of creation. */
  walletTasks: Record<string, string[]>;
  queue: Job[];
  transfers: Transfer[];
  libvirt: "up" | "down";
  libvirtMajor: number;
  /** Whether guests of this node run the agent that sets passwords. */
  guestAgent: boolean;
  /** Machines that run on the host without the node's knowing. */
  foreignDomains: number;
  nextPruneAt: number;
  /** What an uninitialised `size` happens to hold (recorded: 32764). */
  garbageSize: number;
  servers: BareMetalServer[];
  /** Logs outlive their tasks, and a new task of an old id goes on in the old file (recorded). */
  oldLogs: Record<string, string[]>;
  tasks: Record<string, Task>;
}

/** Cores that VMs may use. */
export function usableCores(hardware: Hardware): number {
  return hardware.sockets * (hardware.coresPerSocket - hardware.reservedCores) * hardware.threadsPerCore;
}
