import type { Disk } from "../api/dbc/types";
import { isRemote } from "../core/errors";
import type { Context } from "../core/resource";
import type { Site } from "./site";
import { isSettled, type VmRef } from "./vm-state";

const LOOK_EVERY_MS = 3_000;
const TASKS_AGE_MS = 5_000;
/** A node that has nothing else to do has done a disk's work by then, or never will: it tells nobody of failures. */
const IDLE_MS = 120_000;
/** The client node forgets a request after 30 s, and the node may begin on it that late. */
const QUIET_MS = 66_000;

/** Whether other VMs of the node are being worked on, so that ours may be waiting in the queue. */
const isBusy = async ({ site }: Context<Site>, ref: VmRef): Promise<boolean> =>
  (await site.tasks(ref.nodeId, ref.rentOrder).recent(TASKS_AGE_MS)).some(
    ({ taskId, status }) => taskId !== ref.taskId && !isSettled(status),
  );

/**
 * Looks at the list of a VM's disks until it shows what is wanted; `undefined` when it doesn't although the node had
 * time. `sure` says whether the node is known to have taken the order.
 */
export const waitForDisks = async <Found>(
  context: Context<Site>,
  ref: VmRef,
  limitMs: number,
  sure: boolean,
  judge: (disks: readonly Disk[]) => Found | undefined,
): Promise<Found | undefined> => {
  const { site, clock } = context;
  const begun = clock.now();
  let idleSince = begun;
  for (let looked = false; ; looked = true) {
    try {
      const found = judge(await site.disks(ref).fresh());
      if (found !== undefined) return found;
      if (await isBusy(context, ref)) idleSince = clock.now();
    } catch (error) {
      if (!isRemote(error, "unavailable", "not-sent", "not-found")) throw error;
      // what a node that can't be asked does meanwhile is not known
      idleSince = clock.now();
    }
    const now = clock.now();
    if (looked && (now - idleSince >= (sure ? IDLE_MS : QUIET_MS) || now - begun >= limitMs))
      return undefined;
    await clock.sleep(LOOK_EVERY_MS);
  }
};

/** Sends an order about disks; `false` when nobody knows whether the node took it. Other failures are thrown. */
export const order = async (
  { site }: Context<Site>,
  ref: VmRef,
  send: () => Promise<void>,
): Promise<boolean> => {
  const list = site.disks(ref);
  list.forget();
  try {
    await send();
    return true;
  } catch (error) {
    if (!isRemote(error, "unknown")) throw error;
    return false;
  } finally {
    list.forget();
  }
};
