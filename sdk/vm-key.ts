import * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import { DbcResource, typeOf } from "./resource";

type AliasInput = NonNullable<pulumi.CustomResourceOptions["aliases"]>[number];

/** The alias of a VM, for the key beside it. Alias objects must stay plain: wrapped in an Output, renames fail. */
const toKeyAlias = (alias: AliasInput): AliasInput => {
  const swap = (plain: string | pulumi.Alias): string | pulumi.Alias => {
    if (typeof plain === "string") return plain.replace(`${typeOf(kinds.vm)}::`, `${typeOf(kinds.vmKey)}::`);
    return plain.type === undefined ? plain : { ...plain, type: typeOf(kinds.vmKey) };
  };
  if (alias instanceof Promise) return alias.then(swap);
  if (pulumi.Output.isInstance(alias)) return alias.apply(swap);
  return swap(alias);
};

/**
 * The random key of one VM; registered by {@link Vm} and of no use alone.
 * @internal
 */
export class VmKey extends DbcResource {
  constructor(name: string, vm: pulumi.CustomResourceOptions, keepers?: pulumi.Input<string>) {
    super(kinds.vmKey, name, keepers === undefined ? {} : { keepers }, {
      ...(vm.parent && { parent: vm.parent }),
      ...(vm.provider && { provider: vm.provider }),
      ...(vm.aliases && { aliases: vm.aliases.map(toKeyAlias) }),
    });
  }
}
