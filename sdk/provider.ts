import * as pulumi from "@pulumi/pulumi";
import { EXPLICIT, type SettingName, settings } from "../provider/kinds";
import { mistake } from "./gate";

/** Settings of an account or site. What is left out is looked for in the environment, then in the stack's config. */
export interface ProviderArgs {
  /** Address of the DBC client node, such as `http://127.0.0.1:5002`. */
  readonly endpoint?: pulumi.Input<string> | undefined;
  /** Session that the renter handed out, for every node; secret. Wants {@link sessionSign}. */
  readonly sessionId?: pulumi.Input<string> | undefined;
  /** The renter's signature of {@link sessionId}; secret. */
  readonly sessionSign?: pulumi.Input<string> | undefined;
  /** Sessions by node, as JSON: `{"<node id>": {"sessionId": "…", "sessionSign": "…"}}`; secret. */
  readonly sessions?: pulumi.Input<string> | undefined;
  /** Wallet of the renter: a seed in hex or a mnemonic, with a derivation path if any; secret. */
  readonly walletSeed?: pulumi.Input<string> | undefined;
  /** Multisignature account, as JSON: `{"wallets": ["5…"], "threshold": 2, "seeds": ["…"]}`; secret. */
  readonly multisig?: pulumi.Input<string> | undefined;
  /** Per-GPU rental order for VMs that name none. */
  readonly rentOrder?: pulumi.Input<string> | undefined;
  /** HTTP proxy for every request, `http://[user:password@]host:port`; none unless given, whatever `HTTP_PROXY` says. Secret. */
  readonly proxy?: pulumi.Input<string> | undefined;
  /** `"true"` allows plain HTTP to an address off this machine, where passwords travel in clear. */
  readonly allowInsecureHttp?: pulumi.Input<string> | undefined;
  /**
   * Generation of the nodes' API: `auto` (by each node's version, decided once), `current`, or `legacy` for nodes before
   * 0.3.9.8; `auto` unless given.
   */
  readonly apiGeneration?: pulumi.Input<string> | undefined;
  /** Address of the container platform; `https://www.scnet.cn` unless given. */
  readonly containerEndpoint?: pulumi.Input<string> | undefined;
  /** Where access keys sign in to the container platform; `https://api.scnet.cn` unless given. */
  readonly containerLoginEndpoint?: pulumi.Input<string> | undefined;
  /** Address of a region's container service, with or without `/ai`; asked for at the platform unless given. */
  readonly containerUrl?: pulumi.Input<string> | undefined;
  /** Region of the container platform, by id or name, for what names none. */
  readonly containerRegion?: pulumi.Input<string> | undefined;
  /** Token of a region of the container platform; secret. It is renewed before it ends. */
  readonly containerToken?: pulumi.Input<string> | undefined;
  /** Login name on the container platform; goes with the keys or the password. */
  readonly containerUser?: pulumi.Input<string> | undefined;
  /** Access key of {@link containerUser}; secret. Wants {@link containerSecretKey}. */
  readonly containerAccessKey?: pulumi.Input<string> | undefined;
  /** Secret key that signs logins; secret. */
  readonly containerSecretKey?: pulumi.Input<string> | undefined;
  /** Password, for sites without access keys; secret. Wants {@link containerOrgId}. */
  readonly containerPassword?: pulumi.Input<string> | undefined;
  /** Code of the organisation that signs in by password; secret. */
  readonly containerOrgId?: pulumi.Input<string> | undefined;
  /** Other paths of the container platform, as JSON: `{"list": "/ai/openapi/v2/…"}`. */
  readonly containerPaths?: pulumi.Input<string> | undefined;
  /** Address of the interconnection platform. */
  readonly interconnectEndpoint?: pulumi.Input<string> | undefined;
  /** Token of the interconnection platform; secret. */
  readonly interconnectToken?: pulumi.Input<string> | undefined;
  /** Other paths of the interconnection platform, as JSON: `{"taskPath": "/api/v1/task_path/"}`. */
  readonly interconnectPaths?: pulumi.Input<string> | undefined;
}

/**
 * A second account or site. Resources take it by `{ provider }`, functions too.
 *
 * @example
 * ```ts
 * const siteB = new dbc.Provider("site-b", { endpoint: "http://127.0.0.1:5003", walletSeed: config.requireSecret("seedB") });
 * new dbc.Vm("box", { … }, { provider: siteB });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  /**
   * The settings, for functions that run in the program.
   * @internal
   */
  readonly config: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    const unknown = Object.keys(args).filter((setting) => !Object.hasOwn(settings, setting));
    if (unknown.length > 0)
      mistake(
        `Provider "${name}"`,
        `there is no setting ${unknown.map((word) => `"${word}"`).join(", ")}; there are ${Object.keys(settings).join(", ")}.`,
      );
    const config = Object.fromEntries(
      Object.entries(settings).flatMap(([setting, { secret }]) => {
        const value = args[setting as SettingName];
        return value === undefined ? [] : [[`dbc:${setting}`, secret ? pulumi.secret(value) : value]];
      }),
    );
    super("pulumi-nodejs", name, { ...config, [EXPLICIT]: "true" }, opts);
    this.config = pulumi.secret(
      pulumi.output<Record<string, pulumi.Input<string>>>({ ...config, [EXPLICIT]: "true" }),
    );
  }
}
