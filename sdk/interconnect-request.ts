import type * as pulumi from "@pulumi/pulumi";
import type { Kind } from "../provider/kinds";
import { keyOptions } from "./key";
import { DbcResource } from "./resource";

/** A place to compute, as far as the interconnection platform tells: its own words and numbers, without units. */
export interface ComputingResource {
  readonly id?: number | string | undefined;
  readonly organization?: string | undefined;
  readonly region?: string | undefined;
  readonly availabilityZone?: string | undefined;
  readonly industry?: string | undefined;
  readonly resourceType?: string | undefined;
  readonly serviceType?: string | undefined;
  readonly powerConsumption?: number | string | undefined;
  readonly cpuPerformance?: number | undefined;
  readonly cpuAvailable?: number | undefined;
  readonly gpuModel?: string | undefined;
  readonly gpuPerformance?: number | undefined;
  readonly gpuMemory?: number | undefined;
  readonly gpuAvailable?: number | undefined;
  readonly networkDelay?: number | string | undefined;
  readonly networkPerformance?: number | undefined;
  /** Whether it hangs on an internet exchange point. */
  readonly networkIsixp?: boolean | undefined;
  readonly networkIps?: string | undefined;
  readonly networkAvailable?: string | undefined;
  readonly networkIpsAvailable?: string | undefined;
  readonly networkPorts?: string | undefined;
  readonly price?: number | undefined;
}

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
