/** The statuses that a task can really have (reference b). */
export type TaskStatus =
  | "none"
  | "closed"
  | "running"
  | "pmsuspend"
  | "creating"
  | "starting"
  | "being shutdown"
  | "being poweroff"
  | "restarting"
  | "resetting"
  | "deleting"
  | "create error"
  | "start error"
  | "shutdown error"
  | "poweroff error"
  | "restart error"
  | "reset error"
  // of the older generation (reference g)
  | "creating snapshot"
  | "create snapshot error";

/** What libvirt says of a machine. */
export type DomainState =
  | "running"
  | "shutoff"
  | "paused"
  | "blocked"
  | "shutdown"
  | "crashed"
  | "pmsuspended";

export interface CpuTopology {
  sockets: number;
  /** Cores per socket. */
  cores: number;
  threads: number;
}

/** What the guest has since its last boot from power-off; `modify` does not reach it before the next one. */
export interface BootedWith {
  cpu: CpuTopology;
  memoryKib: number;
  gpus: string[];
  vncPort: number;
}

export interface Disk {
  name: string;
  file: string;
  /** As shown: `350G` for vda until the node restarts. */
  shownKib: number;
  /** What `qemu-img info` would say. */
  realKib: number;
}

export type SnapshotStatus = "none" | "creating" | "uploading";

export interface Snapshot {
  name: string;
  description: string;
  file: string;
  createdAt: number;
  sizeBytes: number;
  /** Whether the file was written: a node that restarts loses the work and keeps the entry. */
  made?: boolean | undefined;
  /** Whether what was written is of no use: the node restarted, or the machine ran, in the middle of it. */
  torn?: boolean | undefined;
}

/** A snapshot of the older generation: libvirt's, disk by disk (reference g). */
export interface LibvirtSnapshot {
  name: string;
  description: string;
  createdAt: number;
  /** `creating`, libvirt's word, or the text of an error. */
  state: string;
  made: boolean;
  disks: { name: string; type: "external" | "internal" | "no"; file: string }[];
}

/** A virtual machine. */
export interface Task {
  id: string;
  wallet: string;
  rentOrder: string;
  description: string;
  os: string;
  bios: string;
  image: string;
  publicIp: string;
  sshPort: number;
  rdpPort: number;
  vncPort: number;
  vncPassword: string;
  /** Empty until a password was set. */
  loginUser: string;
  loginPassword: string;
  cpu: CpuTopology;
  memoryKib: number;
  gpus: string[];
  customPorts: string[];
  multicast: string[];
  network: string;
  networkFilters: string[];
  interfaceModel: string;
  disks: Disk[];
  snapshots: Snapshot[];
  libvirtSnapshots?: LibvirtSnapshot[] | undefined;
  /** One status for all snapshots of a name. */
  snapshotStatus: Record<string, SnapshotStatus>;
  createdAt: number;
  status: TaskStatus;
  /** Absent before the worker has defined it, and for ever when that failed: a zombie. */
  domain: DomainState | null;
  bootedWith: BootedWith | null;
  /** Whether port forwarding was set up. */
  forwarded: boolean;
  mac: string;
  localIp: string;
  uuid: string;
  log: string[];
}

export function totalCores(cpu: CpuTopology): number {
  return cpu.sockets * cpu.cores * cpu.threads;
}
