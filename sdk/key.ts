import * as pulumi from "@pulumi/pulumi";
import type { Kind } from "../provider/kinds";
import { typeOf } from "./type-token";

type AliasInput = NonNullable<pulumi.CustomResourceOptions["aliases"]>[number];

/** The alias of an owner, for the key beside it. Alias objects must stay plain: wrapped in an Output, renames fail. */
const toKeyAlias =
  (owner: Kind, key: Kind) =>
  (alias: AliasInput): AliasInput => {
    const swap = (plain: string | pulumi.Alias): string | pulumi.Alias => {
      if (typeof plain === "string") return plain.replace(`${typeOf(owner)}::`, `${typeOf(key)}::`);
      return plain.type === undefined ? plain : { ...plain, type: typeOf(key) };
    };
    if (alias instanceof Promise) return alias.then(swap);
    if (pulumi.Output.isInstance(alias)) return alias.apply(swap);
    return swap(alias);
  };

/** Options of the key that stands beside a resource with these options. */
export const keyOptions = (
  owner: Kind,
  key: Kind,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions => ({
  ...(opts.parent && { parent: opts.parent }),
  ...(opts.provider && { provider: opts.provider }),
  ...(opts.aliases && { aliases: opts.aliases.map(toKeyAlias(owner, key)) }),
});

/** What is retained keeps its key: whatever replaces it must get another. */
export const keepersOf = (
  kind: Kind,
  args: pulumi.Inputs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined =>
  opts.retainOnDelete === true
    ? pulumi
        .output(Object.fromEntries(kind.replacing.map((field) => [field, args[field]])))
        .apply((fields) => JSON.stringify(fields))
    : undefined;
