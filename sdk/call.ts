import * as pulumi from "@pulumi/pulumi";
import type * as functions from "../provider/functions";
import { type SettingName, settings } from "../provider/kinds";
import type { Provider } from "./provider";

/** What a function answers. */
export type Result<Name extends functions.FunctionName> = functions.FunctionResult<Name>;

/** Options of every function. */
export interface FunctionOptions {
  /** Account and site to ask; the stack's own settings unless given. */
  readonly provider?: Provider | undefined;
}

const stackConfig = (): Readonly<Record<string, string>> => {
  const config = new pulumi.Config("dbc");
  const names = Object.keys(settings) as SettingName[];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = config.get(name);
      return value === undefined ? [] : [[`dbc:${name}`, value]];
    }),
  );
};

type Config = Readonly<Record<string, string>>;

const run = async <Name extends functions.FunctionName>(
  name: Name,
  args: functions.FunctionArgs<Name>,
  config: Config,
): Promise<functions.FunctionResult<Name>> => {
  // loaded here, so that programs that only declare resources never load it
  const { call: runCall } = require("../provider/functions") as typeof functions;
  const sources = { config: (key: string) => config[key], env: process.env };
  try {
    return await runCall(name, args, sources, JSON.stringify(config));
  } catch (error) {
    // shown without its stack, which helps nobody, and over which Node 20 may spend minutes
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
};

/** The settings of a provider whose settings are known; an Output that is not would never answer. */
const knownConfig = async ({ config }: Provider): Promise<Config> => {
  if (!(await (config as unknown as { readonly isKnown: Promise<boolean> }).isKnown))
    throw new pulumi.RunError(
      "the provider's settings are only known after an up: use the function's …Output form.",
    );
  return new Promise((resolve) => {
    config.apply(resolve);
  });
};

export const call = async <Name extends functions.FunctionName>(
  name: Name,
  args: functions.FunctionArgs<Name>,
  { provider }: FunctionOptions = {},
): Promise<functions.FunctionResult<Name>> =>
  run(name, args, provider ? await knownConfig(provider) : stackConfig());

export const output = <Name extends functions.FunctionName>(
  name: Name,
  args: pulumi.Inputs,
  { provider }: FunctionOptions = {},
): pulumi.Output<functions.FunctionResult<Name>> =>
  pulumi
    .all([pulumi.output(args), provider ? provider.config : pulumi.output(stackConfig())])
    .apply(([plain, config]) =>
      run(name, plain as functions.FunctionArgs<Name>, config as Config),
    ) as pulumi.Output<functions.FunctionResult<Name>>;

/** Arguments that may come from resources. */
export type Lifted<T> = { readonly [Name in keyof T]: pulumi.Input<T[Name]> };
