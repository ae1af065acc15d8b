import type { TaskSummary } from "../api/dbc/types";
import { milliseconds, spoken } from "../core/duration";
import { isRemote, type RemoteError, sentence, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { Site } from "./site";
import type { VmArgs } from "./vm";
import { findVm, isSettled, nameOf, type VmRef } from "./vm-state";

const DEFAULTS_MS = { create: 3_600_000, update: 1_800_000, delete: 1_200_000 } as const;

/** However long the queue of a node is, nothing waits longer than this. */
const CAP_MS = 21_600_000;

// A freshly accepted VM may take this long to show in the list; afterwards its absence means something.
const SHOWS_WITHIN_MS = 60_000;

/** The deadline of a verb: the user's, else the default. */
export const limitOf = (timeouts: VmArgs["timeouts"], verb: keyof typeof DEFAULTS_MS): number => {
  const given = timeouts?.[verb];
  return given === undefined ? DEFAULTS_MS[verb] : milliseconds(given);
};

/** Why a wait did not reach its goal. */
export class WaitEnded extends UserError {
  override readonly name = "WaitEnded";
  constructor(
    readonly why: "deadline" | "error-status" | "vanished",
    message: string,
    readonly status: string,
  ) {
    super(message);
  }
}

const ORDINALS: Readonly<Record<number, string>> = { 1: "1st", 2: "2nd", 3: "3rd" };

/** How many tasks the node, which works strictly first in, first out, has before ours. */
const ahead = (items: readonly TaskSummary[], ours: TaskSummary): number =>
  items.filter(
    (other) =>
      other.taskId !== ours.taskId &&
      !isSettled(other.status) &&
      (ours.status !== "creating" || other.createdAt <= ours.createdAt),
  ).length;

export interface Goal {
  /** What is being done, for people: "creating", "starting". */
  readonly doing: string;
  readonly reached: (status: string) => boolean;
  readonly limitMs: number;
}

/**
 * Waits in the node's list until a VM has reached a status. Its own clock runs only while no older task of the node
 * is being worked on. An error status counts when it is seen twice.
 */
export const waitForStatus = async (context: Context<Site>, ref: VmRef, goal: Goal): Promise<string> => {
  const { site, clock } = context;
  const begun = clock.now();
  let [ticked, worked, errors, last, blocked] = [begun, 0, 0, "not listed", false];
  const judge = (items: readonly TaskSummary[]): string | undefined => {
    const now = clock.now();
    const ours = items.find(({ taskId }) => taskId === ref.taskId);
    const queue = ours && !isSettled(ours.status) ? ahead(items, ours) : 0;
    blocked = queue > 0;
    if (!ours) {
      last = "not listed";
      if (now - begun >= SHOWS_WITHIN_MS)
        throw new WaitEnded("vanished", `${nameOf(ref)} is no longer listed by its node.`, last);
      return undefined;
    }
    last = ours.status;
    if (goal.reached(ours.status)) return ours.status;
    errors = ours.status.endsWith("error") ? errors + 1 : 0;
    if (errors >= 2)
      throw new WaitEnded(
        "error-status",
        `the node reports "${ours.status}" for ${nameOf(ref)}; getVmLogs shows what its node wrote about it.`,
        ours.status,
      );
    const place = queue + 1;
    context.progress(
      // the row says itself what is done; at 80 columns its last ten letters are all that is seen of this
      queue > 0 ? `${ORDINALS[place] ?? `${place}th`} in the node's queue` : goal.doing,
    );
    return undefined;
  };
  const overdue = (outage?: unknown): Error | undefined => {
    const now = clock.now();
    if (outage !== undefined) context.progress(`${goal.doing}: its node does not answer`);
    if (!blocked) worked += now - ticked;
    ticked = now;
    if (worked < goal.limitMs && now - begun < CAP_MS) return undefined;
    return new WaitEnded(
      "deadline",
      `gave up ${goal.doing} ${nameOf(ref)} after ${spoken(now - begun)}; last status: ${last}${outage === undefined ? "" : `; at last ${sentence(outage)}`}; the next \`pulumi up\` goes on with it, and \`timeouts\` says for how long.`,
      last,
    );
  };
  return site.tasks(ref.nodeId, ref.rentOrder).until(judge, overdue);
};

/** One command to a VM. */
export interface Command extends Goal {
  send(): Promise<unknown>;
  /** The node's words when there is nothing to do. */
  readonly alreadyDone?: RegExp;
  /** Whether doing it twice is the same as doing it once; default true. */
  readonly repeatable?: boolean;
}

// After this long without a trace, a request of unknown outcome did not arrive.
const QUIET_MS = 66_000;
const SENDS = 3;

/** Sends a command and waits for its effect. Sent again only when an unknown outcome has left no trace for long. */
export const command = async (context: Context<Site>, ref: VmRef, order: Command): Promise<void> => {
  const watch = context.site.tasks(ref.nodeId, ref.rentOrder);
  for (let sent = 1; ; sent++) {
    const before = (await findVm(context, ref))?.status;
    let unsure: RemoteError | undefined;
    try {
      watch.forget();
      await order.send();
    } catch (error) {
      if (isRemote(error, "refused") && order.alreadyDone?.test(error.said)) return;
      // "task not exist" is also what a node says that has lost its hypervisor for a minute
      if (!isRemote(error, "unknown", "not-found")) throw error;
      unsure = error;
    } finally {
      watch.forget();
    }
    try {
      const reached = (status: string) =>
        order.reached(status) && (unsure === undefined || status !== before);
      await waitForStatus(context, ref, { ...order, reached, limitMs: unsure ? QUIET_MS : order.limitMs });
      return;
    } catch (error) {
      const traceless = error instanceof WaitEnded && error.why === "deadline" && unsure !== undefined;
      if (!traceless) throw error;
      if (!isSettled(error.status)) return waitForStatus(context, ref, order).then(() => undefined);
      if (sent >= SENDS || order.repeatable === false) throw new UserError(sentence(unsure));
    }
  }
};
