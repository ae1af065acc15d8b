import type { NodeInfo, RentOrder, TaskDetail } from "../api/dbc/types";
import type { Values } from "../core/check";
import { isRemote, type RemoteError } from "../core/errors";
import { rootOf } from "../core/key";
import { nodeName } from "./asking";
import type { Site } from "./site";
import { CREATE_ERROR } from "./vm-state";

/** A VM of this account that takes room on its node. */
export interface Lodger {
  readonly taskId: string;
  readonly detail: TaskDetail;
}

/** What a node had before this run changed anything. */
export interface Room {
  readonly info: NodeInfo;
  /** The order that the VMs are rented under, where one is named and the node knows it. */
  readonly order: RentOrder | undefined;
  /** This account's VMs that hold ports, cores and memory: those that aren't off. */
  readonly lodgers: readonly Lodger[];
}

/** Why nothing can be made on a node: not rented, or not signed in. */
export interface NoEntry {
  readonly refusal: RemoteError;
}

/** Statuses in which a VM holds nothing. */
const RESTING = ["closed", CREATE_ERROR, "start error", "shutdown error", "poweroff error"];

const rooms = new WeakMap<Site, Map<string, Promise<Room | NoEntry | undefined>>>();

const enter = async (site: Site, nodeId: string, rentOrder: string | undefined): Promise<Room | NoEntry> => {
  try {
    const tasks = await site.tasks(nodeId, rentOrder).recent(60_000);
    const info = await site.node(nodeId);
    const orders = rentOrder === undefined ? [] : await site.client.listRentOrders(nodeId);
    const lodgers: Lodger[] = [];
    // one after another: a node answers one question at a time
    for (const { taskId } of tasks.filter(({ status }) => !RESTING.includes(status))) {
      try {
        lodgers.push({ taskId, detail: await site.client.getTask(nodeId, taskId, { rentOrder }) });
      } catch (error) {
        // gone meanwhile, or a zombie
        if (!isRemote(error, "not-found", "refused")) throw error;
      }
    }
    return { info, order: orders.find(({ id }) => id === rentOrder), lodgers };
  } catch (error) {
    if (isRemote(error, "unauthorised", "rental-over")) return { refusal: error };
    throw error;
  }
};

/**
 * What a node has room for: asked once per run, before this run's own changes, from which it is reckoned on.
 * `undefined` when it does not tell.
 */
export const roomOf = (
  site: Site,
  nodeId: string,
  rentOrder: string | undefined,
): Promise<Room | NoEntry | undefined> => {
  const ofSite = rooms.get(site) ?? new Map<string, Promise<Room | NoEntry | undefined>>();
  rooms.set(site, ofSite);
  const key = `${nodeId}/${rentOrder ?? ""}`;
  const known = ofSite.get(key) ?? site.asking.ask(nodeName(nodeId), () => enter(site, nodeId, rentOrder));
  ofSite.set(key, known);
  return known;
};

/** The sizes that a node has only so much of. */
export const SIZES = ["gpuCount", "cpuCores", "memoryGib"] as const;
export type Size = (typeof SIZES)[number];

export const UNITS: Readonly<Record<Size, string>> = {
  gpuCount: "GPUs",
  cpuCores: "cores",
  memoryGib: "GiB of memory",
};

const held = (lodgers: readonly Lodger[], size: Size): number =>
  lodgers.reduce((sum, { detail }) => sum + Math.round(detail[size]), 0);

/** How much of a size is free for further VMs, as far as the node tells. */
export const freeIn = ({ info, order, lodgers }: Room, size: Size): number => {
  if (size === "memoryGib") return Math.ceil(info.memory.freeGib);
  // what others use is not told: their share is their own
  if (size === "cpuCores") return info.cpu.cores - held(lodgers, size);
  const mine = lodgers.filter(({ detail }) => detail.rentOrder === order?.id);
  return order === undefined
    ? info.gpu.count - info.gpu.used
    : Math.min(order.gpuCount, info.gpu.count) - held(mine, size);
};

/** Whether a task is that of a VM's arguments: the one that it took over, else the one of its key. */
export const isTaskOf = ({ adoptTaskId, __key: key }: Values, taskId: string): boolean =>
  typeof adoptTaskId === "string"
    ? taskId === adoptTaskId
    : typeof key === "string" && rootOf(taskId) === rootOf(key);

/** What the VM of these arguments holds already. */
export const lodgerOf = ({ lodgers }: Room, args: Values): Lodger | undefined =>
  lodgers.find(({ taskId }) => isTaskOf(args, taskId));
