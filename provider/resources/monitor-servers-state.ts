import type { Values } from "../core/check";
import { UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { MonitorServersArgs } from "./monitor-servers";
import type { Site } from "./site";
import { accountAt } from "./transfer-fields";

/** What is stored of a node's monitor servers: the arguments as applied. */
export interface MonitorServersState extends MonitorServersArgs {
  /** `unknown`: a list was sent and nobody knows whether it arrived. */
  readonly phase: "ready" | "unknown";
  /** Fingerprint of the account and node that this was seen through. */
  readonly __account: string;
}

export const toState = (values: Values): MonitorServersState => values as unknown as MonitorServersState;
export const toValues = (state: MonitorServersState): Values => ({ ...state });

/** An account has one list on a node, so the node names it. */
export const idOf = ({ nodeId }: Pick<MonitorServersArgs, "nodeId">): string => nodeId;

/** "the monitor servers of node 58fb618a…" */
export const nameOf = ({ nodeId }: Pick<MonitorServersArgs, "nodeId">): string =>
  `the monitor servers of node ${nodeId.slice(0, 8)}…`;

/** The list that a recorded one stands for. */
export const thingOf = (id: string): string => `monitor servers of ${id}`;

/** The node that a Pulumi id stands for. */
export const nodeIn = (id: string): string => {
  if (/^[0-9a-f]{64}$/.test(id)) return id;
  throw new UserError(`"${id}" is not the id of MonitorServers: it must be the id of a node.`);
};

type Place = Pick<MonitorServersArgs, "nodeId" | "rentOrder">;

/** Where calls about a list go, and under which order. */
export const placeOf = ({ site }: Context<Site>, { nodeId, rentOrder }: Place) => ({
  nodeId,
  rentOrder: rentOrder ?? site.rentOrder,
});

export const accountOf = (context: Context<Site>, args: Place, recorded?: string): Promise<string> =>
  accountAt(context, { ...placeOf(context, args), what: nameOf(args) }, recorded);

/** Where the node sends this account's figures now. */
export const serversOf = (context: Context<Site>, args: Place): Promise<string[]> => {
  const { nodeId, rentOrder } = placeOf(context, args);
  return context.site.client.getMonitorServers(nodeId, { rentOrder });
};

/** Whether two lists name the same servers; the order means nothing. */
export const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
