import type * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import type { DataDiskArgs } from "./data-disk-args";
import { DiskClaim } from "./disk-claim";
import { onVm } from "./on-vm";
import { DbcResource } from "./resource";

/**
 * A disk that is added to a VM, beside those that the VM was made with. It grows in place and never shrinks, and goes
 * when its VM goes.
 *
 * The node adds, grows and deletes disks only while the VM is off, and its only power-off is a hard one: the Vm's
 * `allowStop` (or `DBC_ALLOW_STOP=1`) is the consent to it. All that is changed on one VM in one `up` shares one
 * power cycle as far as Pulumi runs it at the same time (`--parallel`); disks that are deleted come after all else.
 * The VM is started again before any of them counts as done.
 *
 * Pass the Vm's own `id`: the disk then has the Vm as its parent, takes its provider, and is deleted with it.
 *
 * @example
 * ```ts
 * const scratch = new dbc.DataDisk("scratch", { vmId: box.id, sizeGib: 500 });
 * export const device = scratch.device;
 * ```
 */
export class DataDisk extends DbcResource {
  /** VM that the disk belongs to. */
  declare readonly vmId: pulumi.Output<string>;
  /** Size in GiB. */
  declare readonly sizeGib: pulumi.Output<number>;
  /** File on the node, which is what identifies the disk. */
  declare readonly file: pulumi.Output<string>;
  /** Name of the disk on the node, such as `vdc`; the guest's own may differ. */
  declare readonly device: pulumi.Output<string>;
  /** How far the provider has got: `ready`, or what the next `pulumi up` goes on with. */
  declare readonly phase: pulumi.Output<string>;

  /**
   * @param name Name in the program; it never reaches the node.
   * @param args What to add. Every mistake is reported at preview.
   * @param opts Pulumi's options; `customTimeouts` become `timeouts`.
   */
  constructor(name: string, args: DataDiskArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { customTimeouts } = opts;
    const { hidden, opts: placed } = onVm(kinds.dataDisk, name, args.vmId, opts);
    const claim =
      opts.id === undefined
        ? new DiskClaim(
            name,
            {
              vmId: args.vmId,
              ...(args.directory !== undefined && { directory: args.directory }),
              ...hidden,
            },
            placed,
          )
        : undefined;
    super(
      kinds.dataDisk,
      name,
      {
        ...args,
        ...(customTimeouts && args.timeouts === undefined && { timeouts: customTimeouts }),
        ...hidden,
        ...(claim && { __claim: claim.claim }),
      },
      placed,
    );
  }

  /**
   * A disk that some other program, or nobody, manages; it is read and never changed.
   *
   * @param id `<nodeId>/<taskId>/<name of its file>`, as `getDisks` tells it.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts: pulumi.CustomResourceOptions = {}): DataDisk {
    // a resource that is looked up has no arguments, which the constructor's type can't say
    return new DataDisk(name, {} as DataDiskArgs, { ...opts, id });
  }
}
