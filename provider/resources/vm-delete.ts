import type { Values } from "../core/check";
import { spoken } from "../core/duration";
import { isRemote, sentence, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import { rentalEnded } from "./rental";
import type { Site } from "./site";
import { accountOf, findVm, nameOf, refOf, toState, type VmRef } from "./vm-state";
import { limitOf } from "./vm-wait";

const LOOK_EVERY_MS = 5_000;
// A delete that the node carried out while its hypervisor was away did nothing, and is to be sent again.
const SEND_EVERY_MS = 60_000;
// The node looks for a lost hypervisor every 60 s; only what it says for longer than that is true.
const ZOMBIE_AFTER_MS = 100_000;

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
    await context.clock.sleep(LOOK_EVERY_MS);
  }
};

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
  let [sentAt, denied, last, deniedSince]: [number | undefined, number, string, number | undefined] = [
    undefined,
    0,
    "",
    undefined,
  ];
  for (;;) {
    try {
      const task = await findVm(context, ref);
      if (!task && (await isGone(context, ref))) return "gone";
      last = task?.status ?? last;
      context.progress("deleting");
      if (
        task?.status === "create error" &&
        denied >= 3 &&
        deniedSince !== undefined &&
        clock.now() - deniedSince >= ZOMBIE_AFTER_MS
      )
        return "zombie";
      const again = denied > 0 ? LOOK_EVERY_MS * 4 : SEND_EVERY_MS;
      if (task && (sentAt === undefined || clock.now() - sentAt >= again)) {
        sentAt = clock.now();
        watch.forget();
        await site.client
          .deleteTask(ref.nodeId, ref.taskId, { rentOrder: ref.rentOrder })
          .finally(() => watch.forget());
        [denied, deniedSince] = [0, undefined];
      }
    } catch (error) {
      if (isRemote(error, "not-found")) {
        denied += 1;
        deniedSince ??= clock.now();
      } else if (!isRemote(error, "unknown", "unavailable", "not-sent")) throw error;
      else last = sentence(error);
    }
    if (clock.now() - begun >= limitMs)
      throw new UserError(
        `gave up deleting ${nameOf(ref)} after ${spoken(clock.now() - begun)}; it stays in the state; last seen: ${last}`,
      );
    await clock.sleep(LOOK_EVERY_MS);
  }
};

/** Deletes a VM, its disks and its data file. */
export const deleteVm = async (context: Context<Site>, id: string, values: Values): Promise<void> => {
  const state = toState(values);
  const ref = refOf(id, state.rentOrder ?? context.site.rentOrder);
  if (state.deletionProtection && state.phase !== "failed")
    throw new UserError(
      `${nameOf(ref)} has deletionProtection: set it to false, run \`pulumi up\`, then delete it.`,
    );
  try {
    await accountOf(context, ref, state.__account);
    if ((await removeVm(context, ref, limitOf(state.timeouts, "delete"))) === "zombie")
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
