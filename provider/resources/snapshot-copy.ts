import type { Snapshot } from "../api/dbc/types";
import { spoken } from "../core/duration";
import { isRemote, UserError } from "../core/errors";
import { sendOnce, Unsettled } from "../core/once";
import type { Context } from "../core/resource";
import type { Site } from "./site";
import type { SnapshotArgs } from "./snapshot";
import { described, isOurs, nameOf, onServer } from "./snapshot-state";
import { limitMsOf } from "./transfer-fields";
import type { VmRef } from "./vm-state";

/** What a run knows of a copy; kept by the caller, because the end of a power session may hide its outcome. */
export interface Copy {
  /** The order for it may have left. */
  ordered: boolean;
  entry: Snapshot | undefined;
  /** Whether the file is known to be whole. */
  whole: boolean;
}

/** One snapshot that is to be made. */
export interface Job {
  readonly ref: VmRef;
  readonly args: SnapshotArgs;
  readonly key: string;
}

/** There is no progress to go by, and no use in hurry: the node starts the VM only when it has ended the copy. */
const COPIED_WITHIN_MS = 21_600_000;
/** For how long a node that can't be reached is asked to take a snapshot away. */
export const DROPPED_WITHIN_MS = 600_000;
const ATTEMPTS = 2;
const DROP_EVERY_MS = 5_000;

/** Takes a snapshot's file, entry and upload away from its node, until the node's list lacks it. */
export const drop = async (
  { site, clock }: Context<Site>,
  ref: VmRef,
  entry: Snapshot,
  limitMs: number,
): Promise<void> => {
  const list = site.snapshots(ref);
  const begun = clock.now();
  for (;;) {
    try {
      const named = (await list.fresh()).filter(({ name }) => name === entry.name);
      if (!named.some(({ file }) => file === entry.file)) return;
      if (named[0]?.file !== entry.file)
        throw new UserError(
          `${nameOf(entry.name, ref)} can't be deleted: there is an older one of that name, which its node would delete instead; delete that one first.`,
        );
      await site.client
        .deleteSnapshot(ref.nodeId, ref.taskId, entry.name, { rentOrder: ref.rentOrder })
        .finally(() => list.forget());
    } catch (error) {
      if (isRemote(error, "not-found")) return;
      if (!isRemote(error, "unknown", "unavailable", "not-sent") || clock.now() - begun >= limitMs)
        throw error;
      await clock.sleep(DROP_EVERY_MS);
    }
  }
};

/** Orders a copy, once; an order of unknown fate is looked for, and never repeated: names may be doubled. */
const order = async (context: Context<Site>, { ref, args, key }: Job, copy: Copy): Promise<void> => {
  const { site, clock } = context;
  const list = site.snapshots(ref);
  copy.ordered = true;
  try {
    await sendOnce<true>({
      clock,
      repeatable: false,
      look: async () => ((await list.fresh()).some((item) => isOurs(item, { key })) ? true : undefined),
      send: async () => {
        await site.client
          .createSnapshot(
            ref.nodeId,
            ref.taskId,
            { name: args.name, imageServer: args.imageServer, description: described(args, key) },
            { rentOrder: ref.rentOrder },
          )
          .finally(() => list.forget());
        return true;
      },
      isAlreadyThere: () => false,
      unsure: () => context.progress("copying the disk: no clear answer, looking whether it began"),
    });
  } catch (error) {
    if (error instanceof Unsettled) throw error.last;
    copy.ordered = false;
    throw error;
  }
};

/** Waits until the node no longer says `creating`; `"gone"`: the entry vanished, as when its upload can't begin. */
const copied = async (context: Context<Site>, { ref, args, key }: Job): Promise<Snapshot | "gone"> => {
  const begun = context.clock.now();
  const limitMs = limitMsOf(args.timeouts, "create") ?? COPIED_WITHIN_MS;
  let missed = 0;
  return context.site.snapshots(ref).until<Snapshot | "gone">(
    (items) => {
      const mine = items.find((item) => isOurs(item, { key }));
      missed = mine ? 0 : missed + 1;
      if (!mine) return missed >= 2 ? "gone" : undefined;
      context.progress("copying the disk, while the VM is off");
      return mine.status === "creating" ? undefined : mine;
    },
    () =>
      context.clock.now() - begun < limitMs
        ? undefined
        : new UserError(
            `gave up waiting for the disk to be copied for ${nameOf(args.name, ref)} after ${spoken(limitMs)}: its node may have other work, or a slow disk; the next up goes on with it.`,
          ),
  );
};

/**
 * Has a whole copy of the disk made, while the VM is off; ends as soon as the VM may start again. Status `none` is
 * said of a copy that is finished, of one that failed, and of all after the node restarted: without an upload that was
 * seen, or the file on the server, it proves nothing, and the copy is made anew.
 */
export const copyDisk = async (context: Context<Site>, job: Job, copy: Copy): Promise<void> => {
  const { ref, args, key } = job;
  const limitMs = limitMsOf(args.timeouts, "delete") ?? DROPPED_WITHIN_MS;
  for (let attempt = 1; ; attempt++) {
    const there = (await context.site.snapshots(ref).fresh()).find((item) => isOurs(item, { key }));
    // a node powers a VM off only when it has ended the copy: one still under way was begun with the VM off
    const goesOn = there?.status === "creating";
    if (there && !goesOn) await drop(context, ref, there, limitMs);
    copy.entry = goesOn ? there : undefined;
    if (!goesOn) await order(context, job, copy);
    const end = await copied(context, job);
    if (end === "gone") {
      copy.entry = undefined;
      throw new UserError(
        `the node dropped ${nameOf(args.name, ref)} when it was copied: it can't begin to send it to image server ${args.imageServer}, which it may not reach.`,
      );
    }
    copy.entry = end;
    if (
      end.status === "uploading" ||
      typeof (await onServer(context, args.imageServer, end.file)) === "object"
    ) {
      copy.whole = true;
      return;
    }
    if (attempt >= ATTEMPTS)
      throw new UserError(
        `${nameOf(args.name, ref)} failed ${ATTEMPTS} times: its node ends it without an upload, and image server ${args.imageServer} does not have it; the node may have no space left (getNode shows it), or not reach the server.`,
      );
  }
};
