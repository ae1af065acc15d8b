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
  /** Arguments and outputs that are encrypted in state, whatever the user writes. */
  readonly secrets: readonly string[];
  /** Arguments whose change replaces the resource. */
  readonly replacing: readonly string[];
}

export const kinds = {
  vmKey: { type: "VmKey", handler: "vmKey", outputs: [], secrets: [], replacing: [] },
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
    secrets: ["login", "password", "vncPassword"],
    replacing: ["nodeId", "image", "os", "bios", "lan", "multicast", "dataFile", "interfaceModel"],
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
  proxy: { variable: "DBC_PROXY", secret: false },
  allowInsecureHttp: { variable: "DBC_ALLOW_INSECURE_HTTP", secret: false },
} as const satisfies Record<string, { readonly variable: string; readonly secret: boolean }>;

export type SettingName = keyof typeof settings;

/** Marks the configuration of an explicit provider: it is looked at before the environment. */
export const EXPLICIT = "dbc:explicit";
