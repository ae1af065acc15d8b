// Generated from the resource's definition by `make docs`; do not edit.
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link DataDisk}. */
export interface DataDiskArgs {
  /**
   * VM that the disk belongs to: the `id` of a `Vm`.
   * A change replaces the resource.
   * @see POST /disk/add/{task_id}
   */
  readonly vmId: pulumi.Input<string>;

  /**
   * Size in GiB; it can grow, never shrink.
   * A change needs a power-off and a start: see `allowStop`.
   * @see `size` of POST /disk/add/{task_id}, /disk/resize/{task_id}
   */
  readonly sizeGib: pulumi.Input<number>;

  /**
   * Directory of the node that holds the disk's file; `getNode` lists those for data.
   * A change replaces the resource.
   * @defaultValue "/data"
   * @see `mount_dir` of POST /disk/add/{task_id}
   */
  readonly directory?: pulumi.Input<string> | undefined;

  /**
   * Takes over this disk of the VM, which `getDisks` lists, instead of adding one.
   * A change makes no API call.
   */
  readonly adoptFile?: pulumi.Input<string> | undefined;

  /**
   * Deadlines: 15 m each unless given. Filled from `customTimeouts`.
   * A change makes no API call.
   */
  readonly timeouts?: pulumi.Input<{ create?: pulumi.Input<string>; update?: pulumi.Input<string>; delete?: pulumi.Input<string> }> | undefined;
}
