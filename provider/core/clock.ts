import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock, Random } from "./effects";

/** The machine's clock; `speed` is above 1 only when the remote system is a simulator that runs as fast. */
export const systemClock = (speed = 1): Clock => ({
  now: () => performance.now() * speed,
  today: () => new Date(),
  sleep: async (milliseconds, signal) => {
    await wait(milliseconds / speed, undefined, signal ? { signal } : undefined).catch((error: unknown) => {
      throw signal?.aborted ? signal.reason : error;
    });
  },
});

/** The machine's source of randomness. */
export const systemRandom: Random = (bytes) => randomBytes(bytes);
