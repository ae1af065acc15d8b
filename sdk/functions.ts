import * as pulumi from "@pulumi/pulumi";
import type * as functions from "../provider/functions";
import { call, type FunctionOptions, type Lifted, output } from "./call";

export type { FunctionOptions, Lifted };

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

/**
 * The image servers that the client node is configured with, by id.
 * Source: POST /images/servers.
 * @example const [server] = await dbc.getImageServers();
 */
export const getImageServers = (
  options?: FunctionOptions,
): Promise<functions.FunctionResult<"getImageServers">> => call("getImageServers", undefined, options);
/** {@link getImageServers} as an Output. */
export const getImageServersOutput = (
  options?: FunctionOptions,
): pulumi.Output<functions.FunctionResult<"getImageServers">> => output("getImageServers", {}, options);

/**
 * The images of an image server, or of a node: those that anybody may use, and with `own` also the system disks of
 * your VMs that are off. A server that can't be reached lists nothing; a node lists no name that contains "data" and
 * no disk of a running VM. To ask a server holds up the client node: do so seldom.
 * Source: POST /images.
 * @example const images = await dbc.getImages({ imageServer: "ID_1" });
 * @example const mine = await dbc.getImages({ nodeId, own: true });
 */
export const getImages = (
  args: functions.GetImagesArgs,
  options?: FunctionOptions,
): Promise<functions.FunctionResult<"getImages">> => call("getImages", args, options);
/** {@link getImages} as an Output, with arguments that may come from resources. */
export const getImagesOutput = (
  args: Lifted<functions.GetImagesArgs>,
  options?: FunctionOptions,
): pulumi.Output<functions.FunctionResult<"getImages">> => output("getImages", args, options);

/**
 * The disks of one VM, its own and those that were added. The size that is shown of `vda`, 350 GiB, says nothing
 * before the node restarts.
 * Source: POST /disk/list/{task_id}.
 * @example const files = (await dbc.getDisks({ nodeId, taskId })).map((disk) => disk.file);
 */
export const getDisks = (
  args: functions.VmLookupArgs,
  options?: FunctionOptions,
): Promise<functions.FunctionResult<"getDisks">> => call("getDisks", args, options);
/** {@link getDisks} as an Output, with arguments that may come from resources. */
export const getDisksOutput = (
  args: Lifted<functions.VmLookupArgs>,
  options?: FunctionOptions,
): pulumi.Output<functions.FunctionResult<"getDisks">> => output("getDisks", args, options);

/**
 * At most 31 of the LANs of a node's machine room, by whomever they were made; needs no credentials.
 * Source: POST /lan.
 * @example const used = (await dbc.getLans({ nodeId })).map((lan) => lan.cidr);
 */
export const getLans = (
  args: { readonly nodeId: string },
  options?: FunctionOptions,
): Promise<functions.FunctionResult<"getLans">> => call("getLans", args, options);
/** {@link getLans} as an Output, with arguments that may come from resources. */
export const getLansOutput = (
  args: { readonly nodeId: pulumi.Input<string> },
  options?: FunctionOptions,
): pulumi.Output<functions.FunctionResult<"getLans">> => output("getLans", args, options);

/**
 * The snapshots of one VM that its node holds. Names may repeat; the status `none` is said of one that is finished,
 * of one that failed, and of all after the node restarted.
 * Source: POST /snapshot/list/{task_id}.
 * @example const files = (await dbc.getSnapshots({ nodeId, taskId })).map((snapshot) => snapshot.file);
 */
export const getSnapshots = (
  args: functions.VmLookupArgs,
  options?: FunctionOptions,
): Promise<functions.FunctionResult<"getSnapshots">> => call("getSnapshots", args, options);
/** {@link getSnapshots} as an Output, with arguments that may come from resources. */
export const getSnapshotsOutput = (
  args: Lifted<functions.VmLookupArgs>,
  options?: FunctionOptions,
): pulumi.Output<functions.FunctionResult<"getSnapshots">> => output("getSnapshots", args, options);
