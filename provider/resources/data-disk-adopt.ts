import type { Disk } from "../api/dbc/types";
import { UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { DataDiskArgs } from "./data-disk";
import { ledgerOf } from "./data-disk-ledger";
import { directoryOf, withFile } from "./data-disk-state";
import type { Site } from "./site";
import { nameOf, type VmRef } from "./vm-state";

/** Takes over a disk that exists: what its VM's list shows of it must agree with the arguments. */
export const adoptDisk = async (
  context: Context<Site>,
  ref: VmRef,
  args: DataDiskArgs,
  file: string,
): Promise<Disk> => {
  const ledger = ledgerOf(context.site, args.vmId);
  const disk = withFile(file)(await context.site.disks(ref).fresh());
  const refuse = (why: string) => new UserError(`can't adopt ${file} on ${nameOf(ref)}: ${why}`);
  if (!disk) throw refuse("the VM has no such disk: mend adoptFile or vmId; getDisks lists them.");
  if (disk.name === "vda" || disk.name === "vdb")
    throw refuse(`it is ${disk.name}, which the VM was made with and which belongs to the Vm.`);
  if (ledger.isTaken(file)) throw refuse("another DataDisk of this program has it.");
  const differs = [
    ...(directoryOf(file) === args.directory
      ? []
      : [`directory is ${directoryOf(file)}, not ${args.directory}`]),
    ...(disk.sizeGib === args.sizeGib ? [] : [`sizeGib is ${disk.sizeGib}, not ${args.sizeGib}`]),
  ];
  if (differs.length > 0)
    throw refuse(`${differs.join("; ")}; write down what is there, and change it in a later up.`);
  ledger.know(undefined, file);
  return disk;
};
