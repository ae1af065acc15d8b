// Generated from the resource's definition by `make docs`; do not edit.
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link Lan}. */
export interface LanArgs {
  /**
   * Rented node that the LAN is made on; all nodes of its machine room know it then.
   * A change replaces the resource.
   * @see `peer_nodes_list` of POST /lan/create
   */
  readonly nodeId: pulumi.Input<string>;

  /**
   * Name of the LAN, unique in the machine room: what a `Vm` takes as `lan`. Made up unless given.
   * A change replaces the resource.
   * @see `network_name` of POST /lan/create
   */
  readonly name?: pulumi.Input<string> | undefined;

  /**
   * Range of its addresses, handed out by DHCP.
   * A change replaces the resource.
   * @see `ip_cidr` of POST /lan/create
   */
  readonly cidr: pulumi.Input<string>;

  /**
   * Takes over a LAN of this name that exists.
   * A change makes no API call.
   * @defaultValue false
   */
  readonly adopt?: pulumi.Input<boolean> | undefined;

  /**
   * Per-GPU rental order that the node is asked under.
   * A change makes no API call.
   * @see `rent_order` of POST /lan/create
   */
  readonly rentOrder?: pulumi.Input<string> | undefined;

  /**
   * Deadlines: 2 m unless given; a delete waits 20 m for VMs that the same run deletes. Filled from `customTimeouts`.
   * A change makes no API call.
   */
  readonly timeouts?: pulumi.Input<{ create?: pulumi.Input<string>; update?: pulumi.Input<string>; delete?: pulumi.Input<string> }> | undefined;
}
