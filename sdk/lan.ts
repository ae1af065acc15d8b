import type * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import { mistake } from "./gate";
import { keepersOf } from "./key";
import type { LanArgs } from "./lan-args";
import { LanKey } from "./lan-key";
import { DbcResource } from "./resource";

/**
 * A private network of VMs in one machine room. VMs join it when they are made, and tell the addresses that they have
 * in it (`localAddresses`).
 *
 * A node removes a LAN that no VM has used for three days; `pulumi up --refresh` makes it again. Everything about a
 * LAN replaces it, and the VMs that have its `name` with it, because a VM can't change its LAN.
 *
 * @example
 * ```ts
 * const office = new dbc.Lan("office", { nodeId, cidr: "10.20.0.0/24" });
 * new dbc.Vm("box", { nodeId, lan: office.name, … });
 * ```
 */
export class Lan extends DbcResource {
  /** Node that it was made on. */
  declare readonly nodeId: pulumi.Output<string>;
  /** Name in the machine room: what a `Vm` takes as `lan`. */
  declare readonly name: pulumi.Output<string>;
  /** Range of its addresses. */
  declare readonly cidr: pulumi.Output<string>;
  /** Wallet that made it. */
  declare readonly renter: pulumi.Output<string | undefined>;
  /** How far the provider has got: `ready`, or what the next `pulumi up` goes on with. */
  declare readonly phase: pulumi.Output<string>;

  /**
   * @param name Name in the program; the LAN's own is made up unless `args.name` says it.
   * @param args What to make. Every mistake is reported at preview.
   * @param opts Pulumi's options. `deleteBeforeReplace` is always true; `customTimeouts` become `timeouts`.
   */
  constructor(name: string, args: LanArgs, opts: pulumi.CustomResourceOptions = {}) {
    if (opts.deleteBeforeReplace === false)
      mistake(
        `Lan "${name}"`,
        "deleteBeforeReplace can't be false, because a machine room has only one LAN of a name.",
      );
    const key =
      opts.id === undefined ? new LanKey(name, opts, keepersOf(kinds.lan, args, opts)).id : undefined;
    const { customTimeouts } = opts;
    super(
      kinds.lan,
      name,
      {
        ...args,
        ...(customTimeouts && args.timeouts === undefined && { timeouts: customTimeouts }),
        ...(key && { __key: key }),
      },
      { ...opts, deleteBeforeReplace: true },
    );
  }

  /**
   * A LAN that exists already; it is read and never changed.
   *
   * @param id `<nodeId>/<name>`
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts: pulumi.CustomResourceOptions = {}): Lan {
    // a resource that is looked up has no arguments, which the constructor's type can't say
    return new Lan(name, {} as LanArgs, { ...opts, id });
  }
}
