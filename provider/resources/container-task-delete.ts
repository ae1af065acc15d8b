import type { ContainerTaskSummary } from "../api/container/types";
import type { Values } from "../core/check";
import { spoken } from "../core/duration";
import { isRemote, sentence, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { ContainerTaskArgs } from "./container-task";
import { stop } from "./container-task-power";
import {
  accountOf,
  type ContainerTaskRef,
  findTask,
  linesOf,
  nameOf,
  refOf,
  taskThing,
  thingOf,
  toState,
} from "./container-task-state";
import { isActive } from "./container-task-status";
import { limitOf, WaitEnded } from "./container-task-wait";
import { stays } from "./holds";
import type { Site } from "./site";

const PROOFS_APART_MS = 5_000;
const LEAVES_WITHIN_MS = 60_000;
const AGAIN_AFTER_MS = 10_000;

/** Whether the platform has nothing to tell about an instance; how it says so differs, and is not documented. */
const isUnknownId = async (
  { site }: Context<Site>,
  { region, instanceId }: ContainerTaskRef,
): Promise<boolean> => {
  if (instanceId === undefined) return true;
  try {
    return (await site.container.client.getTask(instanceId, region)) === undefined;
  } catch (error) {
    // a clear answer with a code, beside a list that lacks it (reference part D)
    if (isRemote(error, "refused", "unavailable") && error.said !== "") return true;
    throw error;
  }
};

/** Whether the platform says twice, in its list and about the id itself, that there is no such task. */
export const isGone = async (context: Context<Site>, ref: ContainerTaskRef): Promise<boolean> => {
  for (let proof = 1; ; proof++) {
    if (linesOf(await context.site.container.tasks(ref.region).fresh(), ref).length > 0) return false;
    if (!(await isUnknownId(context, ref))) return false;
    if (proof === 2) return true;
    await context.clock.sleep(PROOFS_APART_MS);
  }
};

/** It was still listed after a while. */
class StillThere extends Error {
  override readonly name = "StillThere";
}

const leaves = async (context: Context<Site>, ref: ContainerTaskRef): Promise<void> => {
  const begun = context.clock.now();
  const judge = (items: readonly ContainerTaskSummary[]) =>
    linesOf(items, ref).length === 0 ? ("absent" as const) : undefined;
  await context.site.container
    .tasks(ref.region)
    .until(judge, () => (context.clock.now() - begun >= LEAVES_WITHIN_MS ? new StillThere() : undefined))
    .catch((error: unknown) => {
      if (!(error instanceof StillThere)) throw error;
    });
};

/** Stops a task if it is active and deletes it, until it is proven gone. */
export const removeContainerTask = async (
  context: Context<Site>,
  ref: ContainerTaskRef,
  args: Pick<ContainerTaskArgs, "resourceGroup" | "timeouts">,
  limitMs: number,
): Promise<void> => {
  const { site, clock } = context;
  const watch = site.container.tasks(ref.region);
  const begun = clock.now();
  let last = "not yet looked for";
  for (;;) {
    let isRefused = false;
    try {
      const lines = linesOf(await watch.fresh(), ref);
      if (lines.length === 0 && (await isGone(context, ref))) return;
      // several, only if an order of ours arrived twice: all are ours
      for (const { instanceId, status } of lines) {
        last = status;
        const one = { ...ref, isOurs: false, instanceId };
        if (isActive(status)) await stop(context, one, args, limitMs);
        context.progress("deleting");
        watch.forget();
        await site.container.client.deleteTask(instanceId, ref.region).finally(() => watch.forget());
      }
    } catch (error) {
      const isTransient = isRemote(error, "unknown", "unavailable", "not-sent");
      isRefused = isRemote(error, "refused");
      const isVanished = error instanceof WaitEnded && error.why !== "failed";
      if (!isTransient && !isRefused && !isVanished) throw error;
      last = sentence(error);
    }
    if (clock.now() - begun >= limitMs)
      throw new UserError(
        `gave up deleting ${nameOf(ref)} after ${spoken(clock.now() - begun)}; it stays in the state; last seen: ${last}`,
      );
    if (isRefused) await clock.sleep(AGAIN_AFTER_MS);
    else
      await leaves(context, ref).catch((error: unknown) => {
        last = sentence(error);
      });
  }
};

/** Deletes a task. */
export const deleteContainerTask = async (
  context: Context<Site>,
  id: string,
  values: Values,
): Promise<void> => {
  const state = toState(values);
  const ref = refOf(id, context.hidden.__key, state.instanceId);
  if (stays(context, thingOf(id, values), nameOf(ref))) return;
  if (state.deletionProtection && state.phase !== "failed")
    throw new UserError(
      `${nameOf(ref)} has deletionProtection: set it to false, run \`pulumi up\`, then delete it.`,
    );
  await accountOf(context, ref, state.__account);
  // one of which only the order is known
  const found = ref.instanceId === undefined ? (await findTask(context, ref))?.instanceId : undefined;
  if (found !== undefined && stays(context, taskThing(ref.region, found), nameOf(ref))) return;
  await removeContainerTask(context, ref, state, limitOf(state.timeouts, "delete"));
};
