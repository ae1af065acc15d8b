import type { TransferProgress } from "../api/dbc/types";
import { spoken } from "../core/duration";
import { closedSentence, isRemote, sentence, UserError } from "../core/errors";
import { sendOnce, Unsettled } from "../core/once";
import type { Context } from "../core/resource";
import type { Site } from "./site";

/** A file on its way between a node and an image server. */
export interface Transfer {
  readonly doing: "downloading" | "uploading";
  /** "x.qcow2 to node 8ebced8f…" */
  readonly what: string;
  readonly sizeGib: number | undefined;
  /** The user's own deadline. */
  readonly limitMs: number | undefined;
  /** What may hinder it, as a clause for the message of a failure. */
  readonly hint: string;
  /** Whether the receiver lists the file, in a list of at most this age: the only proof. */
  arrived(ageMs: number): Promise<boolean>;
  begin(): Promise<void>;
  /** Words of the refusal of a second one. */
  readonly underWay: RegExp;
  progress(): Promise<TransferProgress>;
  stop(): Promise<void>;
}

/**
 * How far the provider has got. `transferring`: one that we began may be under way, and is stopped when the resource
 * is given up. `joined`: somebody else's is under way. `stopped`: given up, and begun again by the next `up`.
 */
export type TransferPhase = "ready" | "transferring" | "joined" | "stopped";

/** A transfer was given up after it was, or may have been, begun. */
export class TransferEnded extends UserError {
  override readonly name = "TransferEnded";
  constructor(
    readonly phase: TransferPhase,
    message: string,
  ) {
    super(message);
  }
}

const LOOK_EVERY_MS = 5_000;
/** Lists of this age do while an outcome is unclear: a request of unknown fate is looked for this often. */
const UNCLEAR_AGE_MS = 30_000;
const MIN_PATIENCE_MS = 720_000;
const MIB_PER_SECOND = 1;
/** A failed transfer leaves nothing behind; what fails this often fails for a reason. */
const ATTEMPTS = 3;
/** Each time that somebody else's ends without the file for us; another server may be served under the same key. */
const JOINS = 20;
// A finished transfer stays in the node's table for up to 3 s, in which the node refuses to use the file (IM 447).
const SETTLE_MS = 4_000;

/** Longest time without a change of the percentage: 1 % at 1 MiB/s, and never below 12 minutes. */
export const patienceMs = (sizeGib = 0): number =>
  Math.max(MIN_PATIENCE_MS, (sizeGib * 1024 * 1000) / 100 / MIB_PER_SECOND);

/** Stops a transfer, and makes sure of it: the answer is "ok" whatever happens. */
export const stopTransfer = async (
  { clock }: Context<Site>,
  transfer: Pick<Transfer, "stop" | "progress" | "what" | "doing">,
): Promise<void> => {
  for (let sent = 1; !(await transfer.progress()).done; sent++) {
    if (sent > ATTEMPTS)
      throw new UserError(
        `could not stop ${transfer.doing} ${transfer.what}: it goes on after ${ATTEMPTS} orders.`,
      );
    await transfer.stop().catch((error: unknown) => {
      if (!isRemote(error, "unknown")) throw error;
    });
    await clock.sleep(LOOK_EVERY_MS);
  }
};

/** Begins a transfer unless it is under way; `true` when it is ours. */
const begin = async ({ clock, progress }: Context<Site>, transfer: Transfer): Promise<boolean> => {
  let [sent, ours] = [0, true];
  await sendOnce<true>({
    clock,
    // a second order is refused while the first is carried out, and harmless afterwards
    repeatable: true,
    look: async () =>
      !(await transfer.progress()).done || (await transfer.arrived(UNCLEAR_AGE_MS)) ? true : undefined,
    send: async () => {
      sent += 1;
      try {
        await transfer.begin();
        return true;
      } catch (error) {
        if (sent === 1 && isRemote(error, "refused") && transfer.underWay.test(error.said)) ours = false;
        throw error;
      }
    },
    isAlreadyThere: ({ said }) => transfer.underWay.test(said),
    unsure: () => progress(`${transfer.doing}: no clear answer, looking whether it began`),
  });
  return ours;
};

/** Waits until the node no longer says that a transfer is under way. */
const follow = async (
  context: Context<Site>,
  transfer: Transfer,
  { since, ours }: { readonly since: number; readonly ours: boolean },
): Promise<void> => {
  const { clock } = context;
  const patience = patienceMs(transfer.sizeGib);
  const end = async (why: string): Promise<never> => {
    const left = ours
      ? await stopTransfer(context, transfer).then(
          () => undefined,
          (error: unknown) => sentence(error),
        )
      : undefined;
    throw new TransferEnded(
      left === undefined ? "stopped" : "transferring",
      `gave up ${transfer.doing} ${transfer.what}: ${why}; ${transfer.hint}.${left === undefined ? "" : ` It could not be stopped: ${left}`}`,
    );
  };
  let [percent, moved] = [-1, clock.now()];
  for (;;) {
    try {
      const seen = await transfer.progress();
      if (seen.done) return;
      if (seen.percent !== percent) [percent, moved] = [seen.percent, clock.now()];
      const shown = `${Math.floor(percent / 10) * 10} %`;
      context.progress(
        ours ? `${transfer.doing}: ${shown}` : `${transfer.doing}: ${shown}, begun by somebody else`,
      );
    } catch (error) {
      if (!isRemote(error, "unavailable", "not-sent"))
        throw new TransferEnded(ours ? "transferring" : "joined", sentence(error));
    }
    const still = clock.now() - moved;
    if (still >= patience)
      return end(`${percent < 0 ? "no word of it came" : `it stood at ${percent} %`} for ${spoken(still)}`);
    if (transfer.limitMs !== undefined && clock.now() - since >= transfer.limitMs)
      return end(`it took longer than the ${spoken(transfer.limitMs)} that timeouts allow`);
    await clock.sleep(LOOK_EVERY_MS);
  }
};

/** Whether the receiver lists the file; believed when it is seen, and when it is missed twice. */
const proven = async ({ clock }: Context<Site>, transfer: Transfer, ours: boolean): Promise<boolean> => {
  const begun = clock.now();
  for (let missed = 0; ; ) {
    try {
      if (await transfer.arrived(0)) return true;
      missed += 1;
      if (missed >= 2) return false;
    } catch (error) {
      if (!isRemote(error, "unavailable", "not-sent") || clock.now() - begun >= MIN_PATIENCE_MS)
        throw new TransferEnded(ours ? "transferring" : "joined", sentence(error));
    }
    await clock.sleep(LOOK_EVERY_MS);
  }
};

/** What is known of a transfer before this run has a hand in it. */
export interface Earlier {
  /** One of ours may be under way. */
  readonly began: boolean;
  /** It was seen under way: it is followed first, and begun only should it fail. */
  readonly underWay?: boolean;
}

/**
 * Carries a transfer through to its proof, joining one that is under way. "done, 100 %" is said of whatever the node
 * does not know, so only the receiver's list counts: what ended without it failed, or was forgotten by a node that
 * restarted, and is begun again. A plain error means that nothing was begun.
 */
export const carry = async (
  context: Context<Site>,
  transfer: Transfer,
  { began, underWay = false }: Earlier,
): Promise<void> => {
  const since = context.clock.now();
  let [failures, joins, any, runs] = [0, 0, began, underWay];
  for (;;) {
    let ours: boolean;
    try {
      ours = runs || (await begin(context, transfer)) || began;
    } catch (error) {
      if (error instanceof Unsettled)
        throw new TransferEnded(
          "transferring",
          `nobody knows whether ${transfer.doing} ${transfer.what} began: ${closedSentence(error.last)} Run \`pulumi up\` again to go on.`,
        );
      if (any) throw new TransferEnded("stopped", sentence(error));
      throw error;
    }
    [any, runs] = [true, false];
    try {
      await follow(context, transfer, { since, ours });
      if (await proven(context, transfer, ours)) break;
    } catch (error) {
      // whatever it was, the transfer may be under way
      throw error instanceof TransferEnded
        ? error
        : new TransferEnded(ours ? "transferring" : "joined", sentence(error));
    }
    if (ours) failures += 1;
    else joins += 1;
    if (failures >= ATTEMPTS || joins >= JOINS)
      throw new TransferEnded(
        "stopped",
        `${transfer.doing} ${transfer.what} failed ${failures || joins} times: it ends, and the file is not there; ${transfer.hint}.`,
      );
    context.progress(`${transfer.doing}: it ended without the file, beginning again`);
  }
  // proven: nothing may fail any more
  await context.clock.sleep(SETTLE_MS).catch(() => undefined);
};
