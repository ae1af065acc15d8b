import { defineRequest, requestShape } from "./interconnect-request";

/** Arguments of a question for computing resources. */
export const computingResourceQueryShape = requestShape(
  "POST /api/v1/query_computing_resources/",
  "What is needed, in the platform's own terms; sent as it is.",
);

/** A question to the interconnection platform: where is there something to compute on? */
export const computingResourceQuery = defineRequest(
  "ComputingResourceQuery",
  "computingResourceQuery",
  computingResourceQueryShape,
);
