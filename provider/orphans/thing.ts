import { isKey, KEY_MARK, rootOf } from "../core/key";
import type { Owned } from "./state";

/** Something that a node or an account has. */
export interface Thing {
  readonly kind: "Vm" | "Lan" | "Snapshot" | "ContainerTask";
  /** As Pulumi would call it; two container tasks of one name, or two snapshots, are told apart by `remoteId`. */
  readonly id: string;
  /** The id that the remote system gave it, where it gives one: an instance's, a snapshot's file. */
  readonly remoteId?: string | undefined;
  readonly status: string;
  /** As the remote system prints it. */
  readonly createdAt: string;
  /** What whoever made it wrote, or the wallet that made a LAN. */
  readonly about: string;
  /** Rental order that it was seen under. */
  readonly rentOrder?: string | undefined;
}

const CONTAINER = new RegExp(`-(${KEY_MARK}[0-9a-z]{8})$`);
const LAN = new RegExp(`^${KEY_MARK}[0-9a-z]{7}$`);
const SNAPSHOT = new RegExp(`\\[(${KEY_MARK}[0-9a-z]{19})\\]$`);

const lastOf = (id: string): string => id.slice(id.lastIndexOf("/") + 1);

/** The part of a key by which something shows that this provider made it; `undefined` when nothing says so. */
export const markOf = ({ kind, id, about }: Thing): string | undefined => {
  const name = lastOf(id);
  switch (kind) {
    case "Vm":
      return isKey(name) ? rootOf(name) : undefined;
    case "Lan":
      return LAN.exec(name)?.[0];
    case "Snapshot":
      return SNAPSHOT.exec(about)?.[1];
    case "ContainerTask":
      return CONTAINER.exec(name)?.[1];
  }
};

/** Whether something carries our mark and belongs to no state that was given. */
export const isOrphan = (thing: Thing, owned: Owned): boolean => {
  const mark = markOf(thing);
  return mark !== undefined && !owned.has(mark, thing.remoteId ?? thing.id);
};
