// Generated from the resource's definition by `make docs`; do not edit.
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link Snapshot}. */
export interface SnapshotArgs {
  /**
   * VM whose system disk is copied: the `id` of a `Vm`. It is off while the copy is made, not while it is sent.
   * A change replaces the resource.
   * @see POST /snapshot/create/{task_id}
   */
  readonly vmId: pulumi.Input<string>;

  /**
   * Name of the snapshot on its node; no other of the same VM may have it.
   * A change replaces the resource.
   * @see `snapshot_name` of POST /snapshot/create/{task_id}
   */
  readonly name: pulumi.Input<string>;

  /**
   * Image server that the copy is sent to. Must be given, but for nodes of the older API generation, which know none.
   * A change replaces the resource.
   * @defaultValue ""
   * @see `image_server` of POST /snapshot/create/{task_id}
   */
  readonly imageServer?: pulumi.Input<string> | undefined;

  /**
   * On a node of the older API generation: the disks that it is of, and how; all of them, external, unless given. Elsewhere it is always of the system disk.
   * A change replaces the resource.
   * @see `disks` of POST /snapshot/{task_id}/create
   */
  readonly disks?: pulumi.Input<pulumi.Input<{ name: pulumi.Input<string>; type?: pulumi.Input<"external" | "internal" | "no">; fileName?: pulumi.Input<string> }>[]> | undefined;

  /**
   * What it is for; its node keeps it, with a mark of ours behind it.
   * A change replaces the resource.
   * @see `desc` of POST /snapshot/create/{task_id}
   */
  readonly description?: pulumi.Input<string> | undefined;

  /**
   * Deadlines; without `create`, 6 h for the copy, during which the VM is off, and for the upload as long as it moves. Filled from `customTimeouts`.
   * A change makes no API call.
   */
  readonly timeouts?: pulumi.Input<{ create?: pulumi.Input<string>; update?: pulumi.Input<string>; delete?: pulumi.Input<string> }> | undefined;
}
