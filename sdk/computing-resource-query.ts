import type * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import type { ComputingResourceQueryArgs } from "./computing-resource-query-args";
import { InterconnectRequest } from "./interconnect-request";

/**
 * A question to the interconnection platform (互通平台): where is there something to compute on?
 *
 * The platform keeps a row of every call, so it is made once: neither a preview nor an `up` without changes nor a
 * refresh makes another. A change of any argument makes a new request; `refreshTrigger` does so and nothing else. When
 * an answer is lost nobody knows whether the row is there: that is reported once, recorded as `phase` "unknown", and
 * sent again only by `resendTrigger`. A run that is killed in the middle of the call leaves no record: the next one
 * sends it again, with the same session identifier. The platform offers no way to take a row back: a delete only
 * forgets it.
 *
 * Source: POST /api/v1/query_computing_resources/.
 *
 * @example
 * ```ts
 * const demand = new dbc.ComputingResourceQuery("demand", { data: { userID: "alice", gpu_model: "TeslaM40" } });
 * export const places = demand.results;
 * ```
 */
export class ComputingResourceQuery extends InterconnectRequest {
  /**
   * @param name Name in the program; it never reaches the platform.
   * @param args What to send. Every mistake is reported at preview.
   * @param opts Pulumi's options.
   */
  constructor(name: string, args: ComputingResourceQueryArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    super(kinds.computingResourceQuery, kinds.computingResourceQueryKey, name, args, opts);
  }
}
