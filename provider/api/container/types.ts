/** The container service as the rest of the provider sees it. Wire names stay behind in `tasks.ts` and `wire.ts`. */

/** How an account proves who it is. */
export type ContainerCredentials =
  /** A region's token, as handed out. */
  | { readonly kind: "token"; readonly token: string }
  /** Access key and secret key, with the login name that they belong to. */
  | {
      readonly kind: "accessKey";
      readonly user: string;
      readonly accessKey: string;
      readonly secretKey: string;
    }
  /** The older sign-in. */
  | { readonly kind: "password"; readonly user: string; readonly password: string; readonly orgId: string };

/** A region of an account. */
export interface ContainerRegion {
  /** The platform's number of the region. */
  readonly id: string;
  readonly name: string | undefined;
  /** Stands for account and region in state; tells nothing of either. */
  readonly fingerprint: string;
}

export type TaskType = "ssh" | "jupyter" | "codeserver" | "rstudio";
export type AcceleratorType = "mlu" | "dcu" | "gpu" | "cpu";
export type ScriptScope = "all" | "header";

export interface ContainerMount {
  /** Directory of the shared storage. */
  readonly source: string;
  /** Where the containers see it. */
  readonly target: string;
  readonly type: "data" | "path";
}

export interface ContainerPort {
  readonly port: number;
  readonly protocol: "ssh" | "http";
}

/** What a container is given of each resource. */
export interface ContainerSize {
  readonly cpuCores: number;
  readonly acceleratorCount: number;
  readonly ramMib: number;
}

/** A container task to make. */
export interface ContainerOrder extends ContainerSize {
  readonly name: string;
  readonly taskType: TaskType;
  readonly acceleratorType: AcceleratorType;
  /** Full registry path, `host:port/…/name:tag`. */
  readonly image: string;
  readonly resourceGroup: string;
  readonly containers: number;
  /** `unlimited` or `HH:MM:SS`. */
  readonly timeLimit: string;
  readonly startScript?: string | undefined;
  readonly startScriptScope: ScriptScope;
  readonly description?: string | undefined;
  readonly mounts: readonly ContainerMount[];
  readonly ports: readonly ContainerPort[];
}

/** A line of the task list. */
export interface ContainerTaskSummary {
  readonly instanceId: string;
  readonly name: string;
  /** As the service writes it, such as `Running`; empty where the list does not tell. */
  readonly status: string;
  readonly taskType: string | undefined;
  readonly createdAt: string | undefined;
}

export interface ContainerPortUrl extends ContainerPort {
  /** Where the port is reached; only while the task runs. */
  readonly url: string | undefined;
}

/** All that is told of one task. Times carry the platform's zone, +08:00. */
export interface ContainerTaskDetail extends ContainerTaskSummary, ContainerSize {
  readonly acceleratorType: string;
  readonly image: string;
  readonly resourceGroup: string;
  readonly containers: number;
  readonly timeLimit: string;
  readonly description: string;
  readonly startScript: string | undefined;
  readonly startScriptScope: string | undefined;
  readonly mounts: readonly {
    readonly source: string;
    readonly target: string | undefined;
    readonly type: string;
  }[];
  readonly ports: readonly ContainerPortUrl[];
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
  /** As the service writes it, such as `14d 23h 48m`. */
  readonly remainingTime: string | undefined;
}

export interface ContainerResourceGroup {
  readonly name: string;
  /** `gpu`, `dcu`, `mlu` or `cpu`; undefined where the service does not tell. */
  readonly acceleratorType: string | undefined;
}

/** What one node of a resource group has. 0 means that the service does not tell. */
export interface ContainerLimits {
  readonly resourceGroup: string;
  readonly cpuCores: number;
  readonly acceleratorCount: number;
  readonly ramMib: number;
  readonly nodes: number;
  /** Longest time limit: `unlimited` or a duration. */
  readonly maxTime: string | undefined;
}

export interface ContainerImage {
  /** What `ContainerTask` takes as its image. */
  readonly path: string;
  /** Name and tag. */
  readonly version: string;
  readonly sizeBytes: number | undefined;
}

export interface ContainerImageQuery {
  readonly access?: "public" | "private" | undefined;
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  readonly acceleratorType?: AcceleratorType | undefined;
}

export interface ContainerMountDir {
  readonly path: string;
  readonly type: string | undefined;
}

export interface ContainerUser {
  readonly userName: string;
  readonly accountStatus: string | undefined;
  readonly accountBalance: string | undefined;
  readonly computerCenter: string | undefined;
}

/** The client of one account. Every call takes a region's id or name; without one, the account's only region. */
export interface ContainerClient {
  region(region?: string): Promise<ContainerRegion>;
  createTask(order: ContainerOrder, region?: string): Promise<string>;
  /** Every task of the account in the region, by whomever it was made. */
  listTasks(region?: string): Promise<ContainerTaskSummary[]>;
  /** `undefined` when the service has nothing to tell about the id. */
  getTask(instanceId: string, region?: string): Promise<ContainerTaskDetail | undefined>;
  getTaskUrl(instanceId: string, region?: string): Promise<string | undefined>;
  restartTask(instanceId: string, region?: string): Promise<void>;
  stopTask(instanceId: string, region?: string): Promise<void>;
  deleteTask(instanceId: string, region?: string): Promise<void>;
  resizeTask(instanceId: string, size: ContainerSize, region?: string): Promise<void>;
  executeScript(instanceId: string, script: string, scope: ScriptScope, region?: string): Promise<void>;
  listResourceGroups(region?: string): Promise<ContainerResourceGroup[]>;
  getLimits(
    acceleratorType: AcceleratorType,
    resourceGroup: string,
    region?: string,
  ): Promise<ContainerLimits>;
  listImages(query: ContainerImageQuery, region?: string): Promise<ContainerImage[]>;
  listMountDirs(region?: string): Promise<ContainerMountDir[]>;
  getUser(region?: string): Promise<ContainerUser>;
}
