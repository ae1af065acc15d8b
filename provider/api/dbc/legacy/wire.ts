/**
 * What nodes of the older generation answer where it differs (DBC 0.3.7 to 0.3.9.7). As in `../wire.ts`, unknown fields
 * are let through; the simulator answers with these same schemas.
 */
import * as z from "zod";
import { NodeAnswer, TaskDetailAnswer } from "../wire";

const MAX_ITEMS = 10_000;
const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(MAX_ITEMS);
const text = z.string();
const size = z.string().regex(/^\d{1,15}(\.\d+)?[KMGTP]?$/);

/** One data directory, not a list; images by name alone; no number of sockets. */
export const LegacyNodeAnswer = NodeAnswer.omit({ disk_data: true, images: true, cpu: true }).extend({
  node_type: text.optional(),
  cpu: z.object({ type: text, cores: z.string().regex(/^\d{1,6}$/), used_usage: text.optional() }),
  disk_data: z.object({ type: text.optional(), size, free: size, used_usage: text.optional() }),
  images: list(text).optional(),
});

/** No system, no description; the data disk's size stands beside the list of disks, which has none. */
export const LegacyTaskDetailAnswer = TaskDetailAnswer.extend({
  /** `-1` when the node has forgotten what the VM was made of. */
  vnc_port: z.union([TaskDetailAnswer.shape.vnc_port, z.literal("-1")]),
  disk_data: size.optional(),
});

/** What the image centre has; only names. */
export const LegacyImagesAnswer = list(text);

export const LegacySnapshotAnswer = z.object({
  snapshot_name: text,
  description: text.optional(),
  create_time: text.optional(),
  /** `creating`, libvirt's state, or the text of an error. */
  state: text,
  disks: list(
    z.object({ disk_name: text, snapshot_type: text, driver_type: text.optional(), snapshot_file: text }),
  ).optional(),
});

export const LegacySnapshotsAnswer = list(LegacySnapshotAnswer);

/** The answer to the order of a snapshot. */
export const LegacySnapshotOrderAnswer = z.object({ snapshot_name: text, status: text });
