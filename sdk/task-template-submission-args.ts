// Generated from the resource's definition by `make docs`; do not edit.
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link TaskTemplateSubmission}. */
export interface TaskTemplateSubmissionArgs {
  /**
   * The chosen task template, in the platform's own terms; sent as it is.
   * A change replaces the resource.
   * @defaultValue {}
   * @see `data` of POST /api/v1/query_computing_resources_by_task_template/
   */
  readonly data?: pulumi.Input<Record<string, unknown>> | undefined;

  /**
   * Where the request comes from.
   * A change replaces the resource.
   * @defaultValue "pulumi-dbc"
   * @see `source` of POST /api/v1/query_computing_resources_by_task_template/
   */
  readonly source?: pulumi.Input<string> | undefined;

  /**
   * User or task that the request belongs to. Unless given, a random key of the resource's own, which stays the same when it asks again.
   * A change replaces the resource.
   * @see `session_identifier` of POST /api/v1/query_computing_resources_by_task_template/
   */
  readonly sessionIdentifier?: pulumi.Input<string> | undefined;

  /**
   * Asks again, with a new row on the platform, whenever this changes.
   * A change replaces the resource.
   */
  readonly refreshTrigger?: pulumi.Input<string> | undefined;

  /**
   * Sends again, once for each new value, a request whose outcome is not known; in `phase` ready it does nothing.
   * A change is made in place, without a stop.
   */
  readonly resendTrigger?: pulumi.Input<string> | undefined;
}
