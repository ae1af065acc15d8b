import * as pulumi from "@pulumi/pulumi";
import type * as functions from "../provider/functions";
import { type SettingName, settings } from "../provider/kinds";
import type { Provider } from "./provider";

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

const run = <Name extends functions.FunctionName>(
  name: Name,
  args: functions.FunctionArgs<Name>,
  config: Config,
): Promise<functions.FunctionResult<Name>> => {
  // loaded here, so that programs that only declare resources never load it
  const { call: runCall } = require("../provider/functions") as typeof functions;
  return runCall(name, args, { config: (key) => config[key], env: process.env }, JSON.stringify(config));
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

const call = async <Name extends functions.FunctionName>(
  name: Name,
  args: functions.FunctionArgs<Name>,
  { provider }: FunctionOptions = {},
): Promise<functions.FunctionResult<Name>> =>
  run(name, args, provider ? await knownConfig(provider) : stackConfig());

const output = <Name extends functions.FunctionName>(
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

/**
 * The nodes that the client node knows. That one is listed is no proof that it is rented or up.
 * Source: POST /mining_nodes without a node.
 * @example const nodes = await dbc.getNodes();
 */
export const getNodes = (options?: FunctionOptions): Promise<functions.FunctionResult<"getNodes">> =>
  call("getNodes", undefined, options);
/** {@link getNodes} as an Output. */
export const getNodesOutput = (
  options?: FunctionOptions,
): pulumi.Output<functions.FunctionResult<"getNodes">> => output("getNodes", {}, options);

/**
 * Hardware, use and images of a node; needs no credentials.
 * Source: POST /mining_nodes.
 * @example const { gpu } = await dbc.getNode({ nodeId });
 */
export const getNode = (
  args: functions.GetNodeArgs,
  options?: FunctionOptions,
): Promise<functions.FunctionResult<"getNode">> => call("getNode", args, options);
/** {@link getNode} as an Output, with arguments that may come from resources. */
export const getNodeOutput = (
  args: Lifted<functions.GetNodeArgs>,
  options?: FunctionOptions,
): pulumi.Output<functions.FunctionResult<"getNode">> => output("getNode", args, options);

/**
 * The session pair for a node, fetched with the wallet when no session is set. Whoever has it can do with the node
 * all that the renter can: treat it as a password.
 * Source: POST /mining_nodes/session_id.
 * @example const session = dbc.getSessionOutput({ nodeId });
 */
export const getSession = (
  args: functions.NodeArgs,
  options?: FunctionOptions,
): Promise<functions.FunctionResult<"getSession">> => call("getSession", args, options);
/** {@link getSession} as a secret Output. */
export const getSessionOutput = (
  args: Lifted<functions.NodeArgs>,
  options?: FunctionOptions,
): pulumi.Output<functions.FunctionResult<"getSession">> =>
  pulumi.secret(output("getSession", args, options));

/**
 * The VMs of this account on a node, by whomever they were made.
 * Source: POST /tasks.
 * @example const running = (await dbc.getVms({ nodeId })).filter((vm) => vm.status === "running");
 */
export const getVms = (
  args: functions.NodeArgs,
  options?: FunctionOptions,
): Promise<functions.FunctionResult<"getVms">> => call("getVms", args, options);
/** {@link getVms} as an Output, with arguments that may come from resources. */
export const getVmsOutput = (
  args: Lifted<functions.NodeArgs>,
  options?: FunctionOptions,
): pulumi.Output<functions.FunctionResult<"getVms">> => output("getVms", args, options);

/**
 * All that a node tells of one VM, passwords included.
 * Source: POST /tasks/{task_id}.
 * @example const { status } = await dbc.getVm({ nodeId, taskId });
 */
export const getVm = (
  args: functions.VmLookupArgs,
  options?: FunctionOptions,
): Promise<functions.FunctionResult<"getVm">> => call("getVm", args, options);
/** {@link getVm} as a secret Output, with arguments that may come from resources. */
export const getVmOutput = (
  args: Lifted<functions.VmLookupArgs>,
  options?: FunctionOptions,
): pulumi.Output<functions.FunctionResult<"getVm">> => pulumi.secret(output("getVm", args, options));

/**
 * What a node wrote about one VM: at most 100 lines, and not the guest's console. The lines hold passwords.
 * Source: POST /tasks/logs/{task_id}.
 * @example const lines = await dbc.getVmLogs({ nodeId, taskId, lines: 20 });
 */
export const getVmLogs = (
  args: functions.VmLogsArgs,
  options?: FunctionOptions,
): Promise<functions.FunctionResult<"getVmLogs">> => call("getVmLogs", args, options);
/** {@link getVmLogs} as a secret Output, with arguments that may come from resources. */
export const getVmLogsOutput = (
  args: Lifted<functions.VmLogsArgs>,
  options?: FunctionOptions,
): pulumi.Output<functions.FunctionResult<"getVmLogs">> => pulumi.secret(output("getVmLogs", args, options));

/**
 * The rental orders of a node, anybody's; needs no credentials.
 * Source: POST /rent_orders.
 * @example const mine = (await dbc.getRentOrders({ nodeId })).filter((order) => order.renter === wallet);
 */
export const getRentOrders = (
  args: { readonly nodeId: string },
  options?: FunctionOptions,
): Promise<functions.FunctionResult<"getRentOrders">> => call("getRentOrders", args, options);
/** {@link getRentOrders} as an Output, with arguments that may come from resources. */
export const getRentOrdersOutput = (
  args: { readonly nodeId: pulumi.Input<string> },
  options?: FunctionOptions,
): pulumi.Output<functions.FunctionResult<"getRentOrders">> => output("getRentOrders", args, options);
