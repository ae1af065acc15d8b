/** GPU machines rented on DeepBrainChain (DBC), as Pulumi resources. */

export type { ComputingResource } from "../provider/functions";
export { ComputingResourceQuery } from "./computing-resource-query";
export type { ComputingResourceQueryArgs } from "./computing-resource-query-args";
export * from "./container-functions";
export { type ContainerPortUrl, ContainerTask } from "./container-task";
export type { ContainerTaskArgs } from "./container-task-args";
export { DataDisk } from "./data-disk";
export type { DataDiskArgs } from "./data-disk-args";
export * from "./functions";
export { Image } from "./image";
export type { ImageArgs } from "./image-args";
export { ImageUpload } from "./image-upload";
export type { ImageUploadArgs } from "./image-upload-args";
export { Lan } from "./lan";
export type { LanArgs } from "./lan-args";
export { Provider, type ProviderArgs } from "./provider";
export { Snapshot } from "./snapshot";
export type { SnapshotArgs } from "./snapshot-args";
export { TaskPath } from "./task-path";
export type { TaskPathArgs } from "./task-path-args";
export { TaskTemplateSubmission } from "./task-template-submission";
export type { TaskTemplateSubmissionArgs } from "./task-template-submission-args";
export { Vm, type VmDisk } from "./vm";
export type { VmArgs } from "./vm-args";
