/**
 * What the dynamic provider process requires: one handler per resource, under the names that `kinds.ts` fixes. Not
 * for programs, which import `pulumi-dbc`.
 */
import { definitions } from "./definitions";
import { toDynamic } from "./hosts/dynamic";

export const vm = toDynamic(definitions.vm, true);
export const vmKey = toDynamic(definitions.vmKey, false);
export const diskClaim = toDynamic(definitions.diskClaim, true);
export const dataDisk = toDynamic(definitions.dataDisk, true);
export const image = toDynamic(definitions.image, true);
export const imageUpload = toDynamic(definitions.imageUpload, true);
export const snapshotKey = toDynamic(definitions.snapshotKey, false);
export const snapshot = toDynamic(definitions.snapshot, true);
export const lanKey = toDynamic(definitions.lanKey, false);
export const lan = toDynamic(definitions.lan, true);
export const monitorServers = toDynamic(definitions.monitorServers, true);
export const containerTask = toDynamic(definitions.containerTask, true);
export const containerTaskKey = toDynamic(definitions.containerTaskKey, false);
export const computingResourceQuery = toDynamic(definitions.computingResourceQuery, true);
export const computingResourceQueryKey = toDynamic(definitions.computingResourceQueryKey, false);
export const taskTemplateSubmission = toDynamic(definitions.taskTemplateSubmission, true);
export const taskTemplateSubmissionKey = toDynamic(definitions.taskTemplateSubmissionKey, false);
export const taskPath = toDynamic(definitions.taskPath, true);
export const taskPathKey = toDynamic(definitions.taskPathKey, false);
