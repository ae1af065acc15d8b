import * as z from "zod";
import type { Problem, Values } from "../core/check";
import type { Change } from "../core/diff";
import { UserError } from "../core/errors";
import { field, list, oneOf, text } from "../core/fields";
import { type ArgsOf, defineResource } from "../core/resource";
import { isKnown } from "../core/unknown";
import { nodeName } from "./asking";
import { VM_ID } from "./data-disk-fields";
import { refuseServer } from "./image-preflight";
import { isOlderFor, preflightBy } from "./legacy";
import type { Site } from "./site";
import { changeSnapshot, createSnapshot } from "./snapshot-create";
import { deleteSnapshot } from "./snapshot-delete";
import {
  changeLegacySnapshot,
  createLegacySnapshot,
  legacySnapshotPreflight,
  nodeOf,
} from "./snapshot-legacy";
import { deleteLegacySnapshot, readLegacySnapshot } from "./snapshot-legacy-read";
import { readSnapshot } from "./snapshot-read";
import { isOurs, nameTaken } from "./snapshot-state";
import { FILE_NAME, imageServerField, timeoutsField } from "./transfer-fields";
import { isCondemned, placeOf, refuseRunning, settlePart } from "./vm-part";

const LIST_AGE_MS = 60_000;

const CREATE = "POST /snapshot/create/<task_id>";

/** Arguments of a snapshot: of which VM, under which name, sent where. */
export const snapshotShape = {
  vmId: field(
    { cost: "replace", source: CREATE },
    text(VM_ID, "the id of a Vm: <nodeId>/<taskId>").describe(
      "VM whose system disk is copied: the `id` of a `Vm`. It is off while the copy is made, not while it is sent.",
    ),
  ),
  name: field(
    { cost: "replace", wire: "snapshot_name", source: CREATE },
    text(
      /^[0-9A-Za-z_][0-9A-Za-z_.-]{0,63}$/,
      "1 to 64 letters, digits, dots, dashes or underscores, not a dot or dash first",
    )
      // the client node rewrites these words wherever they stand alone (REST 1223)
      .refine((name) => !["ubuntu", "win", "linux", "windows"].includes(name), {
        error: "must not be the name of an operating system, which client nodes rewrite",
      })
      .describe("Name of the snapshot on its node; no other of the same VM may have it."),
  ),
  imageServer: imageServerField(
    { cost: "replace", source: CREATE },
    "Image server that the copy is sent to.",
  ),
  disks: field(
    { cost: "replace", wire: "disks", source: "POST /snapshot/<task_id>/create" },
    list(
      z.strictObject(
        {
          name: text(/^vd[a-z]{1,2}$/, 'the name of a disk, such as "vda"'),
          type: oneOf(["external", "internal", "no"]).default("external"),
          fileName: text(FILE_NAME, "the name of a .qcow2 file, without a folder").optional(),
        },
        { error: "must be an object { name, type?, fileName? }" },
      ),
    )
      .min(1, { error: "must name a disk, or be left out" })
      .optional()
      .describe(
        "On a node of the older API generation: the disks that it is of, and how; all of them, external, unless given. Elsewhere it is always of the system disk.",
      ),
  ),
  description: field(
    { cost: "replace", wire: "desc", source: CREATE },
    z
      .string({ error: "must be text" })
      .max(400, { error: "must be at most 400 characters" })
      .optional()
      .describe("What it is for; its node keeps it, with a mark of ours behind it."),
  ),
  timeouts: timeoutsField(
    "Deadlines; without `create`, 6 h for the copy, during which the VM is off, and for the upload as long as it moves. Filled from `customTimeouts`.",
  ),
} as const;

/** Arguments of a snapshot as a user may write them. */
export type SnapshotGiven = z.input<z.ZodObject<typeof snapshotShape>>;

/** Checked arguments of a snapshot. */
export type SnapshotArgs = ArgsOf<typeof snapshotShape>;

/** Disks are chosen on nodes of the older generation alone. */
const withoutDisks = (news: Values): Problem[] =>
  news.disks === undefined || news.disks === null
    ? []
    : [
        {
          field: "disks",
          reason: `disks can't be used here: node ${String(nodeOf(news)).slice(0, 8)}… is of the current generation of the API, where a snapshot is always of the system disk.`,
        },
      ];

/** What the node or the client node would say only when the VM is off, or would not say at all. */
const preflight = async (site: Site, news: Values, changes: readonly Change[]): Promise<Problem[]> => {
  if (!changes.some(({ cost }) => cost === "replace")) return [];
  const { vmId, name, __key: key, __vm: vm } = news;
  const problems = [
    ...(await refuseRunning(site, news, "a snapshot")),
    ...(await refuseServer(site, news, changes)),
  ];
  if (typeof vmId !== "string" || typeof name !== "string" || !isKnown(vmId) || !isKnown(name))
    return problems;
  // with its VM go the names
  if (isCondemned(site, vmId)) return problems;
  const ref = placeOf(site, vmId, vm);
  const items =
    (await site.asking.ask(nodeName(ref.nodeId), () => site.snapshots(ref).recent(LIST_AGE_MS))) ?? [];
  // a replacement that keeps the name takes its predecessor away first
  const isTaken = items.some((item) => item.name === name) && !items.some((item) => isOurs(item, { key }));
  return isTaken ? [...problems, { field: "name", reason: nameTaken(name, ref) }] : problems;
};

/** A copy of a VM's system disk that an image server is to have, as an image that VMs can be made from. */
export const snapshot = defineResource<typeof snapshotShape, Site>({
  kind: "Snapshot",
  schemaVersion: 1,
  shape: snapshotShape,
  // the new one may bear the old one's name, and the node can't tell two of one name apart
  deleteBeforeReplace: true,
  preflight: preflightBy(
    nodeOf,
    async (site, news, changes) => [...withoutDisks(news), ...(await preflight(site, news, changes))],
    legacySnapshotPreflight,
  ),
  costs: () => ({
    replace: "replaced: deleted, then made anew; the image server keeps the copy that it has",
  }),
  lost: ({ file }) => (typeof file === "string" ? [file] : []),
  planned: (site, _id, state, news, plan) => settlePart(site, state, news, plan),
  async create(context, args) {
    const nodeId = String(nodeOf(args));
    if (await isOlderFor(context.site, nodeId, args.imageServer)) return createLegacySnapshot(context, args);
    const [problem] = withoutDisks(args);
    if (problem) throw new UserError(problem.reason);
    return createSnapshot(context, args);
  },
  async read(context, id, state) {
    const isOlder = state
      ? state.__older === true
      : (await context.site.client.generation(id.split("/")[0] ?? "")) === "legacy";
    return (isOlder ? readLegacySnapshot : readSnapshot)(context, id, state);
  },
  update: (context, id, state, args) =>
    state.__older === true
      ? changeLegacySnapshot(context, state, args)
      : changeSnapshot(context, id, state, args),
  delete: (context, id, state) =>
    state.__older === true ? deleteLegacySnapshot(context, state) : deleteSnapshot(context, id, state),
});
