/** Calls about snapshots: images of a VM's system disk that are sent to an image server; `/snapshot` (reference 4). */
import * as z from "zod";
import { toSnapshot } from "./domain";
import * as field from "./fields";
import { atTask, type Call, check } from "./requests";
import type { NewSnapshot, Snapshot } from "./types";
import * as wire from "./wire";

const accepted = wire.AcceptedAnswer.transform(() => undefined);

/** `[]` also when the node knows no such VM. */
export const listSnapshots = (node: string, task: string): Call<Snapshot[]> => {
  const { nodeId, taskId, what } = atTask("list the snapshots of", node, task);
  return {
    operation: "list snapshot",
    nodeId,
    what,
    path: `/snapshot/list/${taskId}`,
    write: false,
    additional: {},
    needsAuthority: true,
    answer: wire.SnapshotsAnswer.transform((answer) => answer.map(toSnapshot)),
  };
};

const New = z.object({
  name: field.snapshotName,
  imageServer: field.imageServer,
  description: field.description.optional(),
});

/** Not unique by name: never repeat it without having looked at the list. */
export const createSnapshot = (node: string, task: string, input: NewSnapshot): Call<undefined> => {
  const { nodeId, taskId, what } = atTask("make a snapshot of", node, task);
  const { name, imageServer, description } = check(what, New, input);
  return {
    operation: "create snapshot",
    nodeId,
    what,
    path: `/snapshot/create/${taskId}`,
    write: true,
    additional: { snapshot_name: name, image_server: imageServer, desc: description },
    needsAuthority: true,
    answer: accepted,
  };
};

/** Takes away the first of that name, its file and its upload; the image server's copy stays. */
export const deleteSnapshot = (node: string, task: string, snapshot: string): Call<undefined> => {
  const { nodeId, taskId, what } = atTask("delete a snapshot of", node, task);
  const { name } = check(what, z.object({ name: field.snapshotName }), { name: snapshot });
  return {
    operation: "delete snapshot",
    nodeId,
    what,
    path: `/snapshot/delete/${taskId}/${name}`,
    write: true,
    additional: {},
    needsAuthority: true,
    notFound: { words: `${name} not exist` },
    answer: accepted,
  };
};
