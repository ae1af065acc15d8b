/** The examples of the reference, all in one stack: `docs/<resource>.md` shows each by itself. */
export * as computingResourceQuery from "./computing-resource-query";
export * as containerTask from "./container-task";
export * as dataDisk from "./data-disk";
export * as image from "./image";
export * as imageUpload from "./image-upload";
export * as lan from "./lan";
export * as monitorServers from "./monitor-servers";
export * as snapshot from "./snapshot";
export * as taskPath from "./task-path";
export * as taskTemplateSubmission from "./task-template-submission";
export * as vm from "./vm";
