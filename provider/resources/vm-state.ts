import type { TaskDetail, TaskSummary } from "../api/dbc/types";
import type { Values } from "../core/check";
import { UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { Site } from "./site";
import type { VmArgs } from "./vm";

/**
 * How far the provider has got with a VM. `creating`: being made. `unknown`: a create was sent and nobody knows its
 * outcome. `failed`: the node could not bring it up. `restore-power`: off for a change, and not yet started again.
 * `changing`: the node holds a change that waits for the next boot, and the VM was not powered off and on for it.
 */
export type Phase = "ready" | "creating" | "unknown" | "failed" | "restore-power" | "changing";

/** What a node lists of a VM that it could not make. */
export const CREATE_ERROR = "create error";

/** What is recorded of a VM whose rental is over. */
export const RENTAL_ENDED = "rental ended";

/** What is stored of a VM: its arguments as applied, and what the node said. */
export interface VmState extends VmArgs {
  readonly taskId: string;
  readonly status: string;
  readonly phase: Phase;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly vncPassword?: string | undefined;
  readonly sshCommand?: string | undefined;
  readonly disks: readonly { readonly name: string; readonly file: string; readonly size: string }[];
  readonly localAddresses: readonly string[];
  readonly createdAt?: string | undefined;
  /** Fingerprint of the account and node that this was seen through. */
  readonly __account: string;
  /** Ids that a node of the older generation listed before a create whose outcome nobody knows. */
  readonly __before?: readonly string[] | undefined;
}

/** Where a VM is, and under which rental. */
export interface VmRef {
  readonly nodeId: string;
  readonly taskId: string;
  readonly rentOrder: string | undefined;
}

export const toValues = (state: VmState): Values => ({ ...state });

/** Stored state as a VM's; only ever called with what `toValues` stored. */
export const toState = (values: Values): VmState => values as unknown as VmState;

/** The files of a VM's disks, as recorded. */
export const filesOf = ({ disks }: Values): string[] =>
  (Array.isArray(disks) ? disks : []).flatMap(({ file }: { readonly file?: unknown }) =>
    typeof file === "string" ? [file] : [],
  );

/** The node and task id that a Pulumi id stands for. */
export const refOf = (id: string, rentOrder: string | undefined): VmRef => {
  const [nodeId = "", taskId = "", ...rest] = id.split("/");
  if (rest.length > 0 || !/^[0-9a-f]{64}$/.test(nodeId) || !/^[0-9A-Za-z]{1,64}$/.test(taskId))
    throw new UserError(`"${id}" is not the id of a Vm: it must be <nodeId>/<taskId>.`);
  return { nodeId, taskId, rentOrder };
};

export const idOf = ({ nodeId, taskId }: VmRef): string => `${nodeId}/${taskId}`;

/** The VM that a recorded one stands for; unknown while only its order is. */
export const thingOf = (id: string, { taskId }: Values): string | undefined =>
  typeof taskId === "string" && taskId !== "" ? vmThing({ ...refOf(id, undefined), taskId }) : undefined;

export const vmThing = (ref: VmRef): string => `VM ${idOf(ref)}`;

/** "VM pd1… on node 58fb618a…": short enough for a row, long enough to find it. */
export const nameOf = ({ nodeId, taskId }: VmRef): string => `VM ${taskId} on node ${nodeId.slice(0, 8)}…`;

/** A list line stands for one of these when the VM's process is neither starting nor stopping. */
export const isSettled = (status: string): boolean =>
  ["running", "closed", "pmsuspend"].includes(status) || status.endsWith("error");

/** Filters are compared as the node keeps them: as text, in any order. */
export const filterText = (filter: NonNullable<VmArgs["networkFilters"]>[number]): string =>
  [
    filter.direction,
    filter.protocol,
    String(filter.port),
    filter.cidr.includes("/") ? filter.cidr : `${filter.cidr}/32`,
    filter.action,
  ].join(",");

/** `host` to `guest` as the node writes it; "both" takes two entries. */
export const portMapTexts = ({ protocol, host, guest }: NonNullable<VmArgs["portMaps"]>[number]): string[] =>
  (protocol === "both" ? ["tcp", "udp"] : [protocol]).map(
    (one) => `${one},${host}${guest === undefined || guest === host ? "" : `:${guest}`}`,
  );

const power = (args: VmArgs, status: string): VmArgs["powerState"] => {
  if (args.powerState === undefined) return undefined;
  if (status === "running") return "running";
  return status === "closed" ? "stopped" : args.powerState;
};

/** The public address as far as it shows: a VM that has none is reached by its node's. */
const publicIp = ({ publicIp: given }: VmArgs, { address }: TaskDetail): VmArgs["publicIp"] =>
  address === undefined || address.toLowerCase() === given?.toLowerCase() ? given : undefined;

/** The arguments as the node shows them: what was changed behind our back shows as a difference. */
const withDrift = (args: VmArgs, detail: TaskDetail): VmArgs => ({
  ...args,
  cpuCores: detail.cpuCores || args.cpuCores,
  gpuCount: detail.gpuCount,
  memoryGib: Math.round(detail.memoryGib) || args.memoryGib,
  vncPort: detail.vncPort ?? args.vncPort,
  ...(args.sshPort !== undefined && detail.sshPort !== undefined && { sshPort: detail.sshPort }),
  ...(args.rdpPort !== undefined && detail.rdpPort !== undefined && { rdpPort: detail.rdpPort }),
  ...(args.publicIp !== undefined && { publicIp: publicIp(args, detail) }),
  ...(args.powerState !== undefined && { powerState: power(args, detail.status) }),
});

/** State from what the node shows: the one mapping that create, read and update share. */
export const stateOf = (
  args: VmArgs,
  ref: VmRef,
  detail: TaskDetail,
  phase: Phase,
  account: string,
): VmState => {
  const port = args.os === "windows" ? detail.rdpPort : detail.sshPort;
  const ssh = args.os !== "windows" && detail.address !== undefined && port !== undefined;
  const login = `${detail.user === undefined ? "" : `${detail.user}@`}${detail.address}`;
  return {
    ...withDrift(args, detail),
    taskId: ref.taskId,
    status: detail.status,
    phase,
    address: detail.address,
    port,
    user: detail.user,
    password: detail.password,
    vncPassword: detail.vncPassword,
    // it is meant to be pasted into a shell
    sshCommand: ssh && /^[A-Za-z0-9_][\w.@:-]*$/.test(login) ? `ssh -p ${port} ${login}` : undefined,
    disks: detail.disks,
    localAddresses: detail.localAddresses,
    createdAt: detail.createdAt,
    __account: account,
  };
};

/** State of a VM that the node has not yet told anything about. */
export const bareState = (
  args: VmArgs,
  ref: VmRef,
  status: string,
  phase: Phase,
  account: string,
): VmState => ({
  ...args,
  taskId: ref.taskId,
  status,
  phase,
  disks: [],
  localAddresses: [],
  __account: account,
});

/** The list line of a VM, asked for now. */
export const findVm = async ({ site }: Context<Site>, ref: VmRef): Promise<TaskSummary | undefined> =>
  (await site.tasks(ref.nodeId, ref.rentOrder).fresh()).find(({ taskId }) => taskId === ref.taskId);

/** Refuses to judge a VM through another account than the one it was recorded with. */
export const accountOf = async ({ site }: Context<Site>, ref: VmRef, recorded?: string): Promise<string> => {
  const account = await site.client.fingerprint(ref.nodeId, { rentOrder: ref.rentOrder });
  if (recorded !== undefined && recorded !== account)
    throw new UserError(
      `${nameOf(ref)} was recorded through another account than the one in use now: what this one sees says nothing about it; use the credentials that it was made with.`,
    );
  return account;
};
