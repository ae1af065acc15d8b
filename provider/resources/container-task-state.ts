import type { ContainerTaskDetail, ContainerTaskSummary } from "../api/container/types";
import type { Values } from "../core/check";
import { UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { ContainerTaskArgs } from "./container-task";
import { isActive } from "./container-task-status";
import type { Site } from "./site";

/**
 * How far the provider has got with a task. `creating`: being made. `waiting`: its group is full. `unknown`: a create
 * was sent and nobody knows its outcome. `failed`: it could not be brought up. `restore-power`: stopped for a change,
 * and not yet started again.
 */
export type ContainerPhase = "ready" | "creating" | "waiting" | "unknown" | "failed" | "restore-power";

/** Where a port of a task is reached. */
export interface PortUrl {
  readonly port: number;
  readonly protocol: string;
  readonly url?: string | undefined;
}

/** What is stored of a task: its arguments as applied, and what the platform said. */
export interface ContainerTaskState extends ContainerTaskArgs {
  readonly instanceId?: string | undefined;
  readonly instanceName: string;
  readonly status: string;
  readonly phase: ContainerPhase;
  readonly accessUrl?: string | undefined;
  readonly portUrls: readonly PortUrl[];
  readonly createdAt?: string | undefined;
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
  readonly remainingTime?: string | undefined;
  /** Fingerprint of the account and region that this was seen through. */
  readonly __account: string;
}

/** Where a task is, and how it is told from others. */
export interface ContainerTaskRef {
  readonly region: string;
  /** Its whole name on the platform. */
  readonly name: string;
  /** Whether the name alone proves that it is ours. */
  readonly isOurs: boolean;
  readonly instanceId: string | undefined;
}

export const toValues = (state: ContainerTaskState): Values => ({ ...state });

/** Stored state as a task's; only ever called with what `toValues` stored. */
export const toState = (values: Values): ContainerTaskState => values as unknown as ContainerTaskState;

/** The name on the platform of the task that has this key: it ends in our mark and eight characters of the key. */
export const instanceNameOf = (prefix: string, key: string): string => `${prefix}-${key.slice(0, 11)}`;

/** The region and name that a Pulumi id stands for. */
export const refOf = (
  id: string,
  key: string | undefined,
  instanceId: string | undefined,
): ContainerTaskRef => {
  const at = id.indexOf("/");
  const [region, name] = [id.slice(0, Math.max(at, 0)), id.slice(at + 1)];
  if (region === "" || name === "")
    throw new UserError(`"${id}" is not the id of a ContainerTask: it must be <region>/<name>.`);
  const isOurs = key !== undefined && name.endsWith(instanceNameOf("", key));
  return { region, name, isOurs, instanceId };
};

export const idOf = ({ region, name }: ContainerTaskRef): string => `${region}/${name}`;

export const nameOf = ({ region, name }: ContainerTaskRef): string =>
  `container task ${name} in region ${region}`;

/** The task that a recorded one stands for; unknown while its instance is. */
export const thingOf = (id: string, { instanceId }: Values): string | undefined =>
  typeof instanceId === "string" ? taskThing(refOf(id, undefined, undefined).region, instanceId) : undefined;

export const taskThing = (region: string, instanceId: string): string =>
  `container task ${region}/${instanceId}`;

/** The lines of a list that are this task. Several, only if an order of ours arrived twice. */
export const linesOf = (
  items: readonly ContainerTaskSummary[],
  ref: ContainerTaskRef,
): ContainerTaskSummary[] =>
  items.filter(({ instanceId, name }) => instanceId === ref.instanceId || (ref.isOurs && name === ref.name));

/** The line of a task, asked for now; of several the oldest, which is listed last. */
export const findTask = async (
  { site }: Context<Site>,
  ref: ContainerTaskRef,
): Promise<ContainerTaskSummary | undefined> =>
  linesOf(await site.container.tasks(ref.region).fresh(), ref).at(-1);

const power = (args: ContainerTaskArgs, status: string): ContainerTaskArgs["powerState"] =>
  args.powerState === undefined ? undefined : isActive(status) ? "running" : "stopped";

/** State from what the platform shows: the one mapping that create, read and update share. */
export const stateOf = (
  args: ContainerTaskArgs,
  ref: ContainerTaskRef,
  detail: ContainerTaskDetail,
  accessUrl: string | undefined,
  phase: ContainerPhase,
  account: string,
): ContainerTaskState => ({
  ...args,
  // what was changed behind our back, or not changed yet, shows as a difference
  cpuCores: detail.cpuCores || args.cpuCores,
  acceleratorCount: detail.acceleratorCount,
  ramMib: detail.ramMib || args.ramMib,
  ...(args.powerState !== undefined && { powerState: power(args, detail.status) }),
  instanceId: detail.instanceId,
  instanceName: ref.name,
  status: detail.status,
  phase,
  accessUrl,
  portUrls: detail.ports,
  createdAt: detail.createdAt,
  startedAt: detail.startedAt,
  endedAt: detail.endedAt,
  remainingTime: detail.remainingTime,
  __account: account,
});

/** State of a task that the platform has not yet told anything about. */
export const bareState = (
  args: ContainerTaskArgs,
  ref: ContainerTaskRef,
  status: string,
  phase: ContainerPhase,
  account: string,
): ContainerTaskState => ({
  ...args,
  instanceId: ref.instanceId,
  instanceName: ref.name,
  status,
  phase,
  portUrls: [],
  __account: account,
});

/** Refuses to judge a task through another account than the one it was recorded with. */
export const accountOf = async (
  { site }: Context<Site>,
  ref: ContainerTaskRef,
  recorded?: string,
): Promise<string> => {
  const { fingerprint } = await site.container.client.region(ref.region);
  if (recorded !== undefined && recorded !== fingerprint)
    throw new UserError(
      `${nameOf(ref)} was recorded through another account than the one in use now: what this one sees says nothing about it; use the credentials that it was made with.`,
    );
  return fingerprint;
};
