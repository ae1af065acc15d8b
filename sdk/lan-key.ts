import type * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import { keyOptions } from "./key";
import { DbcResource } from "./resource";

/**
 * The random key of one LAN; registered by {@link Lan} and of no use alone.
 * @internal
 */
export class LanKey extends DbcResource {
  constructor(name: string, lan: pulumi.CustomResourceOptions, keepers?: pulumi.Input<string>) {
    super(
      kinds.lanKey,
      name,
      keepers === undefined ? {} : { keepers },
      keyOptions(kinds.lan, kinds.lanKey, lan),
    );
  }
}
