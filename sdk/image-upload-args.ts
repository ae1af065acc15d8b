// Generated from the resource's definition by `make docs`; do not edit.
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link ImageUpload}. */
export interface ImageUploadArgs {
  /**
   * Rented node that has the file. The client node can't upload files of its own.
   * A change replaces the resource.
   * @see `peer_nodes_list` of POST /images/upload
   */
  readonly nodeId: pulumi.Input<string>;

  /**
   * Image in the node's /data; also the system disk of a VM of yours that is off.
   * A change replaces the resource.
   * @see `image_filename` of POST /images/upload
   */
  readonly name?: pulumi.Input<string> | undefined;

  /**
   * Whole path of a file of the node instead: a `Snapshot`'s `file`.
   * A change replaces the resource.
   * @see `image_filename` of POST /images/upload
   */
  readonly snapshotFile?: pulumi.Input<string> | undefined;

  /**
   * Image server to upload to. Must be given, but for nodes of the older API generation, which know none.
   * A change replaces the resource.
   * @defaultValue ""
   * @see `image_server` of POST /images/upload
   */
  readonly imageServer?: pulumi.Input<string> | undefined;

  /**
   * Per-GPU rental order that the node is asked under.
   * A change makes no API call.
   * @see `rent_order` of POST /images/upload
   */
  readonly rentOrder?: pulumi.Input<string> | undefined;

  /**
   * Deadlines; without one a transfer goes on for as long as it moves. Filled from `customTimeouts`.
   * A change makes no API call.
   */
  readonly timeouts?: pulumi.Input<{ create?: pulumi.Input<string>; update?: pulumi.Input<string>; delete?: pulumi.Input<string> }> | undefined;
}
