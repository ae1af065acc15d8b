import type * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import type { MonitorServersArgs } from "./monitor-servers-args";
import { DbcResource } from "./resource";

/**
 * The Zabbix servers that a node sends figures of this account's VMs to.
 *
 * An account has one list on a node, and this resource is that list. A list that is there already is refused unless
 * `adopt` is set, which puts this one in its place. A delete takes these servers off and leaves what somebody else
 * has added.
 *
 * @example
 * ```ts
 * new dbc.MonitorServers("figures", { nodeId, servers: ["zabbix.example.com:10051"] });
 * ```
 */
export class MonitorServers extends DbcResource {
  /** Node that sends the figures. */
  declare readonly nodeId: pulumi.Output<string>;
  /** Servers that it sends them to. */
  declare readonly servers: pulumi.Output<readonly string[]>;
  /** How far the provider has got: `ready`, or what the next `pulumi up` goes on with. */
  declare readonly phase: pulumi.Output<string>;

  /**
   * @param name Name in the program.
   * @param args The list. Every mistake is reported at preview.
   * @param opts Pulumi's options.
   */
  constructor(name: string, args: MonitorServersArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(kinds.monitorServers, name, args, opts);
  }

  /**
   * The list as it is; it is read and never changed.
   *
   * @param id The node's id.
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts: pulumi.CustomResourceOptions = {},
  ): MonitorServers {
    // a resource that is looked up has no arguments, which the constructor's type can't say
    return new MonitorServers(name, {} as MonitorServersArgs, { ...opts, id });
  }
}
