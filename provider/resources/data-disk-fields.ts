/** The id of a VM. */
export const VM_ID = /^[0-9a-f]{64}\/[0-9A-Za-z]{1,64}$/;

const PART = "(?!\\.{1,2}(?:/|$))[A-Za-z0-9._-]{1,100}";

/** A directory of a node, as a whole path. */
export const DIRECTORY = new RegExp(`^(?:/${PART})+$`);

/** The file of a disk, as a whole path. */
export const DISK_FILE = new RegExp(`^(?:/${PART})+\\.qcow2$`);
