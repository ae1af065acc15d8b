import type * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import { mistake } from "./gate";
import { keepersOf } from "./key";
import { onVm } from "./on-vm";
import { DbcResource } from "./resource";
import type { SnapshotArgs } from "./snapshot-args";
import { SnapshotKey } from "./snapshot-key";

/**
 * A copy of a VM's system disk that an image server is to have, as an image that VMs can be made from. Done means
 * that the image server lists it. Data disks are not in it, and no VM can be set back to it.
 *
 * The copy is made while the VM is off, and the node's only power-off is a hard one: the Vm's `allowStop` (or
 * `DBC_ALLOW_STOP=1`) is the consent to it. The VM starts again as soon as the copy is made, before it is sent; disks
 * and snapshots that are made in the same `up` share the time that it is off.
 *
 * Every change makes a new snapshot. When it is deleted, its node's file goes; the image server's copy stays, because
 * no call can remove it.
 *
 * Pass the Vm's own `id`: the snapshot then has the Vm as its parent, takes its provider, and is deleted with it.
 *
 * @example
 * ```ts
 * const golden = new dbc.Snapshot("golden", { vmId: box.id, name: "golden", imageServer: "ID_1" });
 * const there = new dbc.Image("there", { nodeId: other, name: golden.image, imageServer: golden.imageServer });
 * new dbc.Vm("copy", { nodeId: other, image: there.name, … });
 * ```
 */
export class Snapshot extends DbcResource {
  /** VM that it was made of. */
  declare readonly vmId: pulumi.Output<string>;
  /** Image server that has it. */
  declare readonly imageServer: pulumi.Output<string>;
  /** Name on the image server: what an `Image` takes as `name`. */
  declare readonly image: pulumi.Output<string>;
  /** File on its node: what an `ImageUpload` takes as `snapshotFile`, to send it to another server. */
  declare readonly file: pulumi.Output<string>;
  /** Size as the image server's list prints it. */
  declare readonly size: pulumi.Output<string | undefined>;
  /** When it was made, in the node's own time without a zone. */
  declare readonly createdAt: pulumi.Output<string | undefined>;
  /** How far the provider has got: `ready`, or what the next `pulumi up` goes on with. */
  declare readonly phase: pulumi.Output<string>;

  /**
   * @param name Name in the program; it never reaches the node.
   * @param args What to make of which VM. Every mistake is reported at preview.
   * @param opts Pulumi's options. `deleteBeforeReplace` is always true; `customTimeouts` become `timeouts`.
   */
  constructor(name: string, args: SnapshotArgs, opts: pulumi.CustomResourceOptions = {}) {
    if (opts.deleteBeforeReplace === false)
      mistake(
        `Snapshot "${name}"`,
        "deleteBeforeReplace can't be false, because a node can't tell two snapshots of one name apart.",
      );
    const { customTimeouts } = opts;
    const { hidden, opts: placed } = onVm(kinds.snapshot, name, args.vmId, opts);
    const key =
      opts.id === undefined
        ? new SnapshotKey(name, placed, keepersOf(kinds.snapshot, args, opts)).id
        : undefined;
    super(
      kinds.snapshot,
      name,
      {
        ...args,
        ...(customTimeouts && args.timeouts === undefined && { timeouts: customTimeouts }),
        ...hidden,
        ...(key && { __key: key }),
      },
      { ...placed, deleteBeforeReplace: true },
    );
  }

  /**
   * A snapshot that some other program, or nobody, manages; it is read and never changed.
   *
   * @param id `<nodeId>/<taskId>/<name>`
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts: pulumi.CustomResourceOptions = {}): Snapshot {
    // a resource that is looked up has no arguments, which the constructor's type can't say
    return new Snapshot(name, {} as SnapshotArgs, { ...opts, id });
  }
}
