/** What the client of the interconnection platform takes and tells. */

/** The calls, by our name; each is also the name of its path in the setting `interconnectPaths`. */
export type InterconnectCall = "computingResourceQuery" | "taskTemplateSubmission" | "taskPath";

/** What every call carries. The platform keeps it as one row, and nothing can take that back. */
export interface InterconnectRequest {
  /** Where the request comes from. */
  readonly source: string;
  /** User or task that it belongs to. */
  readonly sessionIdentifier: string;
  /** Whatever the platform expects; sent as it is. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * A place to compute, as far as the platform tells. The platform's own words and numbers: it names no units, and what
 * it has beyond these is in `raw`.
 */
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

/** What the platform answered. It may answer nothing at all, and that is a success too. */
export interface InterconnectAnswer {
  /** The platform's id of the task; a number or text, as it came. */
  readonly taskId: number | string | undefined;
  readonly results: readonly ComputingResource[];
  /** Where the chosen resource is reached; it may hold a token. */
  readonly computingResourceUrl: string | undefined;
  /** All of it, in the platform's own terms; it may hold tokens. */
  readonly raw: unknown;
}

export interface InterconnectClient {
  /** Sends one request, once. Whatever is not certain ends as `unknown`: the row may have been written. */
  send(call: InterconnectCall, request: InterconnectRequest): Promise<InterconnectAnswer>;
}
