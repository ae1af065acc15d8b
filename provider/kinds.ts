/**
 * What the sdk has to know of each resource without loading it: this table is all that the two rooms share at run
 * time. `tests/sdk` holds it against the definitions.
 */
export interface Kind {
  /** Type token after `pulumi-nodejs:dynamic/dbc:`; fixed for ever. */
  readonly type: string;
  /** Name under which `pulumi-dbc/provider` exports the resource; fixed for ever, because it is in every state. */
  readonly handler: string;
  /** Outputs that are not arguments. */
  readonly outputs: readonly string[];
  /** Arguments that are outputs too, also of one that is looked up or was left to a default. */
  readonly shown?: readonly string[];
  /** Arguments and outputs that are encrypted in state, whatever the user writes. */
  readonly secrets: readonly string[];
  /** Arguments whose change replaces the resource. */
  readonly replacing: readonly string[];
  /** Made here and at once, it has nothing to say on its row, so its URN is not kept. */
  readonly isLocal?: true;
}

/** Of every key: it is drawn here, and is all that it stores. */
const ofKey = { outputs: [], secrets: [], replacing: [], isLocal: true } as const;

/** Of every request to the interconnection platform. */
const ofRequest = {
  outputs: ["phase", "taskId", "results", "computingResourceUrl", "raw"],
  shown: ["source", "sessionIdentifier"],
  secrets: ["computingResourceUrl", "raw"],
  replacing: ["data", "source", "sessionIdentifier", "refreshTrigger"],
} as const;

export const kinds = {
  vmKey: { type: "VmKey", handler: "vmKey", ...ofKey },
  vm: {
    type: "Vm",
    handler: "vm",
    outputs: [
      "taskId",
      "status",
      "phase",
      "address",
      "port",
      "user",
      "password",
      "vncPassword",
      "sshCommand",
      "disks",
      "localAddresses",
      "createdAt",
    ],
    shown: ["nodeId"],
    secrets: ["login", "password", "vncPassword"],
    replacing: ["nodeId", "image", "os", "bios", "lan", "multicast", "dataFile", "interfaceModel"],
  },
  diskClaim: {
    type: "DiskClaim",
    handler: "diskClaim",
    outputs: ["files", "peers"],
    secrets: [],
    replacing: ["vmId", "directory"],
  },
  dataDisk: {
    type: "DataDisk",
    handler: "dataDisk",
    outputs: ["file", "device", "phase"],
    shown: ["vmId", "sizeGib"],
    secrets: [],
    replacing: ["vmId", "directory"],
  },
  lanKey: { type: "LanKey", handler: "lanKey", ...ofKey },
  lan: {
    type: "Lan",
    handler: "lan",
    outputs: ["phase", "renter"],
    shown: ["nodeId", "name", "cidr"],
    secrets: [],
    replacing: ["nodeId", "name", "cidr"],
  },
  monitorServers: {
    type: "MonitorServers",
    handler: "monitorServers",
    outputs: ["phase"],
    shown: ["nodeId", "servers"],
    secrets: [],
    replacing: ["nodeId"],
  },
  image: {
    type: "Image",
    handler: "image",
    outputs: ["phase", "size"],
    shown: ["nodeId", "name"],
    secrets: [],
    replacing: ["nodeId", "name", "directory"],
  },
  imageUpload: {
    type: "ImageUpload",
    handler: "imageUpload",
    outputs: ["phase", "image", "size"],
    shown: ["nodeId", "imageServer"],
    secrets: [],
    replacing: ["nodeId", "name", "snapshotFile", "imageServer"],
  },
  snapshotKey: {
    type: "SnapshotKey",
    handler: "snapshotKey",
    ...ofKey,
  },
  snapshot: {
    type: "Snapshot",
    handler: "snapshot",
    outputs: ["phase", "file", "image", "size", "createdAt"],
    shown: ["vmId", "imageServer"],
    secrets: [],
    replacing: ["vmId", "name", "imageServer", "disks", "description"],
  },
  containerTaskKey: {
    type: "ContainerTaskKey",
    handler: "containerTaskKey",
    ...ofKey,
  },
  containerTask: {
    type: "ContainerTask",
    handler: "containerTask",
    outputs: [
      "instanceId",
      "instanceName",
      "status",
      "phase",
      "accessUrl",
      "portUrls",
      "createdAt",
      "startedAt",
      "endedAt",
      "remainingTime",
    ],
    shown: ["cpuCores", "acceleratorCount", "ramMib"],
    secrets: ["accessUrl", "portUrls"],
    replacing: [
      "region",
      "resourceGroup",
      "name",
      "taskType",
      "image",
      "acceleratorType",
      "containers",
      "timeLimit",
      "startScript",
      "startScriptScope",
      "mounts",
      "ports",
      "description",
    ],
  },
  computingResourceQueryKey: {
    type: "ComputingResourceQueryKey",
    handler: "computingResourceQueryKey",
    ...ofKey,
  },
  computingResourceQuery: {
    type: "ComputingResourceQuery",
    handler: "computingResourceQuery",
    ...ofRequest,
  },
  taskTemplateSubmissionKey: {
    type: "TaskTemplateSubmissionKey",
    handler: "taskTemplateSubmissionKey",
    ...ofKey,
  },
  taskTemplateSubmission: {
    type: "TaskTemplateSubmission",
    handler: "taskTemplateSubmission",
    ...ofRequest,
  },
  taskPathKey: {
    type: "TaskPathKey",
    handler: "taskPathKey",
    ...ofKey,
  },
  taskPath: {
    type: "TaskPath",
    handler: "taskPath",
    ...ofRequest,
  },
} as const satisfies Record<string, Kind>;

/**
 * The text that is stored with every resource and names its code. It never changes: it holds no code, no setting and
 * no secret, and finds the package from the program's folder.
 */
export const providerText = ({ handler }: Kind): string =>
  `exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-dbc/provider").${handler}`;

/** Settings of an account or site: name, environment variable, whether it is secret. */
export const settings = {
  endpoint: { variable: "DBC_ENDPOINT", secret: false },
  sessionId: { variable: "DBC_SESSION_ID", secret: true },
  sessionSign: { variable: "DBC_SESSION_SIGN", secret: true },
  sessions: { variable: "DBC_SESSIONS", secret: true },
  walletSeed: { variable: "DBC_WALLET_SEED", secret: true },
  multisig: { variable: "DBC_MULTISIG", secret: true },
  rentOrder: { variable: "DBC_RENT_ORDER", secret: false },
  proxy: { variable: "DBC_PROXY", secret: true },
  allowInsecureHttp: { variable: "DBC_ALLOW_INSECURE_HTTP", secret: false },
  apiGeneration: { variable: "DBC_API_GENERATION", secret: false },
  containerEndpoint: { variable: "DBC_CONTAINER_ENDPOINT", secret: false },
  containerLoginEndpoint: { variable: "DBC_CONTAINER_LOGIN_ENDPOINT", secret: false },
  containerUrl: { variable: "DBC_CONTAINER_URL", secret: false },
  containerRegion: { variable: "DBC_CONTAINER_REGION", secret: false },
  containerToken: { variable: "DBC_CONTAINER_TOKEN", secret: true },
  containerUser: { variable: "DBC_CONTAINER_USER", secret: false },
  containerAccessKey: { variable: "DBC_CONTAINER_ACCESS_KEY", secret: true },
  containerSecretKey: { variable: "DBC_CONTAINER_SECRET_KEY", secret: true },
  containerPassword: { variable: "DBC_CONTAINER_PASSWORD", secret: true },
  containerOrgId: { variable: "DBC_CONTAINER_ORG_ID", secret: true },
  containerPaths: { variable: "DBC_CONTAINER_PATHS", secret: false },
  interconnectEndpoint: { variable: "DBC_INTERCONNECT_ENDPOINT", secret: false },
  interconnectToken: { variable: "DBC_INTERCONNECT_TOKEN", secret: true },
  interconnectPaths: { variable: "DBC_INTERCONNECT_PATHS", secret: false },
} as const satisfies Record<string, { readonly variable: string; readonly secret: boolean }>;

export type SettingName = keyof typeof settings;

/** Marks the configuration of an explicit provider: it is looked at before the environment. */
export const EXPLICIT = "dbc:explicit";
