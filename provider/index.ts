/**
 * What the dynamic provider process requires: one handler per resource, under the names that `kinds.ts` fixes. Not
 * for programs, which import `pulumi-dbc`.
 */
import { toDynamic } from "./hosts/dynamic";
import { computingResourceQuery as computingResourceQueryDefinition } from "./resources/computing-resource-query";
import { containerTask as containerTaskDefinition } from "./resources/container-task";
import { containerTaskKey as containerTaskKeyDefinition } from "./resources/container-task-key";
import { dataDisk as dataDiskDefinition } from "./resources/data-disk";
import { diskClaim as diskClaimDefinition } from "./resources/disk-claim";
import { image as imageDefinition } from "./resources/image";
import { imageUpload as imageUploadDefinition } from "./resources/image-upload";
import {
  computingResourceQueryKey as computingResourceQueryKeyDefinition,
  taskPathKey as taskPathKeyDefinition,
  taskTemplateSubmissionKey as taskTemplateSubmissionKeyDefinition,
} from "./resources/interconnect-key";
import { lan as lanDefinition } from "./resources/lan";
import { lanKey as lanKeyDefinition } from "./resources/lan-key";
import { snapshot as snapshotDefinition } from "./resources/snapshot";
import { snapshotKey as snapshotKeyDefinition } from "./resources/snapshot-key";
import { taskPath as taskPathDefinition } from "./resources/task-path";
import { taskTemplateSubmission as taskTemplateSubmissionDefinition } from "./resources/task-template-submission";
import { vm as vmDefinition } from "./resources/vm";
import { vmKey as vmKeyDefinition } from "./resources/vm-key";

export const vm = toDynamic(vmDefinition, true);
export const vmKey = toDynamic(vmKeyDefinition, false);
export const diskClaim = toDynamic(diskClaimDefinition, true);
export const dataDisk = toDynamic(dataDiskDefinition, true);
export const image = toDynamic(imageDefinition, true);
export const imageUpload = toDynamic(imageUploadDefinition, true);
export const snapshotKey = toDynamic(snapshotKeyDefinition, false);
export const snapshot = toDynamic(snapshotDefinition, true);
export const lanKey = toDynamic(lanKeyDefinition, false);
export const lan = toDynamic(lanDefinition, true);
export const containerTask = toDynamic(containerTaskDefinition, true);
export const containerTaskKey = toDynamic(containerTaskKeyDefinition, false);
export const computingResourceQuery = toDynamic(computingResourceQueryDefinition, true);
export const computingResourceQueryKey = toDynamic(computingResourceQueryKeyDefinition, false);
export const taskTemplateSubmission = toDynamic(taskTemplateSubmissionDefinition, true);
export const taskTemplateSubmissionKey = toDynamic(taskTemplateSubmissionKeyDefinition, false);
export const taskPath = toDynamic(taskPathDefinition, true);
export const taskPathKey = toDynamic(taskPathKeyDefinition, false);
