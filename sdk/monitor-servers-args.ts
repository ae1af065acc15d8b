// Generated from the resource's definition by `make docs`; do not edit.
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link MonitorServers}. */
export interface MonitorServersArgs {
  /**
   * Rented node that sends the figures.
   * A change replaces the resource.
   * @see `peer_nodes_list` of POST /monitor/set
   */
  readonly nodeId: pulumi.Input<string>;

  /**
   * One or two Zabbix servers, as `host:port` (host name or IPv4), that the node sends figures of this account's VMs to, every 30 s.
   * A change is made in place, without a stop.
   * @see `servers` of POST /monitor/set
   */
  readonly servers: pulumi.Input<pulumi.Input<string>[]>;

  /**
   * Puts this list in the place of one that is there already.
   * A change makes no API call.
   * @defaultValue false
   */
  readonly adopt?: pulumi.Input<boolean> | undefined;

  /**
   * Per-GPU rental order that the node is asked under.
   * A change makes no API call.
   * @see `rent_order` of POST /monitor/set
   */
  readonly rentOrder?: pulumi.Input<string> | undefined;
}
