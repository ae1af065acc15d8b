import { dirname } from "node:path/posix";
import type { Disk } from "../api/dbc/types";
import type { Values } from "../core/check";
import { milliseconds } from "../core/duration";
import { UserError } from "../core/errors";
import type { DataDiskArgs } from "./data-disk";
import { VM_ID } from "./data-disk-fields";

/**
 * How far the provider has got with a disk. `unknown`: an add was sent and nobody knows its outcome.
 * `restore-power`: the VM is off for a change, and not yet started again.
 */
export type DataDiskPhase = "ready" | "unknown" | "restore-power";

/** What is stored of a data disk: its arguments as applied, and what the node said. */
export interface DataDiskState extends DataDiskArgs {
  readonly phase: DataDiskPhase;
  /** File on the node: the disk's only lasting name. */
  readonly file?: string | undefined;
  /** Letter by which the VM has it, such as `vdc`. */
  readonly device?: string | undefined;
  /** Files that were there before an add of unknown outcome. */
  readonly __before?: readonly string[] | undefined;
  /** The node had time and did not show it: what appears later may be anybody's. */
  readonly __missed?: boolean | undefined;
  /** The VM is off for an add of unknown outcome, and not yet started again. */
  readonly __leftOff?: boolean | undefined;
  /** Fingerprint of the account and node that this was seen through. */
  readonly __account: string;
}

export const toState = (values: Values): DataDiskState => values as unknown as DataDiskState;
export const toValues = (state: DataDiskState): Values => ({ ...state });

/** Everything that a list says of a disk, as the arguments and outputs of ours. */
export const stateOf = (
  args: DataDiskArgs,
  disk: Disk,
  phase: DataDiskPhase,
  account: string,
): DataDiskState => ({
  ...args,
  // somebody may have grown it by less than a GiB
  sizeGib: Math.floor(disk.sizeGib),
  phase,
  file: disk.file,
  device: disk.name,
  __account: account,
});

/** The disk that a recorded one stands for; unknown while its file is. */
export const thingOf = (_id: string, { vmId, file }: Values): string | undefined =>
  typeof file === "string" ? `disk ${file} of ${String(vmId)}` : undefined;

export const withFile = (file: string | undefined) => (disks: readonly Disk[]) =>
  disks.find((disk) => disk.file === file);

export const directoryOf = (file: string): string => dirname(file);

/** The VM, and the last part of the id: a key of ours, or in a `get` the name of the file. */
export const partsOf = (id: string): { readonly vmId: string; readonly last: string } => {
  const end = id.lastIndexOf("/");
  const [vmId, last] = [id.slice(0, end), id.slice(end + 1)];
  if (!VM_ID.test(vmId) || last === "")
    throw new UserError(
      `"${id}" is not the id of a DataDisk: it must be <nodeId>/<taskId>/<name of its file>.`,
    );
  return { vmId, last };
};

const LIMIT_MS = 900_000;

/** The deadline of a verb: the user's, else 15 min. */
export const limitOf = (timeouts: DataDiskArgs["timeouts"], verb: "create" | "update" | "delete"): number => {
  const given = timeouts?.[verb];
  return given === undefined ? LIMIT_MS : milliseconds(given);
};
