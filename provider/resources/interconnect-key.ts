import { defineResource } from "../core/resource";
import type { Site } from "./site";
import { vmKey, type vmKeyShape } from "./vm-key";

/**
 * The random key of one request to the interconnection platform, a hidden resource beside it: its session identifier.
 * It is made once, so that the platform sees requests that are repeated as belonging together.
 */
const keyOf = (kind: string) => defineResource<typeof vmKeyShape, Site>({ ...vmKey, kind });

export const computingResourceQueryKey = keyOf("ComputingResourceQueryKey");
export const taskTemplateSubmissionKey = keyOf("TaskTemplateSubmissionKey");
export const taskPathKey = keyOf("TaskPathKey");
