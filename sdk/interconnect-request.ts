import type * as pulumi from "@pulumi/pulumi";
import type { ComputingResource } from "../provider/functions";
import type { Kind } from "../provider/kinds";
import { keyOptions } from "./key";
import { DbcResource } from "./resource";

/** The random key of one request; registered beside it and of no use alone. */
class RequestKey extends DbcResource {
  constructor(kind: Kind, name: string, owner: Kind, opts: pulumi.CustomResourceOptions) {
    super(kind, name, {}, keyOptions(owner, kind, opts));
  }
}

/** What requests to the interconnection platform have in common. */
export abstract class InterconnectRequest extends DbcResource {
  /** Where the request comes from, as it was sent. */
  declare readonly source: pulumi.Output<string>;
  /** User or task that the request belongs to, as it was sent: pass it on to the requests that follow. */
  declare readonly sessionIdentifier: pulumi.Output<string>;
  /** `ready`, or `unknown` when nobody knows whether the request was taken: see `resendTrigger`. */
  declare readonly phase: pulumi.Output<string>;
  /** The platform's id of the task, a number or text as it came; undefined where it tells none. */
  declare readonly taskId: pulumi.Output<number | string | undefined>;
  /** Places to compute on; empty where the platform tells none. Texts that look like tokens are left out. */
  declare readonly results: pulumi.Output<readonly ComputingResource[]>;
  /** Where the chosen place is reached; secret, because it may hold a token. */
  declare readonly computingResourceUrl: pulumi.Output<string | undefined>;
  /** Everything that the platform answered, in its own terms; secret. Undefined while `phase` is `unknown`. */
  declare readonly raw: pulumi.Output<unknown>;

  /** @internal */
  constructor(
    kind: Kind,
    key: Kind,
    name: string,
    args: { readonly sessionIdentifier?: pulumi.Input<string> | undefined },
    opts: pulumi.CustomResourceOptions,
  ) {
    const sessionIdentifier = args.sessionIdentifier ?? new RequestKey(key, name, kind, opts).id;
    super(kind, name, { ...args, sessionIdentifier }, opts);
  }
}
