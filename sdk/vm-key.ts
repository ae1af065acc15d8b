import type * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import { keyOptions } from "./key";
import { DbcResource } from "./resource";

/**
 * The random key of one VM; registered by {@link Vm} and of no use alone.
 * @internal
 */
export class VmKey extends DbcResource {
  constructor(name: string, vm: pulumi.CustomResourceOptions, keepers?: pulumi.Input<string>) {
    super(kinds.vmKey, name, keepers === undefined ? {} : { keepers }, keyOptions(kinds.vm, kinds.vmKey, vm));
  }
}
