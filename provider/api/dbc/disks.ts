/** Calls about the disks of a VM: `/disk`. */
import * as z from "zod";
import { toDisk } from "./domain";
import * as field from "./fields";
import { atTask, type Call, check } from "./requests";
import type { Disk } from "./types";
import * as wire from "./wire";

/** As in the verbs of a VM, though with another code: no proof of absence. */
const NO_TASK = { words: "task not exist" };

export const listDisks = (node: string, task: string): Call<Disk[]> => {
  const { nodeId, taskId, what } = atTask("list the disks of", node, task);
  return {
    operation: "list disk",
    nodeId,
    what,
    path: `/disk/list/${taskId}`,
    write: false,
    additional: {},
    needsAuthority: true,
    notFound: NO_TASK,
    answer: wire.DisksAnswer.transform((disks) => disks.map(toDisk)),
  };
};

const Growth = z.object({ disk: field.disk, growGib: field.diskGib });

export const growDisk = (node: string, task: string, disk: string, growGib: number): Call<undefined> => {
  const { nodeId, taskId, what } = atTask("grow a disk of", node, task);
  const growth = check(what, Growth, { disk, growGib });
  return {
    operation: "resize disk",
    nodeId,
    what,
    path: `/disk/resize/${taskId}`,
    write: true,
    // a number, and never left out: as text or missing, the node takes what lies in its memory (31T, seen)
    additional: { disk: growth.disk, size: growth.growGib },
    needsAuthority: true,
    notFound: NO_TASK,
    answer: wire.AcceptedAnswer.transform(() => undefined),
  };
};
