/**
 * All resources, each loaded when the first of its kind is met: most programs have few kinds, and every `up` waits for
 * what is loaded. Named as in `kinds.ts`.
 */
export const definitions = {
  vm: () => (require("./resources/vm") as typeof import("./resources/vm")).vm,
  vmKey: () => (require("./resources/vm-key") as typeof import("./resources/vm-key")).vmKey,
  diskClaim: () => (require("./resources/disk-claim") as typeof import("./resources/disk-claim")).diskClaim,
  dataDisk: () => (require("./resources/data-disk") as typeof import("./resources/data-disk")).dataDisk,
  image: () => (require("./resources/image") as typeof import("./resources/image")).image,
  imageUpload: () =>
    (require("./resources/image-upload") as typeof import("./resources/image-upload")).imageUpload,
  snapshotKey: () =>
    (require("./resources/snapshot-key") as typeof import("./resources/snapshot-key")).snapshotKey,
  snapshot: () => (require("./resources/snapshot") as typeof import("./resources/snapshot")).snapshot,
  lanKey: () => (require("./resources/lan-key") as typeof import("./resources/lan-key")).lanKey,
  lan: () => (require("./resources/lan") as typeof import("./resources/lan")).lan,
  monitorServers: () =>
    (require("./resources/monitor-servers") as typeof import("./resources/monitor-servers")).monitorServers,
  containerTask: () =>
    (require("./resources/container-task") as typeof import("./resources/container-task")).containerTask,
  containerTaskKey: () =>
    (require("./resources/container-task-key") as typeof import("./resources/container-task-key"))
      .containerTaskKey,
  computingResourceQuery: () =>
    (require("./resources/computing-resource-query") as typeof import("./resources/computing-resource-query"))
      .computingResourceQuery,
  computingResourceQueryKey: () =>
    (require("./resources/interconnect-key") as typeof import("./resources/interconnect-key"))
      .computingResourceQueryKey,
  taskTemplateSubmission: () =>
    (require("./resources/task-template-submission") as typeof import("./resources/task-template-submission"))
      .taskTemplateSubmission,
  taskTemplateSubmissionKey: () =>
    (require("./resources/interconnect-key") as typeof import("./resources/interconnect-key"))
      .taskTemplateSubmissionKey,
  taskPath: () => (require("./resources/task-path") as typeof import("./resources/task-path")).taskPath,
  taskPathKey: () =>
    (require("./resources/interconnect-key") as typeof import("./resources/interconnect-key")).taskPathKey,
} as const;
