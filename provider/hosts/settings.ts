import * as z from "zod";
import type { ApiGeneration } from "../api/dbc/legacy/generation";
import type { Credentials } from "../api/dbc/types";
import { UserError } from "../core/errors";
import { EXPLICIT, type SettingName, settings } from "../kinds";

/** Where settings come from: a provider's or stack's configuration by full key (`dbc:endpoint`), and the environment. */
export interface Sources {
  readonly config: (key: string) => string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Looks a setting up. */
export type Get = (name: SettingName) => string | undefined;

/** A setting from the first source that has it: an explicit provider's own first, else the environment. */
export const settingsOf = ({
  config,
  env,
}: Sources): { readonly first: Get; readonly sources: readonly Get[] } => {
  const fromConfig: Get = (name) => config(`dbc:${name}`) || undefined;
  const fromEnv: Get = (name) => env[settings[name].variable] || undefined;
  const sources = config(EXPLICIT) === "true" ? [fromConfig, fromEnv] : [fromEnv, fromConfig];
  return {
    sources,
    first: (name) => sources.map((source) => source(name)).find((value) => value !== undefined),
  };
};

/** Settings, read. */
export interface Settings {
  readonly endpoint: string;
  readonly endpointIsDefault: boolean;
  readonly credentials: Credentials | undefined;
  readonly rentOrder: string | undefined;
  readonly proxy: string | undefined;
  readonly allowInsecureHttp: boolean;
  readonly apiGeneration: ApiGeneration;
  readonly allowStop: boolean;
  readonly clockSpeed: number;
}

/** Where the DBC client listens unless told otherwise. */
export const DEFAULT_ENDPOINT = "http://127.0.0.1:5002";

/** Ways to sign in; those of the first source that has any are used, and never mixed with another's. */
const CREDENTIALS = ["sessionId", "sessionSign", "sessions", "walletSeed", "multisig"] as const;

const pair = z.strictObject({ sessionId: z.string().min(1), sessionSign: z.string().min(1) });
const sessionsSchema = z.record(z.string().regex(/^(\*|[0-9a-f]{64})$/), pair);
const multisigSchema = z.strictObject({
  wallets: z.array(z.string().min(1)).min(1),
  threshold: z.int().min(1),
  seeds: z.array(z.string().min(1)).min(1),
});

const parsed = <T>(name: SettingName, value: string, schema: z.ZodType<T>, form: string): T => {
  try {
    return schema.parse(JSON.parse(value));
  } catch {
    // the value is secret, so it is not shown
    throw new UserError(`${settings[name].variable} (dbc:${name}) must be JSON of the form ${form}.`);
  }
};

const toCredentials = (get: (name: SettingName) => string | undefined): Credentials | undefined => {
  const [sessionId, sessionSign, sessions, walletSeed, multisig] = CREDENTIALS.map(get);
  const ways = [sessionId ?? sessionSign ?? sessions, walletSeed, multisig].filter(
    (way) => way !== undefined,
  );
  if (ways.length > 1)
    throw new UserError(
      "a session, a wallet and a multisignature account are given at once: keep one of DBC_SESSION_ID, DBC_WALLET_SEED and DBC_MULTISIG.",
    );
  if ((sessionId === undefined) !== (sessionSign === undefined))
    throw new UserError(
      `${sessionId === undefined ? "DBC_SESSION_ID (dbc:sessionId)" : "DBC_SESSION_SIGN (dbc:sessionSign)"} is missing: a session is an id and its signature.`,
    );
  if (walletSeed !== undefined) return { kind: "wallet", seed: walletSeed };
  if (multisig !== undefined)
    return {
      kind: "multisig",
      ...parsed("multisig", multisig, multisigSchema, '{"wallets": ["5…"], "threshold": 2, "seeds": ["…"]}'),
    };
  const each =
    sessions === undefined
      ? {}
      : parsed("sessions", sessions, sessionsSchema, '{"<node id>": {"sessionId": "…", "sessionSign": "…"}}');
  const every =
    sessionId !== undefined && sessionSign !== undefined ? { "*": { sessionId, sessionSign } } : {};
  return Object.keys({ ...each, ...every }).length > 0
    ? { kind: "session", sessions: { ...every, ...each } }
    : undefined;
};

const GENERATIONS: readonly ApiGeneration[] = ["auto", "current", "legacy"];

const toGeneration = (given = "auto"): ApiGeneration => {
  const found = GENERATIONS.find((generation) => generation === given);
  if (found === undefined)
    throw new UserError(
      `${settings.apiGeneration.variable} (dbc:apiGeneration) must be auto, current or legacy, not "${given}".`,
    );
  return found;
};

/**
 * Reads the settings: an explicit provider's own first, then the environment, then the stack's configuration (of
 * which refresh and destroy see what the last `up` saw).
 */
export const readSettings = (given: Sources): Settings => {
  const { env } = given;
  const { first, sources } = settingsOf(given);
  const signedIn = sources.find((source) => CREDENTIALS.some((name) => source(name) !== undefined));
  const endpoint = first("endpoint");
  return {
    endpoint: endpoint ?? DEFAULT_ENDPOINT,
    endpointIsDefault: endpoint === undefined,
    credentials: signedIn && toCredentials(signedIn),
    rentOrder: first("rentOrder"),
    proxy: first("proxy"),
    allowInsecureHttp: ["1", "true"].includes(first("allowInsecureHttp") ?? ""),
    apiGeneration: toGeneration(first("apiGeneration")),
    allowStop: ["1", "true"].includes(env.DBC_ALLOW_STOP ?? ""),
    // only a simulator runs faster than the world
    clockSpeed:
      Number(env.DBC_CLOCK_SPEED) > 0 &&
      /^https?:\/\/(127\.|localhost|\[::1\])/.test(
        endpoint ?? first("containerEndpoint") ?? first("interconnectEndpoint") ?? "",
      )
        ? Number(env.DBC_CLOCK_SPEED)
        : 1,
  };
};
