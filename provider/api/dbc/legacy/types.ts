/** What only nodes of the older generation take and give, in our own names and units. */
import type { CallOptions, ImageSummary } from "../types";
import type { Generation } from "./generation";

/** A snapshot of single disks by libvirt; it stays on the node, and nothing there deletes it. */
export interface LegacySnapshot {
  /** Unique on its VM. */
  readonly name: string;
  readonly description: string;
  /** `creating`, libvirt's state such as `shutoff`, or the text of an error. */
  readonly state: string;
  readonly createdAt: string;
  /** Told of one that is asked for by name. */
  readonly disks: readonly { readonly name: string; readonly type: string; readonly file: string }[];
}

/** What is done with one disk: a file of its own from then on, a mark inside the file, or nothing. */
export type SnapshotType = "external" | "internal" | "no";

export interface NewLegacySnapshot {
  readonly name: string;
  /** Always sent: nodes refuse an order without one. */
  readonly description: string;
  /** Without it, every disk of the VM, external. */
  readonly disks?:
    | readonly {
        readonly name: string;
        readonly type: SnapshotType;
        /** Name in /data; the node makes one up without it. */
        readonly fileName?: string | undefined;
      }[]
    | undefined;
}

/** Calls that nodes of the older generation alone know; the others are refused in the client. */
export interface LegacyClient {
  /** The generation that a node is spoken to in: set for all, or decided once by its version. */
  generation(nodeId: string, options?: CallOptions): Promise<Generation>;
  /** Throws `not-found` when the node knows no such VM. */
  listLegacySnapshots(nodeId: string, taskId: string, options?: CallOptions): Promise<LegacySnapshot[]>;
  /** Throws `not-found` when the VM has none of that name. */
  getLegacySnapshot(
    nodeId: string,
    taskId: string,
    name: string,
    options?: CallOptions,
  ): Promise<LegacySnapshot>;
  /** Begins a snapshot, after which the VM is off; throws `refused` when the VM has one of that name. */
  createLegacySnapshot(
    nodeId: string,
    taskId: string,
    snapshot: NewLegacySnapshot,
    options?: CallOptions,
  ): Promise<void>;
  /** What the image centre has, which all nodes share; names only. */
  listCentreImages(nodeId: string, options?: CallOptions): Promise<ImageSummary[]>;
  /** Begins to copy an image of the centre to the node's /data; nothing tells how far it is. */
  downloadCentreImage(nodeId: string, name: string, options?: CallOptions): Promise<void>;
  /** Begins to copy a file of the node's /data to the centre; throws `refused` when that has one of this name. */
  uploadCentreImage(nodeId: string, name: string, options?: CallOptions): Promise<void>;
}
