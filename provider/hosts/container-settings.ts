import * as z from "zod";
import { type ContainerClientOptions, LOGIN_ENDPOINT, PLATFORM_ENDPOINT } from "../api/container/client";
import type { ContainerCredentials } from "../api/container/types";
import { UserError } from "../core/errors";
import { type SettingName, settings } from "../kinds";
import { type Get, type Sources, settingsOf } from "./settings";

/** Ways to sign in; those of the first source that has any are used, and never mixed with another's. */
const SECRETS = ["containerToken", "containerAccessKey", "containerSecretKey", "containerPassword"] as const;

const nameOf = (name: SettingName): string => `${settings[name].variable} (dbc:${name})`;

const required = (get: Get, name: SettingName, beside: SettingName): string => {
  const value = get(name);
  if (value === undefined) throw new UserError(`${nameOf(name)} is missing: ${beside} needs it.`);
  return value;
};

const toCredentials = (get: Get, first: Get): ContainerCredentials | undefined => {
  const [token, accessKey, secretKey, password] = SECRETS.map(get);
  const ways = [token, accessKey ?? secretKey, password].filter((way) => way !== undefined);
  if (ways.length > 1)
    throw new UserError(
      "a container token, an access key and a password are given at once: keep one of DBC_CONTAINER_TOKEN, DBC_CONTAINER_ACCESS_KEY and DBC_CONTAINER_PASSWORD.",
    );
  if (token !== undefined) return { kind: "token", token };
  // who signs in is no secret, and may stand elsewhere
  if (password !== undefined)
    return {
      kind: "password",
      user: required(first, "containerUser", "containerPassword"),
      password,
      orgId: required(first, "containerOrgId", "containerPassword"),
    };
  if (accessKey === undefined && secretKey === undefined) return undefined;
  return {
    kind: "accessKey",
    user: required(first, "containerUser", "containerAccessKey"),
    accessKey: required(get, "containerAccessKey", "containerSecretKey"),
    secretKey: required(get, "containerSecretKey", "containerAccessKey"),
  };
};

const pathsSchema = z.record(z.string(), z.string());

/** Paths by endpoint, from a setting. */
export const pathsOf = (get: Get, name: SettingName): Readonly<Record<string, string>> => {
  const value = get(name);
  if (value === undefined) return {};
  try {
    return pathsSchema.parse(JSON.parse(value));
  } catch {
    throw new UserError(`${nameOf(name)} must be JSON of the form {"<endpoint>": "/path"}.`);
  }
};

/** The settings of the container platform. */
export const readContainerSettings = (sources: Sources): Omit<ContainerClientOptions, "effects"> => {
  const { first, sources: all } = settingsOf(sources);
  const signedIn = all.find((source) => SECRETS.some((name) => source(name) !== undefined));
  return {
    loginEndpoint: first("containerLoginEndpoint") ?? LOGIN_ENDPOINT,
    endpoint: first("containerEndpoint") ?? PLATFORM_ENDPOINT,
    serviceUrl: first("containerUrl"),
    region: first("containerRegion"),
    paths: pathsOf(first, "containerPaths"),
    allowInsecureHttp: ["1", "true"].includes(first("allowInsecureHttp") ?? ""),
    credentials: signedIn && toCredentials(signedIn, first),
  };
};
