/** What the DBC client gives and takes, in our own names and units; wire names stay in `wire.ts`. */

import type { LegacyClient } from "./legacy/types";

/** How requests to a node are authorised. Everything in it is secret but wallet addresses. */
export type Credentials =
  /** Session pairs handed out by the renter; `"*"` serves every node that has no pair of its own. */
  | { readonly kind: "session"; readonly sessions: Readonly<Record<string, SessionPair>> }
  /** A wallet: 32-byte seed in hex, or a mnemonic, either with a derivation path (`//Alice`). */
  | { readonly kind: "wallet"; readonly seed: string }
  /** A multisignature account: its member addresses, how many must sign, and the seeds of the signers. */
  | {
      readonly kind: "multisig";
      readonly wallets: readonly string[];
      readonly threshold: number;
      readonly seeds: readonly string[];
    };

export interface SessionPair {
  readonly sessionId: string;
  readonly sessionSign: string;
}

/** Options of every call to a node. */
export interface CallOptions {
  /** Per-GPU rental order that the call is made for. */
  readonly rentOrder?: string | undefined;
  /** Gives the call up; a request already under way is then of unknown outcome. */
  readonly signal?: AbortSignal | undefined;
}

/** A node as the client node's gossip table knows it; presence is no proof that it is rented or up. */
export interface NodeSummary {
  readonly nodeId: string;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
}

/** Hardware, use and images of a node. Sizes as the node prints them are turned into GiB. */
export interface NodeInfo {
  readonly nodeId: string;
  readonly version: string;
  readonly os: string;
  /** Public address, masked by the node. */
  readonly ip: string;
  readonly cpu: {
    readonly model: string;
    readonly cores: number;
    readonly sockets: number;
    readonly usedPercent: number;
  };
  readonly gpu: { readonly count: number; readonly used: number };
  readonly memory: { readonly sizeGib: number; readonly freeGib: number };
  readonly disks: readonly { readonly path: string; readonly sizeGib: number; readonly freeGib: number }[];
  readonly images: readonly { readonly name: string; readonly size: string }[];
}

export interface RentOrder {
  readonly id: string;
  readonly renter: string;
  /** Block at which the rental ends. */
  readonly endBlock: string;
  readonly status: string;
  readonly gpuCount: number;
  readonly gpuIndexes: readonly number[];
}

/** A line of a node's task list. */
export interface TaskSummary {
  readonly taskId: string;
  readonly status: string;
  readonly description: string;
  /** Wall-clock time of the node, without a zone; never compare it with ours. */
  readonly createdAt: string;
}

/** All that a node tells of a VM. `"N/A"` and empty texts of the node are `undefined` here. */
export interface TaskDetail extends TaskSummary {
  readonly os: string;
  readonly address?: string | undefined;
  readonly sshPort?: number | undefined;
  readonly rdpPort?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly cpuCores: number;
  readonly gpuCount: number;
  readonly memoryGib: number;
  readonly vncPort?: number | undefined;
  readonly vncPassword?: string | undefined;
  readonly networkName?: string | undefined;
  readonly rentOrder?: string | undefined;
  readonly localAddresses: readonly string[];
  readonly disks: readonly { readonly name: string; readonly size: string; readonly file: string }[];
  readonly networkFilters: readonly string[];
  readonly interfaces: readonly {
    readonly name: string;
    readonly model: string;
    readonly macAddress: string;
  }[];
}

/** Input of a create. Numbers are whole; the client writes them as the strings that the node wants. */
export interface CreateTask {
  /** 20 to 22 letters and digits, chosen by the caller: the key that makes a create findable and unrepeatable. */
  readonly taskId?: string | undefined;
  readonly image: string;
  readonly os?: string | undefined;
  readonly bios?: "legacy" | "uefi" | "pxe" | undefined;
  readonly description?: string | undefined;
  readonly gpuCount: number;
  readonly cpuCores: number;
  readonly memoryGib: number;
  readonly diskGib?: number | undefined;
  readonly sshPort?: number | undefined;
  readonly rdpPort?: number | undefined;
  readonly vncPort: number;
  readonly publicIp?: string | undefined;
  readonly customPorts?: readonly string[] | undefined;
  readonly dataFile?: string | undefined;
  readonly networkName?: string | undefined;
  readonly multicast?: readonly string[] | undefined;
  readonly networkFilters?: readonly string[] | undefined;
  readonly interfaceModel?: "e1000" | "rtl8139" | undefined;
}

/** Changes of a VM. `publicIp` is not optional because leaving it out makes the node remove the current one. */
export interface ModifyTask {
  readonly publicIp: string | undefined;
  readonly sshPort?: number | undefined;
  readonly rdpPort?: number | undefined;
  readonly vncPort?: number | undefined;
  readonly customPorts?: readonly string[] | undefined;
  readonly networkFilters?: readonly string[] | undefined;
  readonly gpuCount?: number | undefined;
  readonly cpuCores?: number | undefined;
  readonly memoryGib?: number | undefined;
}

export interface Disk {
  /** `vda`, `vdb`, … */
  readonly name: string;
  readonly file: string;
  /** As the node prints it, such as `350G`; not to be trusted for vda and vdb before the node restarts. */
  readonly size: string;
  readonly sizeGib: number;
}

export interface Lan {
  readonly name: string;
  readonly cidr: string;
  readonly members: readonly string[];
  readonly renter: string;
  readonly lastUsed: string;
}

/** A line of a list of images. */
export interface ImageSummary {
  readonly name: string;
  /** As printed, such as `4.5G`. */
  readonly size: string;
  readonly sizeGib: number;
}

/** How far a transfer is. `done` is also said of one that failed, was stopped, or never was. */
export interface TransferProgress {
  readonly done: boolean;
  readonly percent: number;
}

/** An image of a VM's system disk, made on its node to be sent to an image server. */
export interface Snapshot {
  /** Not unique. */
  readonly name: string;
  readonly description: string;
  /** Whole path on the node; its last part is the image's name on the server. */
  readonly file: string;
  /** `creating`, `uploading`, or `none`: finished, failed, or unknown. */
  readonly status: string;
  /** Wall-clock time of the node, without a zone. */
  readonly createdAt: string;
}

export interface NewSnapshot {
  readonly name: string;
  readonly imageServer: string;
  readonly description?: string | undefined;
}

/**
 * The client of one DBC client node. Every method throws only `RemoteError`. A read never ends as `unknown`
 * (what it might have done does not matter: `unavailable`); a write ends as `unknown` whenever it may have been,
 * or may yet be, carried out. No method repeats a write.
 */
export interface DbcClient extends LegacyClient {
  /** Base address, without credentials. */
  readonly endpoint: string;
  /** A fingerprint of the account and the node; equal for every form of credential of one renter on one node. */
  fingerprint(nodeId: string, options?: CallOptions): Promise<string>;
  /** The session pair in use with a node (fetched with the wallet when there is none). Secret. */
  session(nodeId: string, options?: CallOptions): Promise<SessionPair>;

  version(options?: CallOptions): Promise<string>;
  listNodes(options?: CallOptions): Promise<NodeSummary[]>;
  getNode(
    nodeId: string,
    options?: CallOptions & { readonly imageServer?: string | undefined },
  ): Promise<NodeInfo>;
  listRentOrders(nodeId: string, options?: CallOptions): Promise<RentOrder[]>;

  listTasks(nodeId: string, options?: CallOptions): Promise<TaskSummary[]>;
  /** Throws `not-found` only on the node's exact words `task_id not exist`. */
  getTask(nodeId: string, taskId: string, options?: CallOptions): Promise<TaskDetail>;
  /** Throws `refused` with `said === "task id already existed"` when the id is taken. */
  createTask(nodeId: string, task: CreateTask, options?: CallOptions): Promise<TaskSummary>;
  startTask(nodeId: string, taskId: string, options?: CallOptions): Promise<void>;
  shutdownTask(nodeId: string, taskId: string, options?: CallOptions): Promise<void>;
  poweroffTask(nodeId: string, taskId: string, options?: CallOptions): Promise<void>;
  restartTask(
    nodeId: string,
    taskId: string,
    options?: CallOptions & { readonly force?: boolean },
  ): Promise<void>;
  resetTask(nodeId: string, taskId: string, options?: CallOptions): Promise<void>;
  deleteTask(nodeId: string, taskId: string, options?: CallOptions): Promise<void>;
  /** Whether the change waits for the next boot (a power-off and start, not a reboot from inside). */
  modifyTask(
    nodeId: string,
    taskId: string,
    changes: ModifyTask,
    options?: CallOptions,
  ): Promise<{ readonly atNextBoot: boolean }>;
  setPassword(
    nodeId: string,
    taskId: string,
    login: { readonly username: string; readonly password: string },
    options?: CallOptions,
  ): Promise<void>;
  /** Lines of the node's own log about a VM; they hold passwords. At most 100 lines. */
  getTaskLogs(
    nodeId: string,
    taskId: string,
    options?: CallOptions & { readonly from?: "head" | "tail"; readonly lines?: number },
  ): Promise<string[]>;

  listDisks(nodeId: string, taskId: string, options?: CallOptions): Promise<Disk[]>;
  /** Grows a disk BY `growGib`: never repeat it without having looked at the list. */
  growDisk(
    nodeId: string,
    taskId: string,
    disk: string,
    growGib: number,
    options?: CallOptions,
  ): Promise<void>;
  /** Adds a disk without telling its name: never repeat it without having looked at the list. */
  addDisk(
    nodeId: string,
    taskId: string,
    disk: { readonly sizeGib: number; readonly directory: string },
    options?: CallOptions,
  ): Promise<void>;
  /** Deletes a disk and its file. Letters are used again: look the letter up at the last moment. */
  deleteDisk(nodeId: string, taskId: string, disk: string, options?: CallOptions): Promise<void>;
  listImageServers(options?: CallOptions): Promise<string[]>;
  /** Stalls the whole client node meanwhile; a server out of reach lists nothing. */
  listServerImages(imageServer: string, options?: CallOptions): Promise<ImageSummary[]>;
  /**
   * Images of a node: no names that contain `data`, no disks of running VMs, and those with a backing file only if
   * `imageServer` has them too. With `own` also the system disks of the caller's stopped VMs.
   */
  listImages(
    nodeId: string,
    options?: CallOptions & { readonly imageServer?: string | undefined; readonly own?: boolean },
  ): Promise<ImageSummary[]>;
  /** Begins a download; throws `refused` with `image:<name> in downloading` while there is one. */
  downloadImage(
    nodeId: string,
    image: { readonly imageServer: string; readonly name: string; readonly directory: string },
    options?: CallOptions,
  ): Promise<void>;
  getDownload(nodeId: string, name: string, options?: CallOptions): Promise<TransferProgress>;
  stopDownload(nodeId: string, name: string, options?: CallOptions): Promise<void>;
  /** Begins an upload of a file of the node, by its whole path. */
  uploadImage(
    nodeId: string,
    image: { readonly imageServer: string; readonly path: string },
    options?: CallOptions,
  ): Promise<void>;
  getUpload(nodeId: string, path: string, options?: CallOptions): Promise<TransferProgress>;
  stopUpload(nodeId: string, path: string, options?: CallOptions): Promise<void>;
  /** Says yes and uploads nothing: a fault of the client node (REST 5607). Here for completeness. */
  uploadClientFile(
    image: { readonly imageServer: string; readonly name: string },
    options?: CallOptions,
  ): Promise<void>;
  /** Throws `not-found` when the node has no such file. */
  deleteImage(nodeId: string, name: string, options?: CallOptions): Promise<void>;

  /** Empty also when the node knows no such VM. */
  listSnapshots(nodeId: string, taskId: string, options?: CallOptions): Promise<Snapshot[]>;
  /** Names may repeat: never send it again without having looked. */
  createSnapshot(nodeId: string, taskId: string, snapshot: NewSnapshot, options?: CallOptions): Promise<void>;
  /** Throws `not-found` when there is none of that name. */
  deleteSnapshot(nodeId: string, taskId: string, name: string, options?: CallOptions): Promise<void>;

  /** Throws `not-found` when this node does not know the LAN (yet). */
  getLan(nodeId: string, name: string, options?: CallOptions): Promise<Lan>;
  /** LANs of the node's machine room, anybody's; at most 31. */
  listLans(nodeId: string, options?: CallOptions): Promise<Lan[]>;
  /** Throws `refused` with `network name already existed` when the room has one of that name. */
  createLan(
    nodeId: string,
    lan: { readonly name: string; readonly cidr: string },
    options?: CallOptions,
  ): Promise<void>;
  /** Throws `refused` with `network is in used…` while it has members. */
  deleteLan(nodeId: string, name: string, options?: CallOptions): Promise<void>;

  /** Where the node sends figures of the caller's VMs. */
  getMonitorServers(nodeId: string, options?: CallOptions): Promise<string[]>;
  /** Replaces the whole list, of at most two; an empty one clears it. */
  setMonitorServers(nodeId: string, servers: readonly string[], options?: CallOptions): Promise<void>;
}
