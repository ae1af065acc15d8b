import type { ImageSummary, Snapshot } from "../api/dbc/types";
import type { Values } from "../core/check";
import { UserError } from "../core/errors";
import type { Context } from "../core/resource";
import { VM_ID } from "./data-disk-fields";
import type { Site } from "./site";
import type { SnapshotArgs } from "./snapshot";
import type { VmRef } from "./vm-state";

/**
 * How far the provider has got. `copying`: ordered, and not known to be whole. `uploading`: whole, and on its way to
 * the image server. `stopped`: nothing is under way; the next `up` begins again where it can. `restore-power`: the VM
 * is off for it, and not yet started again.
 */
export type SnapshotPhase = "ready" | "copying" | "uploading" | "stopped" | "restore-power";

/** What is stored of a snapshot: its arguments as applied, and what node and image server said. */
export interface SnapshotState extends SnapshotArgs {
  readonly phase: SnapshotPhase;
  /** File on the node. */
  readonly file?: string | undefined;
  /** Name on the image server: what an `Image` downloads. */
  readonly image?: string | undefined;
  /** As the image server prints it. */
  readonly size?: string | undefined;
  readonly createdAt?: string | undefined;
  /** Whether the file is known to be whole, so that it may be sent again. */
  readonly __whole: boolean;
  /** Whether it is one of libvirt's, on a node of the older generation. */
  readonly __older?: boolean | undefined;
  /** Fingerprint of the account and node that this was made through. */
  readonly __account: string;
}

export const toState = (values: Values): SnapshotState => values as unknown as SnapshotState;
export const toValues = (state: SnapshotState): Values => ({ ...state });

export const idOf = ({ vmId, name }: Pick<SnapshotArgs, "vmId" | "name">): string => `${vmId}/${name}`;

/** The VM and name that a Pulumi id stands for. */
export const partsOf = (id: string): { readonly vmId: string; readonly name: string } => {
  const end = id.lastIndexOf("/");
  const [vmId, name] = [id.slice(0, end), id.slice(end + 1)];
  if (!VM_ID.test(vmId) || name === "")
    throw new UserError(`"${id}" is not the id of a Snapshot: it must be <nodeId>/<taskId>/<name>.`);
  return { vmId, name };
};

/** "snapshot x of VM pd1… on node 58fb618a…" */
export const nameOf = (name: string, { nodeId, taskId }: VmRef): string =>
  `snapshot ${name} of VM ${taskId} on node ${nodeId.slice(0, 8)}…`;

/** The name that a snapshot's file gets on the image server. */
export const imageOf = (file: string): string => file.replace(/^.*\//, "");

/** The description that the node keeps: the user's, with our mark at its end. */
export const described = ({ description }: Pick<SnapshotArgs, "description">, key: string): string =>
  description === undefined ? `[${key}]` : `${description} [${key}]`;

/** Whether an entry of the node's list is ours: by its file, which is its own, or by our mark. */
export const isOurs = (
  { file, description }: Snapshot,
  known: { readonly file?: string | undefined; readonly key?: unknown },
): boolean =>
  known.file !== undefined
    ? file === known.file
    : typeof known.key === "string" && description.endsWith(`[${known.key}]`);

export const nameTaken = (name: string, ref: VmRef): string =>
  `there is a ${nameOf(name, ref)} already, which is another one, and a node can't tell two of one name apart: choose another name.`;

const LIST_AGE_MS = 60_000;
const PROOFS_APART_MS = 5_000;

/** The file in the list of its image server; missed only when it is missing twice, and `"unknown"` in an empty list. */
export const onServer = async (
  { site, clock }: Context<Site>,
  imageServer: string,
  file: string,
  ageMs = 0,
): Promise<ImageSummary | "absent" | "unknown"> => {
  const list = site.serverImages(imageServer);
  for (let missed = 0; ; missed++) {
    const items = await (missed === 0 && ageMs > 0 ? list.recent(LIST_AGE_MS) : list.fresh());
    const found = items.find(({ name }) => name === imageOf(file));
    if (found) return found;
    if (missed === 1) return items.length === 0 ? "unknown" : "absent";
    await clock.sleep(PROOFS_APART_MS);
  }
};
