import type { Values } from "../core/check";
import { isRemote, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import { stays } from "./holds";
import { findLan, type LanState, limitOf, nameOf, refOf, thingOf, toState } from "./lan-state";
import { rentalEnded } from "./rental";
import type { Site } from "./site";
import { accountAt } from "./transfer-fields";

/** Which LAN, and for how long. */
type Place = Pick<LanState, "nodeId" | "name" | "cidr" | "adopt" | "rentOrder" | "timeouts">;

const LOOK_EVERY_MS = 5_000;
/** The engine deletes side by side: a VM of this run may come a moment later. */
const GRACE_MS = 10_000;
const IN_USE = "network is in used";
const NOT_OWNER = "wallet error";

/** The VMs on a LAN, and whether this run deletes all of them. */
const usersOf = async (
  context: Context<Site>,
  state: Place,
): Promise<{ readonly members: readonly string[]; readonly leaving: boolean }> => {
  const { leaving } = context.site.power;
  const members = (await findLan(context, state))?.members ?? [];
  return { members, leaving: members.every((taskId) => leaving.some((id) => id.endsWith(`/${taskId}`))) };
};

/** Deletes a LAN as soon as the VMs that this run deletes have left it. */
export const removeLan = async (context: Context<Site>, state: Place): Promise<void> => {
  const { site, clock } = context;
  const { rentOrder } = refOf(context, state);
  const begun = clock.now();
  for (;;) {
    const spent = clock.now() - begun;
    try {
      await site.client.deleteLan(state.nodeId, state.name, { rentOrder });
      return;
    } catch (error) {
      if (isRemote(error, "not-found")) return;
      const inUse = isRemote(error, "refused") && error.said.startsWith(IN_USE);
      // a delete by name can be sent again
      if (!inUse && !isRemote(error, "unknown", "unavailable")) throw error;
      if (inUse) {
        const { members, leaving } = await usersOf(context, state);
        if (members.length > 0 && !leaving && spent >= GRACE_MS)
          throw new UserError(
            `${nameOf(state)} is in use by VM ${members.join(", VM ")}, which this run does not delete: take them off it or delete them first.`,
          );
        context.progress(`waiting for ${members.length} VMs to leave`);
      }
      if (spent >= limitOf(state.timeouts, "delete")) throw error;
    }
    await clock.sleep(LOOK_EVERY_MS);
  }
};

/** Deletes a LAN. One that was taken over and is another account's is forgotten, and that is said. */
export const deleteLan = async (context: Context<Site>, id: string, values: Values): Promise<void> => {
  const state = toState(values);
  const { rentOrder } = refOf(context, state);
  if (stays(context, thingOf(id), nameOf(state))) return;
  try {
    await accountAt(context, { nodeId: state.nodeId, rentOrder, what: nameOf(state) }, state.__account);
    await removeLan(context, state);
  } catch (error) {
    if (isRemote(error, "refused") && error.said.startsWith(NOT_OWNER) && state.__adopted === true) {
      context.warn(`${nameOf(state)} belongs to another account: it is forgotten here, and stays.`);
      return;
    }
    if (!isRemote(error, "rental-over")) throw error;
    if (!(await rentalEnded(context, { nodeId: state.nodeId, rentOrder }, error))) throw error;
    context.warn(
      `the rental of node ${state.nodeId.slice(0, 8)}… is over: ${nameOf(state)} is forgotten here; the node removes it when nobody has used it for three days.`,
    );
  }
};
