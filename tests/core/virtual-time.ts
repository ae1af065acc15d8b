import { VirtualClock } from "../../simulator/clock";

/** Time that nobody outside of the test shares. */
export const virtualTime = (): VirtualClock => new VirtualClock(undefined, 0);

/** Runs `work` in it; what is not done after two hours would never be. */
export const run = <T>(clock: VirtualClock, work: Promise<T>): Promise<T> => clock.runUntil(work, 7_200_000);
