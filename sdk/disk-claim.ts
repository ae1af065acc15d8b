import * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import { keyOptions } from "./key";
import { DbcResource } from "./resource";

/**
 * The list of a VM's disks as it was before a {@link DataDisk} was added; registered by it and of no use alone.
 * @internal
 */
export class DiskClaim extends DbcResource {
  declare readonly files: pulumi.Output<readonly string[]>;
  declare readonly peers: pulumi.Output<readonly string[]>;

  constructor(name: string, args: pulumi.Inputs, disk: pulumi.CustomResourceOptions) {
    super(kinds.diskClaim, name, args, {
      ...keyOptions(kinds.dataDisk, kinds.diskClaim, disk),
      ...(disk.deletedWith && { deletedWith: disk.deletedWith }),
    });
  }

  /** What the disk is told. */
  get claim(): pulumi.Output<unknown> {
    return pulumi.output({ key: this.id, files: this.files, peers: this.peers });
  }
}
