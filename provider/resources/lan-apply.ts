import type { Lan } from "../api/dbc/types";
import type { Values } from "../core/check";
import { closedSentence, UserError } from "../core/errors";
import { sendOnce, Unsettled } from "../core/once";
import { type Context, PartialState } from "../core/resource";
import type { LanArgs } from "./lan";
import { removeLan } from "./lan-delete";
import { findLan, idOf, type LanState, nameOf, placeIn, refOf, toState, toValues } from "./lan-state";
import type { Site } from "./site";
import { accountAt } from "./transfer-fields";

type Named = LanArgs & { readonly name: string };

const stateOf = (args: Named, found: Lan, account: string, adopted: boolean): LanState => ({
  ...args,
  cidr: found.cidr,
  phase: "ready",
  renter: found.renter === "" ? undefined : found.renter,
  ...(adopted && { __adopted: true }),
  __account: account,
});

/** Whether its name is made of this resource's own key, which nobody else has. */
const isOurs = ({ hidden }: Context<Site>, { name }: Named): boolean =>
  name === hidden.__key?.slice(0, name.length);

/** Takes a LAN that was there before this create. */
const takeOver = (context: Context<Site>, args: Named, found: Lan, account: string): LanState => {
  const ours = isOurs(context, args);
  if (!ours && !args.adopt)
    throw new UserError(
      `${nameOf(args)} exists already: choose another name, or set adopt: true if it is yours, perhaps from a run that did not end.`,
    );
  if (found.cidr !== args.cidr)
    throw new UserError(
      `${nameOf(args)} exists already and has the range ${found.cidr}, not ${args.cidr}: write down what is there, or delete it first.`,
    );
  if (ours) context.warn(`${nameOf(args)} was begun by a run that did not end: going on with it.`);
  return stateOf(args, found, account, !ours);
};

/** Makes a LAN, or takes the one that an interrupted run began. */
const haveLan = async (context: Context<Site>, args: Named, account: string): Promise<LanState> => {
  const { site, clock } = context;
  const { rentOrder } = refOf(context, args);
  let present = await findLan(context, args);
  if (present && present.cidr !== args.cidr && isOurs(context, args)) {
    context.warn(
      `${nameOf(args)} was begun by a run that did not end, with the range ${present.cidr}: it is deleted, and made with ${args.cidr}.`,
    );
    await removeLan(context, args);
    present = undefined;
  }
  if (present) return takeOver(context, args, present, account);
  let doubted = false;
  try {
    const { found } = await sendOnce({
      clock,
      repeatable: true,
      look: () => findLan(context, args),
      send: async () => {
        await site.client.createLan(args.nodeId, args, { rentOrder });
        const made = await findLan(context, args);
        if (!made) throw new UserError(`${nameOf(args)} was made, and its node does not know it.`);
        return made;
      },
      // only an earlier request of ours makes a name ours
      isAlreadyThere: ({ said }) => doubted && said === "network name already existed",
      unsure: () => {
        doubted = true;
        context.progress("no clear answer: looking whether the LAN was made");
      },
    });
    return stateOf(args, found, account, false);
  } catch (error) {
    if (!(error instanceof Unsettled)) throw error;
    throw new PartialState(
      idOf(args),
      toValues({ ...args, phase: "unknown", __account: account }),
      `nobody knows whether ${nameOf(args)} was made: ${closedSentence(error.last)} It is recorded; run \`pulumi up\` again to go on with it.`,
    );
  }
};

const at = (context: Context<Site>, args: Named) => ({
  nodeId: args.nodeId,
  rentOrder: refOf(context, args).rentOrder,
  what: nameOf(args),
});

export const createLan = async (
  context: Context<Site>,
  { name, ...args }: LanArgs,
): Promise<{ id: string; state: Values }> => {
  if (name === undefined)
    throw new UserError("this Lan has no key: make it with the class Lan of pulumi-dbc.");
  const named = { ...args, name };
  const account = await accountAt(context, at(context, named));
  return { id: idOf(named), state: toValues(await haveLan(context, named, account)) };
};

const PROOFS_APART_MS = 5_000;

/** What a LAN is like now; `undefined` when it is gone, as an unused one is after three days. Anybody may look. */
export const readLan = async (
  context: Context<Site>,
  id: string,
  values: Values | undefined,
): Promise<Values | undefined> => {
  const state = values && toState(values);
  const place = placeIn(id);
  let found = await findLan(context, place);
  if (!found) {
    await context.clock.sleep(PROOFS_APART_MS);
    found = await findLan(context, place);
  }
  if (!found) return undefined;
  if (state)
    return toValues({
      ...stateOf({ ...state, name: place.name }, found, state.__account, false),
      phase: state.phase,
    });
  return toValues(stateOf({ ...place, cidr: found.cidr, adopt: false }, found, "", true));
};

/** Nothing of a LAN is changed in place; what an interrupted run began is gone on with. */
export const rememberLan = async (
  context: Context<Site>,
  _id: string,
  values: Values,
  args: LanArgs,
): Promise<Values> => {
  const state = toState(values);
  const named = { ...args, name: state.name };
  if (state.phase === "ready") return toValues({ ...state, ...named });
  const account = await accountAt(context, at(context, named), state.__account);
  const found = await findLan(context, named);
  return toValues(found ? stateOf(named, found, account, false) : await haveLan(context, named, account));
};
