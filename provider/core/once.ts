import type { Clock } from "./effects";
import { isRemote, type RemoteError } from "./errors";

/** How to do something once on a system that may answer nothing and do it all the same. */
export interface Once<Found> {
  /** What is there now, if anything of ours is; throws when it can't tell. */
  look(): Promise<Found | undefined>;
  /** Sends the request, once; resolves only on a clear yes. */
  send(): Promise<Found>;
  /** Whether a refusal means that ours is there already. */
  isAlreadyThere(refusal: RemoteError): boolean;
  /** Whether a second request with the same key is refused when the first arrived after all. */
  readonly repeatable: boolean;
  readonly clock: Clock;
  /** Told when an outcome has to be settled by looking. */
  unsure?(): void;
}

/** It may or may not have been done, and looking could not tell. */
export class Unsettled extends Error {
  override readonly name = "Unsettled";
  constructor(readonly last: unknown) {
    super("the outcome could not be settled");
  }
}

// The client node forgets a request after 30 s, and the node may begin on it that late.
const LOOK_EVERY_MS = 6_000;
const QUIET_MS = 66_000;
const GIVE_UP_MS = 600_000;
const SENDS = 3;

/** Looks until ours shows, or has been absent from good answers for so long that the request can't still arrive. */
const lookUntilQuiet = async <Found>(once: Once<Found>): Promise<Found | undefined> => {
  const begun = once.clock.now();
  let quietSince: number | undefined;
  for (let good = 0; ; ) {
    try {
      await once.clock.sleep(LOOK_EVERY_MS);
      const found = await once.look();
      if (found !== undefined) return found;
      good += 1;
      quietSince ??= once.clock.now();
      if (good >= 3 && once.clock.now() - quietSince >= QUIET_MS) return undefined;
    } catch (error) {
      if (!isRemote(error, "unavailable", "not-sent") || once.clock.now() - begun >= GIVE_UP_MS)
        throw new Unsettled(error);
    }
  }
};

/**
 * Sends something that was seen not to be there, and judges. A plain error means that nothing was done;
 * {@link Unsettled} that nobody knows. `clear` tells a clear yes from a thing that was found by looking.
 */
export const sendOnce = async <Found>(once: Once<Found>): Promise<{ found: Found; clear: boolean }> => {
  let last: unknown;
  for (let sent = 0; sent < (once.repeatable ? SENDS : 1); sent++) {
    try {
      return { found: await once.send(), clear: true };
    } catch (error) {
      last = error;
      const there = isRemote(error, "refused") && once.isAlreadyThere(error);
      // certain, but an earlier request of ours is not: only then is anything in doubt
      if (!there && isRemote(error) && error.outcome !== "unknown")
        throw sent === 0 ? error : new Unsettled(error);
      once.unsure?.();
    }
    const found = await lookUntilQuiet(once);
    if (found !== undefined) return { found, clear: false };
  }
  throw new Unsettled(last);
};
