/** Calls about snapshots of the older generation: libvirt's, disk by disk, with the VM's id before the verb (seed 003). */
import * as z from "zod";
import * as field from "../fields";
import { atTask, type Call, check } from "../requests";
import { toLegacySnapshot } from "./domain";
import type { LegacySnapshot, NewLegacySnapshot } from "./types";
import { LegacySnapshotAnswer, LegacySnapshotOrderAnswer, LegacySnapshotsAnswer } from "./wire";

const Name = z.object({
  // `create` and `delete` in this place of the path are verbs
  name: field.snapshotName.refine((name) => name !== "create" && name !== "delete", {
    error: "must be neither create nor delete",
  }),
});

export const listSnapshots = (node: string, task: string): Call<LegacySnapshot[]> => {
  const { nodeId, taskId, what } = atTask("list the snapshots of", node, task);
  return {
    operation: "list snapshot",
    nodeId,
    what,
    path: `/snapshot/${taskId}`,
    write: false,
    additional: {},
    needsAuthority: true,
    notFound: { words: "task_id not exist", errcode: -3 },
    answer: LegacySnapshotsAnswer.transform((answer) => answer.map(toLegacySnapshot)),
  };
};

export const getSnapshot = (node: string, task: string, snapshot: string): Call<LegacySnapshot> => {
  const { nodeId, taskId, what } = atTask("read a snapshot of", node, task);
  const { name } = check(what, Name, { name: snapshot });
  return {
    operation: "list snapshot",
    nodeId,
    what,
    path: `/snapshot/${taskId}/${name}`,
    write: false,
    additional: {},
    needsAuthority: true,
    notFound: { words: "snapshot_name not exist", errcode: -3 },
    answer: LegacySnapshotAnswer.refine((answer) => answer.snapshot_name === name).transform(
      toLegacySnapshot,
    ),
  };
};

const New = Name.extend({
  description: field.description.pipe(z.string().min(1, "must not be empty")),
  disks: z
    .array(
      z.object({
        name: field.disk,
        type: z.enum(["external", "internal", "no"], { error: "must be external, internal or no" }),
        fileName: field.image
          .refine((file) => !file.includes("/"), { error: "must be without a folder" })
          .optional(),
      }),
    )
    .min(1, "must not be empty")
    .optional(),
});

/** Refused when the VM has one of that name, so that a second order does no harm. */
export const createSnapshot = (node: string, task: string, input: NewLegacySnapshot): Call<undefined> => {
  const { nodeId, taskId, what } = atTask("make a snapshot of", node, task);
  const { name, description, disks } = check(what, New, input);
  return {
    operation: "create snapshot",
    nodeId,
    what,
    path: `/snapshot/${taskId}/create`,
    write: true,
    additional: {
      snapshot_name: name,
      description,
      disks: disks?.map((disk) => ({
        disk_name: disk.name,
        snapshot_type: disk.type,
        ...(disk.fileName !== undefined && { snapshot_file_name: disk.fileName }),
      })),
    },
    needsAuthority: true,
    // an answer about another one proves nothing about ours
    answer: LegacySnapshotOrderAnswer.refine((answer) => answer.snapshot_name === name).transform(
      () => undefined,
    ),
  };
};
