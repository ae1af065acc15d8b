/** Calls about the disks of a VM: `/disk`. */
import * as z from "zod";
import { toDisk } from "./domain";
import * as field from "./fields";
import { atTask, type Call, check } from "./requests";
import type { Disk } from "./types";
import * as wire from "./wire";

const accepted = wire.AcceptedAnswer.transform(() => undefined);

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
    answer: accepted,
  };
};

const Addition = z.object({ directory: field.directory, sizeGib: field.diskGib });

/** Tells no name: the new disk is what the list shows that it did not show before. */
export const addDisk = (
  node: string,
  task: string,
  input: { readonly sizeGib: number; readonly directory: string },
): Call<undefined> => {
  const { nodeId, taskId, what } = atTask("add a disk to", node, task);
  const { sizeGib, directory } = check(what, Addition, input);
  return {
    operation: "add disk",
    nodeId,
    what,
    path: `/disk/add/${taskId}`,
    write: true,
    additional: { size: sizeGib, mount_dir: directory },
    needsAuthority: true,
    notFound: NO_TASK,
    answer: accepted,
  };
};

export const deleteDisk = (node: string, task: string, disk: string): Call<undefined> => {
  const { nodeId, taskId, what } = atTask("delete a disk of", node, task);
  const named = check(what, z.object({ disk: field.disk }), { disk });
  return {
    operation: "delete disk",
    nodeId,
    what,
    path: `/disk/delete/${taskId}`,
    write: true,
    additional: named,
    needsAuthority: true,
    notFound: NO_TASK,
    answer: accepted,
  };
};
