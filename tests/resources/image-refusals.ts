/**
 * What a node is known to refuse about images and snapshots (reference 4 and 5), what the user reads then, and what is
 * left. `reads` is what stands between the sentence's beginning and its end.
 */
export interface Refusal {
  readonly resource: "Image" | "ImageUpload" | "Snapshot";
  readonly step: "create" | "delete";
  readonly operation: string;
  readonly said: string;
  /** The errcode; -3 for mistakes in the request of a snapshot. */
  readonly code: number;
  /** The sentence; `undefined` when the step goes on and ends well. */
  readonly reads: string | undefined;
  readonly left: string;
}

const NODE = "node a1a1a1a1…";
const NO_IMAGE =
  "check the name: getImages lists what the image server, or the node, has (a server that can't be reached has nothing)";
const NOTHING = "nothing: no file, no resource";

const refused = (tried: string, said: string, remedy?: string): string =>
  `could not ${tried}: the node said "${said}"${remedy === undefined ? "" : `; ${remedy}`}`;

const download = (said: string, remedy?: string): Refusal => ({
  resource: "Image",
  step: "create",
  operation: "images.download",
  said,
  code: 1,
  reads: refused(`download image pytorch.qcow2 from image server lab to ${NODE}`, said, remedy),
  left: NOTHING,
});

const upload = (said: string, remedy?: string): Refusal => ({
  resource: "ImageUpload",
  step: "create",
  operation: "images.upload",
  said,
  code: 1,
  reads: refused(`upload /data/own.qcow2 of ${NODE} to image server lab`, said, remedy),
  left: NOTHING,
});

const snapshot = (said: string, code: number, remedy?: string): Refusal => ({
  resource: "Snapshot",
  step: "create",
  operation: "snapshot.create",
  said,
  code,
  reads: refused(`make a snapshot of VM pd1aaaaaaaaaaaaaaaaaaa of ${NODE}`, said, remedy),
  left: "nothing: no snapshot, no resource; the VM runs again",
});

export const imageRefusals: readonly Refusal[] = [
  download("no image_server"),
  download("additional parse failed"),
  download("additional no image_filename"),
  download("additional no local_dir"),
  download("image:pytorch.qcow2 not exist", NO_IMAGE),
  download("image server is invalid", "check the client node's image_server setting"),
  download("query image file size failed", "check that the image server can be reached from the node"),
  {
    ...download("image:pytorch.qcow2 in downloading"),
    reads: undefined,
    left: "the image: a download that is under way is joined",
  },
  {
    resource: "Image",
    step: "delete",
    operation: "images.delete",
    said: "image_filename is empty",
    code: 1,
    reads: refused(`delete image pytorch.qcow2 of ${NODE}`, "image_filename is empty"),
    left: "the file, and the resource in the state",
  },
  {
    resource: "Image",
    step: "delete",
    operation: "images.delete",
    said: "image file:pytorch.qcow2 is not exist",
    code: 1,
    reads: undefined,
    left: "nothing: it was gone already",
  },
  {
    resource: "Image",
    step: "delete",
    operation: "images.delete",
    said: "image file is in downloading or uploading, please try again later",
    code: 1,
    reads: undefined,
    left: "nothing: the transfer's end is waited for",
  },
  upload("no image_server"),
  upload("image_filename is empty"),
  upload("image:/data/own.qcow2 not exist", NO_IMAGE),
  upload("image server is invalid", "check the client node's image_server setting"),
  {
    ...upload("image:/data/own.qcow2 in uploading"),
    reads: undefined,
    left: "the image on the server: an upload that is under way is joined",
  },
  snapshot("parse xml failed", -3),
  snapshot("'snapshot_name' is empty", -3),
  snapshot("task have no disk", 1),
  snapshot("task have no disk:'vda'", 1),
  snapshot("please close task first and try again", 1, "power the VM off first"),
  snapshot("not found vda's root backfile", 1, "the VM's system disk stands on a file that is gone"),
  snapshot("pxe not support disk", -3, "a VM with bios pxe has no disks"),
  {
    resource: "Snapshot",
    step: "delete",
    operation: "snapshot.delete",
    said: "golden not exist",
    code: 1,
    reads: undefined,
    left: "nothing on the node; the image server's copy",
  },
];
