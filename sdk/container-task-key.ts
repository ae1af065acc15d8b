import type * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import { keyOptions } from "./key";
import { DbcResource } from "./resource";

/**
 * The random key of one container task; registered by {@link ContainerTask} and of no use alone.
 * @internal
 */
export class ContainerTaskKey extends DbcResource {
  constructor(name: string, task: pulumi.CustomResourceOptions, keepers?: pulumi.Input<string>) {
    super(
      kinds.containerTaskKey,
      name,
      keepers === undefined ? {} : { keepers },
      keyOptions(kinds.containerTask, kinds.containerTaskKey, task),
    );
  }
}
