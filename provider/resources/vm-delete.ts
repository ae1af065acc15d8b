import type { TaskSummary } from "../api/dbc/types";
import type { Values } from "../core/check";
import { spoken } from "../core/duration";
import { isRemote, sentence, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import { stays } from "./holds";
import { rentalEnded } from "./rental";
import type { Site } from "./site";
import { findRecorded, pairName, whereIs } from "./vm-legacy-search";
import {
  accountOf,
  CREATE_ERROR,
  findVm,
  nameOf,
  refOf,
  thingOf,
  toState,
  type VmRef,
  vmThing,
} from "./vm-state";
import { limitOf } from "./vm-wait";

const PROOFS_APART_MS = 5_000;
// A delete that the node carried out while its hypervisor was away did nothing, and is to be sent again.
const SEND_EVERY_MS = 60_000;
// The node looks for a lost hypervisor every 60 s; only what it says for longer than that is true.
const DENIALS = 4;
const DENIED_SEND_EVERY_MS = 30_000;

/** Whether the node itself says, twice, that there is no such VM. A list that lacks it proves nothing alone. */
export const isGone = async (context: Context<Site>, ref: VmRef): Promise<boolean> => {
  for (let proof = 1; ; proof++) {
    if (await findVm(context, ref)) return false;
    try {
      await context.site.client.getTask(ref.nodeId, ref.taskId, { rentOrder: ref.rentOrder });
      return false;
    } catch (error) {
      if (!isRemote(error, "not-found")) throw error;
    }
    if (proof === 2) return true;
    await context.clock.sleep(PROOFS_APART_MS);
  }
};

/** It was still listed after a while. */
class StillThere extends Error {
  override readonly name = "StillThere";
}

/**
 * Deletes a VM until it is proven gone. `"zombie"`: the node lists it as failed, knows nothing of it for any verb,
 * and will hold its GPUs until it restarts.
 */
export const removeVm = async (
  context: Context<Site>,
  ref: VmRef,
  limitMs: number,
): Promise<"gone" | "zombie"> => {
  const { site, clock } = context;
  const watch = site.tasks(ref.nodeId, ref.rentOrder);
  const begun = clock.now();
  let [denied, last] = [0, "not yet looked for"];
  const leaves = (withinMs: number): Promise<"absent"> => {
    const since = clock.now();
    const judge = (items: readonly TaskSummary[]) => {
      const status = items.find(({ taskId }) => taskId === ref.taskId)?.status;
      last = status ?? "no longer listed";
      return status === undefined ? ("absent" as const) : undefined;
    };
    return watch.until(judge, () => (clock.now() - since >= withinMs ? new StillThere() : undefined));
  };
  for (;;) {
    try {
      if (!(await findVm(context, ref)) && (await isGone(context, ref))) return "gone";
      context.progress("deleting");
      watch.forget();
      await site.client
        .deleteTask(ref.nodeId, ref.taskId, { rentOrder: ref.rentOrder })
        .finally(() => watch.forget());
      denied = 0;
    } catch (error) {
      // "task not exist" is said of a zombie, of a VM not yet defined, and when the hypervisor is away
      if (isRemote(error, "not-found")) denied += 1;
      else if (!isRemote(error, "unknown", "unavailable", "not-sent")) throw error;
      else last = sentence(error);
    }
    if (denied >= DENIALS && last === CREATE_ERROR) return "zombie";
    if (clock.now() - begun >= limitMs)
      throw new UserError(
        `gave up deleting ${nameOf(ref)} after ${spoken(clock.now() - begun)}; it stays in the state; last seen: ${last}`,
      );
    await leaves(denied > 0 ? DENIED_SEND_EVERY_MS : SEND_EVERY_MS).catch((error: unknown) => {
      if (!(error instanceof StillThere)) throw error;
    });
  }
};

/** Deletes a VM, its disks and its data file. */
export const deleteVm = async (context: Context<Site>, id: string, values: Values): Promise<void> => {
  const state = toState(values);
  const ref = refOf(id, state.rentOrder ?? context.site.rentOrder);
  if (stays(context, thingOf(id, values), nameOf(whereIs(id, state, undefined)))) return;
  // what stands on it goes with it
  context.site.power.condemn(id);
  if (state.deletionProtection && state.phase !== "failed")
    throw new UserError(
      `${nameOf(ref)} has deletionProtection: set it to false, run \`pulumi up\`, then delete it.`,
    );
  try {
    await accountOf(context, ref, state.__account);
    const there = await findRecorded(context, id, state, ref.rentOrder);
    if (!there) {
      context.warn(
        `${pairName(state)} was ordered with an unknown outcome and has not shown: it is forgotten here, and nothing was deleted; should it still show (getVms), delete it by hand.`,
      );
      return;
    }
    if (stays(context, vmThing(there), nameOf(there))) return;
    if ((await removeVm(context, there, limitOf(state.timeouts, "delete"))) === "zombie")
      context.warn(
        `${nameOf(ref)} never came up and its node can't remove it: it is forgotten here, and holds its GPUs until the node restarts.`,
      );
  } catch (error) {
    if (!isRemote(error, "rental-over") || !(await rentalEnded(context, ref, error))) throw error;
    context.warn(
      `the rental of node ${ref.nodeId.slice(0, 8)}… is over: ${nameOf(ref)} is forgotten here; the node removes it and its disks by itself.`,
    );
  }
};
