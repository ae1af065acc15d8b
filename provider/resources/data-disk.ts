import * as z from "zod";
import { DURATION } from "../core/duration";
import { field, text, whole } from "../core/fields";
import type { ArgsOf } from "../core/resource";
import { changeDataDisk, createDataDisk } from "./data-disk-apply";
import { deleteDataDisk } from "./data-disk-delete";
import { DIRECTORY, DISK_FILE, VM_ID } from "./data-disk-fields";
import { readDataDisk } from "./data-disk-read";
import { isVmOff, planDataDisk, preflight, refuse } from "./data-disk-rules";
import { thingOf } from "./data-disk-state";
import { defineHolder } from "./holds";
import { refuseLegacy, vmNode } from "./legacy";

const ADD = "POST /disk/add/<task_id>";

const duration = text(DURATION, 'a duration such as "90s" or "1h30m"').optional();

/** Arguments of a data disk: where it is, and how large. */
export const dataDiskShape = {
  vmId: field(
    { cost: "replace", source: ADD },
    text(VM_ID, "the id of a Vm: <nodeId>/<taskId>").describe(
      "VM that the disk belongs to: the `id` of a `Vm`.",
    ),
  ),
  sizeGib: field(
    { cost: "needsStop", wire: "size", source: `${ADD}, /disk/resize/<task_id>` },
    whole(1, 1_048_576, "GiB").describe("Size in GiB; it can grow, never shrink."),
  ),
  directory: field(
    { cost: "replace", wire: "mount_dir", source: ADD },
    text(DIRECTORY, 'a directory of the node, such as "/data"')
      .default("/data")
      .describe("Directory of the node that holds the disk's file; `getNode` lists those for data."),
  ),
  adoptFile: field(
    { cost: "stateOnly" },
    text(DISK_FILE, 'the whole path of a disk file, such as "/data/data_1_2.qcow2"')
      .optional()
      .describe("Takes over this disk of the VM, which `getDisks` lists, instead of adding one."),
  ),
  timeouts: field(
    { cost: "stateOnly" },
    z
      .strictObject(
        { create: duration, update: duration, delete: duration },
        { error: "must be an object { create?, update?, delete? }" },
      )
      .optional()
      .describe("Deadlines: 15 m each unless given. Filled from `customTimeouts`."),
  ),
} as const;

/** Arguments of a data disk as a user may write them. */
export type DataDiskGiven = z.input<z.ZodObject<typeof dataDiskShape>>;

/** Checked arguments of a data disk. */
export type DataDiskArgs = ArgsOf<typeof dataDiskShape>;

/** A disk that is added to a VM, beside those that the VM was made with. */
export const dataDisk = defineHolder<typeof dataDiskShape>(thingOf, {
  kind: "DataDisk",
  schemaVersion: 1,
  shape: dataDiskShape,
  // the old disk's data may have to be copied to the new one
  deleteBeforeReplace: false,
  refuse,
  preflight: async (site, news, changes) => {
    const older = await refuseLegacy(site, vmNode(news.vmId), "vmId", "a DataDisk");
    return older.length > 0 ? older : preflight(site, news, changes);
  },
  costs: (_state, { __vm: vm }) =>
    isVmOff(vm)
      ? { needsStop: "changed while its VM is off" }
      : { needsStop: "power-off of its VM, change, start" },
  lost: ({ file }) => (typeof file === "string" ? [file] : []),
  planned: planDataDisk,
  create: createDataDisk,
  read: readDataDisk,
  update: changeDataDisk,
  delete: deleteDataDisk,
});
