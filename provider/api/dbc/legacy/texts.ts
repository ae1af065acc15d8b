import type { Row } from "../texts";

const IMAGE = "choose an image that the node has, or download it to the node first";

/** What only nodes of the older generation say with HTTP 200 and an errcode; refusals come before any effect. */
export const LEGACY_SAYS: readonly Row[] = [
  // create, in the node's order of checks
  ["ssh_port is invalid", "refused", "set sshPort"],
  ["vnc port is not specified", "refused", "set vncPort"],
  ["vnc port out of range*", "refused", "vncPort is from 5900 to 6000 on a node of the older generation"],
  ["image_name is empty or image_name is invalid", "refused", "an image's name ends in .qcow2"],
  ["image does not exist", "refused", IMAGE],
  ["image is not a regular file", "refused", IMAGE],
  ["gpu_count is invalid", "refused"],
  ["disk_size is invalid", "refused"],
  // verbs: no machine of that id, as of one that failed early, or the hypervisor is away
  ["domain not exist", "not-found"],
  // snapshots
  ["task snapshot is busy, please wait a moment", "refused", "another snapshot of this VM is being made"],
  ["snapshot_name is not specified", "refused"],
  ["snapshot_name is already exist", "refused", "choose another name"],
  ["snapshot description is not specified", "refused"],
  ["can not get vm disk info", "refused", "the node can't see the VM's disks now; try again in a minute"],
  ["additional disk_name not exist in task:*", "refused", "disks names a disk that the VM does not have"],
  ["parse additional *", "refused"],
  ["invalid additional disks item *", "refused"],
  ["additional disks *", "refused"],
  ["invalid snapshot_file_name*", "refused"],
  ["disks item snapshot_file_name already exist", "refused", "choose another fileName"],
  ["disks is empty", "refused"],
  ["task_id no exist", "not-found"],
  ["The function is not implemented yet.", "refused"],
  // images
  [
    "image not exist",
    "refused",
    "check the name: it is not in the image centre, or not a file ending in .qcow2",
  ],
  [
    "image already exist, please rename*",
    "refused",
    "the image centre has one of this name: rename the file",
  ],
  ["list images file error: *", "unavailable", "the node can't reach the image centre"],
];
