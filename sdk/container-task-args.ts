// Generated from the resource's definition by `make docs`; do not edit.
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link ContainerTask}. */
export interface ContainerTaskArgs {
  /**
   * Region of the platform, by id or name; the setting `containerRegion`, else the account's only one, unless given. An id and a name are two values: going from one to the other replaces.
   * A change replaces the resource.
   */
  readonly region?: pulumi.Input<string> | undefined;

  /**
   * Resource group (queue) whose nodes it runs on: see `getContainerResourceGroups`.
   * A change replaces the resource.
   * @see `resourceGroup` of POST /ai/openapi/v2/instance-service/task
   */
  readonly resourceGroup: pulumi.Input<string>;

  /**
   * What its name on the platform begins with; `-pd1` and eight characters of its key follow.
   * A change replaces the resource.
   * @defaultValue "pulumi"
   * @see `instanceServiceName` of POST /ai/openapi/v2/instance-service/task
   */
  readonly name?: pulumi.Input<string> | undefined;

  /**
   * What serves in the first container.
   * A change replaces the resource.
   * @see `taskType` of POST /ai/openapi/v2/instance-service/task
   */
  readonly taskType: pulumi.Input<"ssh" | "jupyter" | "codeserver" | "rstudio">;

  /**
   * Image by its full registry path, as `getContainerImages` tells it; its last part is sent as `version`.
   * A change replaces the resource.
   * @see `imagePath` of POST /ai/openapi/v2/instance-service/task
   */
  readonly image: pulumi.Input<string>;

  /**
   * Kind of accelerator; `cpu` for none.
   * A change replaces the resource.
   * @see `acceleratorType` of POST /ai/openapi/v2/instance-service/task
   */
  readonly acceleratorType: pulumi.Input<"mlu" | "dcu" | "gpu" | "cpu">;

  /**
   * Accelerators of each container: 1 unless given, 0 with `cpu`.
   * A change needs a power-off and a start: see `allowStop`.
   * @see `gpuNumber` of POST /ai/openapi/v2/instance-service/resource-spec/actions/update
   */
  readonly acceleratorCount?: pulumi.Input<number> | undefined;

  /**
   * CPU cores of each container.
   * A change needs a power-off and a start: see `allowStop`.
   * @see `cpuNumber` of POST /ai/openapi/v2/instance-service/resource-spec/actions/update
   */
  readonly cpuCores: pulumi.Input<number>;

  /**
   * Memory of each container in MiB.
   * A change needs a power-off and a start: see `allowStop`.
   * @see `ramSize` of POST /ai/openapi/v2/instance-service/resource-spec/actions/update
   */
  readonly ramMib: pulumi.Input<number>;

  /**
   * Number of equal containers; the first is the header.
   * A change replaces the resource.
   * @defaultValue 1
   * @see `taskNumber` of POST /ai/openapi/v2/instance-service/task
   */
  readonly containers?: pulumi.Input<number> | undefined;

  /**
   * How long after its start it is stopped: `unlimited`, `HH:MM:SS`, or seconds.
   * A change replaces the resource.
   * @defaultValue "unlimited"
   * @see `timeoutLimit` of POST /ai/openapi/v2/instance-service/task
   */
  readonly timeLimit?: pulumi.Input<"unlimited" | string | number> | undefined;

  /**
   * Shell script that runs at each start; line ends are mended. Pass it as `pulumi.secret` if it holds a password.
   * A change replaces the resource.
   * @see `startScriptContent` of POST /ai/openapi/v2/instance-service/task
   */
  readonly startScript?: pulumi.Input<string> | undefined;

  /**
   * Whether every container runs the script, or only the first.
   * A change replaces the resource.
   * @defaultValue "all"
   * @see `startScriptActionScope` of POST /ai/openapi/v2/instance-service/task
   */
  readonly startScriptScope?: pulumi.Input<"all" | "header"> | undefined;

  /**
   * Directories of the shared storage that the containers see: see `getContainerMountDirs`.
   * A change replaces the resource.
   * @see `mountInfoList` of POST /ai/openapi/v2/instance-service/task
   */
  readonly mounts?: pulumi.Input<pulumi.Input<{ source: pulumi.Input<string>; target: pulumi.Input<string>; type: pulumi.Input<"data" | "path"> }>[]> | undefined;

  /**
   * Ports of the container that get an address of their own: see the output `portUrls`.
   * A change replaces the resource.
   * @see `containerPortInfoList` of POST /ai/openapi/v2/instance-service/task
   */
  readonly ports?: pulumi.Input<pulumi.Input<{ port: pulumi.Input<number>; protocol: pulumi.Input<"ssh" | "http"> }>[]> | undefined;

  /**
   * Free text. The platform offers no call to change it.
   * A change replaces the resource.
   * @see `description` of POST /ai/openapi/v2/instance-service/task
   */
  readonly description?: pulumi.Input<string> | undefined;

  /**
   * Whether it runs; not managed unless given, so that a task that has ended, or was stopped by its time limit, is no difference.
   * A change is made in place, without a stop.
   * @see POST /ai/openapi/v2/instance-service/task/actions/restart, …/stop
   */
  readonly powerState?: pulumi.Input<"running" | "stopped"> | undefined;

  /**
   * Deadlines: create 60 m, update 60 m, delete 20 m unless given. Filled from `customTimeouts`.
   * A change makes no API call.
   */
  readonly timeouts?: pulumi.Input<{ create?: pulumi.Input<string>; update?: pulumi.Input<string>; delete?: pulumi.Input<string> }> | undefined;

  /**
   * When a create counts as done: the task runs (or has ended), or it stands in the queue.
   * A change makes no API call.
   * @defaultValue "running"
   */
  readonly waitFor?: pulumi.Input<"running" | "accepted"> | undefined;

  /**
   * Whether a running task may be stopped and restarted for a change of its size.
   * A change makes no API call.
   * @defaultValue false
   */
  readonly allowStop?: pulumi.Input<boolean> | undefined;

  /**
   * Refuses deletes and replacements.
   * A change makes no API call.
   * @defaultValue false
   */
  readonly deletionProtection?: pulumi.Input<boolean> | undefined;

  /**
   * Takes over this existing task, by instance id or by name, instead of creating one.
   * A change makes no API call.
   */
  readonly adoptInstance?: pulumi.Input<string> | undefined;
}
