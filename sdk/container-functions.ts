import type * as pulumi from "@pulumi/pulumi";
import type * as functions from "../provider/functions";
import { call, type FunctionOptions, type Lifted, output, type Result } from "./call";

/**
 * The resource groups (queues) of the account in a region, with the accelerators that each is for.
 * Source: GET /ai/openapi/v2/instance-service/resource-group.
 * @example const [group] = await dbc.getContainerResourceGroups();
 */
export const getContainerResourceGroups = (
  args: functions.ContainerRegionArgs = {},
  options?: FunctionOptions,
): Promise<Result<"getContainerResourceGroups">> => call("getContainerResourceGroups", args, options);
/** {@link getContainerResourceGroups} as an Output, with arguments that may come from resources. */
export const getContainerResourceGroupsOutput = (
  args: Lifted<functions.ContainerRegionArgs> = {},
  options?: FunctionOptions,
): pulumi.Output<Result<"getContainerResourceGroups">> => output("getContainerResourceGroups", args, options);

/**
 * What one node of a resource group has; 0 where the platform does not tell.
 * Source: GET /ai/openapi/v2/instance-service/resources.
 * @example const { ramMib } = await dbc.getContainerLimits({ acceleratorType: "gpu", resourceGroup });
 */
export const getContainerLimits = (
  args: functions.ContainerLimitsArgs,
  options?: FunctionOptions,
): Promise<Result<"getContainerLimits">> => call("getContainerLimits", args, options);
/** {@link getContainerLimits} as an Output, with arguments that may come from resources. */
export const getContainerLimitsOutput = (
  args: Lifted<functions.ContainerLimitsArgs>,
  options?: FunctionOptions,
): pulumi.Output<Result<"getContainerLimits">> => output("getContainerLimits", args, options);

/**
 * Images that a `ContainerTask` can be made from: public ones unless `access` says otherwise.
 * Source: POST /ai/openapi/v2/image/images.
 * @example const [image] = await dbc.getContainerImages({ acceleratorType: "gpu" });
 */
export const getContainerImages = (
  args: functions.ContainerImagesArgs = {},
  options?: FunctionOptions,
): Promise<Result<"getContainerImages">> => call("getContainerImages", args, options);
/** {@link getContainerImages} as an Output, with arguments that may come from resources. */
export const getContainerImagesOutput = (
  args: Lifted<functions.ContainerImagesArgs> = {},
  options?: FunctionOptions,
): pulumi.Output<Result<"getContainerImages">> => output("getContainerImages", args, options);

/**
 * Directories of the shared storage that a `ContainerTask` may mount.
 * Source: GET /ai/openapi/v2/instance-service/allowed-mount-dir.
 * @example const [home] = await dbc.getContainerMountDirs();
 */
export const getContainerMountDirs = (
  args: functions.ContainerRegionArgs = {},
  options?: FunctionOptions,
): Promise<Result<"getContainerMountDirs">> => call("getContainerMountDirs", args, options);
/** {@link getContainerMountDirs} as an Output, with arguments that may come from resources. */
export const getContainerMountDirsOutput = (
  args: Lifted<functions.ContainerRegionArgs> = {},
  options?: FunctionOptions,
): pulumi.Output<Result<"getContainerMountDirs">> => output("getContainerMountDirs", args, options);

/**
 * The container tasks of the account in a region, by whomever they were made.
 * Source: GET /ai/openapi/v2/instance-service/task/list.
 * @example const running = (await dbc.getContainerTasks()).filter(({ status }) => status === "Running");
 */
export const getContainerTasks = (
  args: functions.ContainerRegionArgs = {},
  options?: FunctionOptions,
): Promise<Result<"getContainerTasks">> => call("getContainerTasks", args, options);
/** {@link getContainerTasks} as an Output, with arguments that may come from resources. */
export const getContainerTasksOutput = (
  args: Lifted<functions.ContainerRegionArgs> = {},
  options?: FunctionOptions,
): pulumi.Output<Result<"getContainerTasks">> => output("getContainerTasks", args, options);

/**
 * The account on the container platform, with its balance.
 * Source: GET /ac/openapi/v2/user.
 * @example const { accountBalance } = await dbc.getContainerUser();
 */
export const getContainerUser = (
  args: functions.ContainerRegionArgs = {},
  options?: FunctionOptions,
): Promise<Result<"getContainerUser">> => call("getContainerUser", args, options);
/** {@link getContainerUser} as an Output, with arguments that may come from resources. */
export const getContainerUserOutput = (
  args: Lifted<functions.ContainerRegionArgs> = {},
  options?: FunctionOptions,
): pulumi.Output<Result<"getContainerUser">> => output("getContainerUser", args, options);
