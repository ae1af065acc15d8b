// Generated from the resource's definition by `make docs`; do not edit.
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link Image}. */
export interface ImageArgs {
  /**
   * Rented node that is to have the image.
   * A change replaces the resource.
   * @see `peer_nodes_list` of POST /images/download
   */
  readonly nodeId: pulumi.Input<string>;

  /**
   * File name of the image, on the image server and on the node.
   * A change replaces the resource.
   * @see `image_filename` of POST /images/download
   */
  readonly name: pulumi.Input<string>;

  /**
   * Image server to download from, should the node not have the image. Must be given, but for nodes of the older API generation, which know none.
   * A change makes no API call.
   * @defaultValue ""
   * @see `image_server` of POST /images/download
   */
  readonly imageServer?: pulumi.Input<string> | undefined;

  /**
   * Directory of the node for the image.
   * A change replaces the resource.
   * @defaultValue "/data"
   * @see `local_dir` of POST /images/download
   */
  readonly directory?: pulumi.Input<"/data"> | undefined;

  /**
   * Whether the file is deleted with the resource. The node does not look whether a VM stands on it, and other people's can't be seen.
   * A change makes no API call.
   * @defaultValue false
   * @see POST /images/delete
   */
  readonly deleteFromNode?: pulumi.Input<boolean> | undefined;

  /**
   * Per-GPU rental order that the node is asked under.
   * A change makes no API call.
   * @see `rent_order` of POST /images/download
   */
  readonly rentOrder?: pulumi.Input<string> | undefined;

  /**
   * Deadlines; without one a transfer goes on for as long as it moves. Filled from `customTimeouts`.
   * A change makes no API call.
   */
  readonly timeouts?: pulumi.Input<{ create?: pulumi.Input<string>; update?: pulumi.Input<string>; delete?: pulumi.Input<string> }> | undefined;
}
