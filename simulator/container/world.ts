/** What the simulated container platform is made of; all of it is plain data, so that it can be saved. */

export interface Account {
  readonly user: string;
  /** The account on the cluster: home folder and owner of tasks. */
  readonly computeUser: string;
  readonly userId: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly password: string;
  readonly orgId: string;
  status: string;
  balance: string;
}

export interface Group {
  readonly name: string;
  readonly acceleratorType: string;
  readonly nodes: number;
  /** Of each node. */
  readonly cpu: number;
  readonly accelerators: number;
  readonly ramMb: number;
  readonly maxTime: string;
  /** Nodes that are full of other people's work. */
  busyNodes: number;
}

export interface Image {
  readonly path: string;
  readonly version: string;
  readonly imageSize: string;
  readonly type: string;
  readonly acceleratorType: string;
  readonly access: "public" | "private";
}

export interface Region {
  readonly id: string;
  readonly name: string;
  /** `false`: its gateway answers 404 to every container path. */
  containers: boolean;
  /** Users who get no token here. */
  suspended: string[];
  readonly groups: Group[];
  readonly images: Image[];
  readonly mountDirs: string[];
}

export type Status = "Waiting" | "Deploying" | "Running" | "Completed" | "Failed" | "Terminated";

export interface Task {
  readonly id: string;
  readonly region: string;
  readonly owner: string;
  readonly name: string;
  readonly taskType: string;
  readonly acceleratorType: string;
  readonly version: string;
  readonly imagePath: string;
  readonly resourceGroup: string;
  readonly taskNumber: number;
  readonly timeoutLimit: string;
  readonly useStartScript: boolean;
  readonly startScriptContent: string;
  readonly startScriptActionScope: string;
  readonly description: string;
  readonly mounts: readonly {
    readonly sourcePath: string;
    readonly targetPath: string;
    readonly type: string;
  }[];
  readonly ports: readonly { readonly containerPort: string; readonly protocolType: string }[];
  cpuNumber: number;
  gpuNumber: number;
  ramSize: number;
  status: Status;
  readonly createdAt: number;
  /** When the step that is under way ends by itself. */
  stepEndsAt: number | null;
  /** Since when it stands in its group's queue. */
  queuedAt: number;
  startedAt: number | null;
  endedAt: number | null;
  /** When an order to stop takes effect, and when a deleted one leaves the list. */
  stopsAt: number | null;
  goesAt: number | null;
  /** Of the run that is under way, or was last. */
  headId: string;
  headIp: string;
  token: string;
  /** Nodes of the group that its containers are on. */
  placed: number[];
  /** What the next run comes to: `fail` while deploying, or an end by itself after so many ms. */
  fate: { readonly fail: boolean; readonly completesAfterMs: number | null };
  /** Scripts that were run in it. */
  scripts: string[];
}

export type ListShape = "array" | "data" | "list" | "records";
export type ListStyle = "query" | "body" | "task-query";

/** What differs between sites, or is not known of any. */
export interface Switches {
  /** HTTP status of refusals. */
  errorStatus: number;
  listShape: ListShape;
  /** Styles of list calls that are served; others are answered with 404. */
  listStyles: ListStyle[];
  /** Largest page, whatever is asked for. */
  pageCap: number;
  /** Whether lists tell how many there are. */
  listTotals: boolean;
  numericCodes: boolean;
  deletePolicy: "reject-active" | "force";
  /** How long a deleted task is still listed. */
  deleteTakesMs: number;
  /** What detail says of an id that is not there. */
  unknownId: "10004" | "10001" | "null" | "404";
  /** What a create with a foreign group, image or directory is refused with. */
  refusalCode: "716865" | "10004";
  /** How renewal answers. */
  renewShape: "text" | "object" | "list";
  imagesWithBody: boolean;
  waitMs: number;
  deployMs: number;
  stopMs: number;
  tokenLifetimeMs: number;
  /** Largest difference of clocks in a signed login; `null` for any. */
  clockSkewMs: number | null;
}

export interface ContainerWorld {
  readonly signingKey: string;
  accounts: Account[];
  regions: Region[];
  tasks: Task[];
  switches: Switches;
  /** Tokens that were taken back before their end. */
  revoked: string[];
}

export const isActive = ({ status }: Task): boolean =>
  status === "Waiting" || status === "Deploying" || status === "Running";
