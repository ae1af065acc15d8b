import type { Values } from "../core/check";
import { closedSentence, isRemote, UserError } from "../core/errors";
import { sendOnce, Unsettled } from "../core/once";
import { type Context, PartialState } from "../core/resource";
import { others, tellStays } from "./holds";
import type { MonitorServersArgs } from "./monitor-servers";
import {
  accountOf,
  idOf,
  isSame,
  type MonitorServersState,
  nameOf,
  nodeIn,
  placeOf,
  serversOf,
  thingOf,
  toState,
  toValues,
} from "./monitor-servers-state";
import { rentalEnded } from "./rental";
import type { Site } from "./site";

/** Sets the whole list. It can be sent again; what an answer leaves open is looked up. */
const put = async (
  context: Context<Site>,
  args: MonitorServersArgs,
  servers: readonly string[],
): Promise<void> => {
  const { nodeId, rentOrder } = placeOf(context, args);
  await sendOnce({
    clock: context.clock,
    repeatable: true,
    look: async () => (isSame(await serversOf(context, args), servers) ? true : undefined),
    send: async () => {
      await context.site.client.setMonitorServers(nodeId, servers, { rentOrder });
      return true;
    },
    isAlreadyThere: () => false,
    unsure: () => context.progress("no clear answer: looking whether the list arrived"),
  });
};

/** Brings the node's list to what the program says; an outcome that nobody knows is recorded. */
const apply = async (
  context: Context<Site>,
  args: MonitorServersArgs,
  account: string,
): Promise<MonitorServersState> => {
  try {
    await put(context, args, args.servers);
  } catch (error) {
    if (!(error instanceof Unsettled)) throw error;
    throw new PartialState(
      idOf(args),
      toValues({ ...args, phase: "unknown", __account: account }),
      `nobody knows whether ${nameOf(args)} were set: ${closedSentence(error.last)} It is recorded; run \`pulumi up\` again to go on with it.`,
    );
  }
  return { ...args, phase: "ready", __account: account };
};

export const createMonitorServers = async (
  context: Context<Site>,
  args: MonitorServersArgs,
): Promise<{ id: string; state: Values }> => {
  const account = await accountOf(context, args);
  const present = await serversOf(context, args);
  const foreign = present.filter((server) => !args.servers.includes(server));
  if (foreign.length > 0 && !args.adopt)
    throw new UserError(
      `${nameOf(args)} are set already, to ${present.join(" and ")}: add them to servers, or set adopt: true to put this list in their place.`,
    );
  if (foreign.length > 0)
    context.warn(`${nameOf(args)} were ${present.join(" and ")}, which this program's list replaces.`);
  const state: MonitorServersState = isSame(present, args.servers)
    ? { ...args, phase: "ready", __account: account }
    : await apply(context, args, account);
  return { id: idOf(args), state: toValues(state) };
};

/** What the list is now. It is never gone: an empty one is a difference, which the next `up` mends. */
export const readMonitorServers = async (
  context: Context<Site>,
  id: string,
  values: Values | undefined,
): Promise<Values> => {
  const state = values && toState(values);
  const nodeId = nodeIn(id);
  if (!state) {
    const servers = await serversOf(context, { nodeId });
    return toValues({ nodeId, servers, adopt: false, phase: "ready", __account: "" });
  }
  // another account has a list of its own
  if (state.__account !== "") await accountOf(context, state, state.__account);
  const found = await serversOf(context, state);
  return toValues({ ...state, servers: isSame(found, state.servers) ? state.servers : found });
};

export const updateMonitorServers = async (
  context: Context<Site>,
  _id: string,
  values: Values,
  args: MonitorServersArgs,
): Promise<Values> =>
  toValues(await apply(context, args, await accountOf(context, args, toState(values).__account)));

/** What to take off when a list ends: servers that another one of the program names too stay, and that is said. */
const leaving = (context: Context<Site>, id: string, state: MonitorServersState): readonly string[] => {
  const holders = others(context, thingOf(id));
  const isHeld = (server: string) => holders.some((holder) => toState(holder.state).servers.includes(server));
  const held = state.servers.filter(isHeld);
  const [holder] = holders;
  if (holder && held.length > 0)
    tellStays(
      context,
      `the sending of figures from node ${state.nodeId.slice(0, 8)}… to ${held.join(" and ")}`,
      holder,
    );
  return state.servers.filter((server) => !isHeld(server));
};

/** Takes the program's servers off the list; what somebody else has put there since stays. */
export const deleteMonitorServers = async (
  context: Context<Site>,
  id: string,
  values: Values,
): Promise<void> => {
  const state = toState(values);
  const ours = leaving(context, id, state);
  if (ours.length < state.servers.length && ours.length === 0) return;
  try {
    await accountOf(context, state, state.__account);
    const present = await serversOf(context, state);
    const rest = present.filter((server) => !ours.includes(server));
    // one that is in doubt may still arrive, and is waited out
    if (rest.length < present.length || state.phase === "unknown") await put(context, state, rest);
  } catch (error) {
    if (error instanceof Unsettled)
      throw new UserError(
        `nobody knows whether ${nameOf(state)} were cleared: ${closedSentence(error.last)} Run the same command again.`,
      );
    if (!isRemote(error, "rental-over")) throw error;
    if (!(await rentalEnded(context, placeOf(context, state), error))) throw error;
    context.warn(
      `the rental of node ${state.nodeId.slice(0, 8)}… is over: ${nameOf(state)} are forgotten here.`,
    );
  }
};
