/**
 * Operations that need a VM off share the times that it is off.
 *
 * What stands on a VM (a disk, a snapshot) calls, from `vm-part.ts`:
 *
 *     whileVmOff<T>(context: Context<Site>, vmId: string, limitMs: number, work: () => Promise<T>): Promise<T>
 *
 * - It joins the VM's session, or opens one: waits a little for its peers, powers the VM off, runs the works one
 *   after another, and brings back the power state that the Vm's own state asks for.
 * - It resolves with the work's result when the VM is back, and then throws the work's own error, if any.
 * - `UserError`, before `work` ran: no consent, or the power-off failed.
 * - `NotRestored` (`vm-power.ts`): the VM is off and stays so. `work` may have been done, so it must keep what it
 *   achieved in a variable of the caller's, who throws `PartialState` with `phase: "restore-power"`; the next `up`
 *   calls `whileVmOff` again with nothing to do, which starts the VM.
 * - A work ends as early as its proof allows: a snapshot when `creating` ends, with its upload followed afterwards.
 *
 * Its definition has `planned: (site, _id, state, news, plan) => settlePart(site, state, news, plan)`;
 * `refuse` and `preflight` ask `refuseRunning`; `delete` does nothing when `isCondemned`; `placeOf` says where the
 * VM is, and in a `read` or `delete`, which run with what was recorded long ago, `asRecorded`. The sdk passes `__peers` and `__vm` (`sdk/on-vm.ts`).
 */
import type { Clock } from "../core/effects";

/** How the machine that a session works on is switched; each resolves when its effect is proven. */
export interface Switch {
  off(): Promise<void>;
  /** Brings back the power state that the machine is meant to have. */
  restore(): Promise<void>;
}

/** Who wants a machine off. */
export interface Member {
  /** Its name among `peers`; none for a change of the machine itself. */
  readonly name?: string | undefined;
  /** All that were declared on the machine, itself included: the session waits a little for those it will work for. */
  readonly peers: readonly string[];
  readonly power: Switch;
}

/** What became of the power in a session. */
interface Ended {
  readonly notStopped?: { readonly error: unknown };
  readonly notRestored?: { readonly error: unknown };
}

interface Session {
  readonly queue: (() => Promise<void>)[];
  readonly expected: Set<string>;
  joinedAt: number;
  /** Nobody is taken in any more. */
  closing: boolean;
  wake: AbortController | undefined;
  /** Never rejects. */
  over: Promise<Ended>;
}

/** The machine may have been powered off and could not be brought back. */
export class NotBack extends Error {
  override readonly name = "NotBack";
  constructor(
    readonly why: unknown,
    /** What went wrong before that, if anything did. */
    readonly earlier: { readonly error: unknown } | undefined,
  ) {
    super("the machine could not be brought back");
  }
}

// The engine's steps come a few milliseconds apart; one that comes later than this was not to be waited for.
const AFTER_LAST_MS = 2_000;
const AT_MOST_MS = 10_000;

/**
 * The times that one machine is off, one after another: operations that need it off share one as far as they come
 * together. Every operation is held until the machine is back, for two reasons: what the user makes next may need a
 * running machine, and with no call open the engine may end this process.
 */
export class PowerSessions {
  #session: Session | undefined;
  /** Peers that have come, or that this run has nothing to do for. */
  readonly #settled = new Set<string>();

  constructor(private readonly clock: Clock) {}

  /** Nobody needs to wait for this peer. */
  settle(name: string): void {
    this.#settled.add(name);
    this.#session?.wake?.abort(new Error("a peer is settled"));
  }

  /** Whether all of these have come, or need not come. */
  areSettled(names: readonly string[]): boolean {
    return names.every((name) => this.#settled.has(name));
  }

  /** Does `work` while the machine is off. Its own error is thrown when the machine is back. */
  async whileOff<T>(member: Member, work: () => Promise<T>): Promise<T> {
    if (member.name !== undefined) this.settle(member.name);
    while (this.#session?.closing) await this.#session.over;
    this.#session ??= this.#open(member.power);
    const session = this.#session;
    for (const peer of member.peers) session.expected.add(peer);
    session.joinedAt = this.clock.now();
    let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
    session.queue.push(async () => {
      try {
        outcome = { value: await work() };
      } catch (error) {
        outcome = { error };
      }
    });
    session.wake?.abort(new Error("somebody joins"));
    const { notStopped, notRestored } = await session.over;
    const failure = outcome && "error" in outcome ? outcome : notStopped;
    if (notRestored) throw new NotBack(notRestored.error, failure);
    if (failure) throw failure.error;
    if (!outcome || !("value" in outcome)) throw new Error("a power session ended without its work");
    return outcome.value;
  }

  #open(power: Switch): Session {
    const session: Session = {
      queue: [],
      expected: new Set(),
      joinedAt: this.clock.now(),
      closing: false,
      wake: undefined,
      over: Promise.resolve({}),
    };
    session.over = this.#run(session, power);
    return session;
  }

  async #run(session: Session, power: Switch): Promise<Ended> {
    await this.#gather(session);
    let ended: Ended = {};
    try {
      await power.off();
      for (let next = session.queue.shift(); next; next = session.queue.shift()) await next();
    } catch (error) {
      ended = { notStopped: { error } };
    }
    session.closing = true;
    try {
      await power.restore();
    } catch (error) {
      ended = { ...ended, notRestored: { error } };
    }
    this.#session = undefined;
    return ended;
  }

  /** Waits until all that are expected have come or need not come; never long. */
  async #gather(session: Session): Promise<void> {
    const begun = this.clock.now();
    // the first member joins after this call has returned
    await Promise.resolve();
    while (!this.areSettled([...session.expected])) {
      const left = Math.min(session.joinedAt + AFTER_LAST_MS, begun + AT_MOST_MS) - this.clock.now();
      if (left <= 0) return;
      session.wake = new AbortController();
      try {
        await this.clock.sleep(left, session.wake.signal);
      } catch {
        // woken: judge again
      } finally {
        session.wake = undefined;
      }
    }
  }
}
