import { closedSentence, isRemote, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import { NotBack, type Switch } from "./power-session";
import type { Site } from "./site";
import type { VmArgs } from "./vm";
import { findVm, idOf, nameOf, type VmRef } from "./vm-state";
import { command, limitOf } from "./vm-wait";

const limit = (args: VmArgs) => limitOf(args.timeouts, "update");
const options = ({ rentOrder }: VmRef) => ({ rentOrder });

const turnOn = (context: Context<Site>, ref: VmRef, limitMs: number): Promise<void> =>
  command(context, ref, {
    doing: "starting",
    send: () => context.site.client.startTask(ref.nodeId, ref.taskId, options(ref)),
    alreadyDone: /^task is running/,
    reached: (status) => status === "running",
    limitMs,
  });

const turnOff = (context: Context<Site>, ref: VmRef, limitMs: number): Promise<void> =>
  command(context, ref, {
    doing: "powering off",
    send: () => context.site.client.poweroffTask(ref.nodeId, ref.taskId, options(ref)),
    alreadyDone: /^task is shut_off/,
    reached: (status) => status === "closed",
    limitMs,
  });

/** Starts a VM and proves that it runs. */
export const powerOn = (context: Context<Site>, ref: VmRef, args: VmArgs): Promise<void> =>
  turnOn(context, ref, limit(args));

/** Powers a VM off. The node's "shutdown" is a hard power-off too, so there is only this one. */
export const powerOff = (context: Context<Site>, ref: VmRef, args: VmArgs): Promise<void> =>
  turnOff(context, ref, limit(args));

/** Restarts a running VM in the way that `restartMode` says. */
export const restart = (context: Context<Site>, ref: VmRef, args: VmArgs): Promise<void> => {
  const { client } = context.site;
  return command(context, ref, {
    doing: "restarting",
    send: () =>
      args.restartMode === "reset"
        ? client.resetTask(ref.nodeId, ref.taskId, options(ref))
        : client.restartTask(ref.nodeId, ref.taskId, {
            ...options(ref),
            force: args.restartMode === "force",
          }),
    reached: (status) => status === "running",
    limitMs: limit(args),
    repeatable: false,
  });
};

/** The VM was powered off for a change and could not be started again. */
export class NotRestored extends UserError {
  override readonly name = "NotRestored";
}

/** On what terms a VM is powered off for a change. */
export interface OffTerms {
  /** Deadline of the power-off, and of the start. */
  readonly limitMs: number;
  /** The user's consent to power it off while it runs. */
  readonly mayStop: boolean;
  /** Whether it is to run afterwards, by its state and not by what was found; as found when nobody knows. */
  readonly runs: boolean | undefined;
  /** Those that are declared on the VM, by {@link peerName}: the power-off waits a little for them. */
  readonly peers?: readonly string[];
}

/** The name by which the sessions of a VM know what is declared on it; the sdk makes the same of type and name. */
export const peerName = (urn: string | undefined): string | undefined => {
  const [types = "", ...name] = urn?.split("::").slice(2) ?? [];
  return name.length === 0 ? undefined : `${types.split("$").at(-1)}::${name.join("::")}`;
};

/** Says that a running VM must not be powered off, and how it may be. */
export const noConsent = (what: string): string =>
  `${what} needs a hard power-off, and the VM is running: set allowStop: true on the Vm, or consent for this run with DBC_ALLOW_STOP=1.`;

const RETRY_MS = 10_000;

/** Starts a VM, however often its node can't be reached meanwhile. */
const startAgain = async (context: Context<Site>, ref: VmRef, limitMs: number): Promise<void> => {
  const { clock } = context;
  const begun = clock.now();
  for (;;) {
    try {
      return await turnOn(context, ref, limitMs);
    } catch (error) {
      if (!isRemote(error, "unavailable", "not-sent") || clock.now() - begun >= limitMs) throw error;
      context.progress("starting: the node can't be reached");
      await clock.sleep(RETRY_MS);
    }
  }
};

const switchOf = (context: Context<Site>, ref: VmRef, terms: OffTerms): Switch => {
  let [touched, found] = [false, true];
  return {
    async off() {
      const status = (await findVm(context, ref))?.status;
      if (status === undefined)
        throw new UserError(`${nameOf(ref)} is not listed by its node: run \`pulumi refresh\`.`);
      found = status !== "closed";
      if (found && !terms.mayStop) throw new UserError(noConsent(`this change of ${nameOf(ref)}`));
      touched = true;
      if (found) await turnOff(context, ref, terms.limitMs);
    },
    async restore() {
      if (touched && (terms.runs ?? found)) await startAgain(context, ref, terms.limitMs);
    },
  };
};

/**
 * Does `work` while the VM is off, together with whatever else needs it off, and leaves it as its state wants it
 * whether or not the work went well. An error of the work is thrown after the start; a failed start is
 * {@link NotRestored}.
 */
export const withVmOff = async <T>(
  context: Context<Site>,
  ref: VmRef,
  terms: OffTerms,
  work: () => Promise<T>,
): Promise<T> => {
  // before it joins, so that nobody rides on another's consent but on a VM that is off already
  if (!terms.mayStop && (await findVm(context, ref))?.status !== "closed")
    throw new UserError(noConsent(`this change of ${nameOf(ref)}`));
  context.progress("waiting for the VM to be off");
  try {
    return await context.site.power.sessions(idOf(ref)).whileOff(
      {
        name: terms.peers && peerName(context.hidden.__urn),
        peers: terms.peers ?? [],
        power: switchOf(context, ref, terms),
      },
      work,
    );
  } catch (error) {
    if (!(error instanceof NotBack)) throw error;
    const also = error.earlier
      ? ` Before that, the change itself failed: ${closedSentence(error.earlier.error)}`
      : "";
    throw new NotRestored(
      `${nameOf(ref)} is off for a change and could not be started again: ${closedSentence(error.why)}${also} The next up only starts it.`,
    );
  }
};
