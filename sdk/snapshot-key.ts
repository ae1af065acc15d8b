import type * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import { keyOptions } from "./key";
import { DbcResource } from "./resource";

/**
 * The random key of one snapshot; registered by {@link Snapshot} and of no use alone.
 * @internal
 */
export class SnapshotKey extends DbcResource {
  constructor(name: string, snapshot: pulumi.CustomResourceOptions, keepers?: pulumi.Input<string>) {
    super(
      kinds.snapshotKey,
      name,
      keepers === undefined ? {} : { keepers },
      keyOptions(kinds.snapshot, kinds.snapshotKey, snapshot),
    );
  }
}
