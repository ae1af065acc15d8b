import type { Clock } from "../core/effects";
import { sanitise } from "../core/sanitise";
import type { EngineLog } from "./engine-log";

/** A run without a terminal prints every line, so an unchanged one is repeated this seldom. */
const REPEAT_MS = 60_000;

/** Shows one operation's progress on its resource's row: every change at once, else a sign of life a minute. */
export const createProgress = (log: EngineLog, clock: Clock, urn: string) => {
  let [last, at, begun] = ["", Number.NEGATIVE_INFINITY, clock.now()];
  return {
    progress(text: string): void {
      const now = clock.now();
      if (text === last && now - at < REPEAT_MS) return;
      const minutes = Math.round((now - begun) / REPEAT_MS);
      log.log("info", urn, sanitise(text === last && minutes > 0 ? `${text} (${minutes} min)` : text), true);
      [last, at] = [text, now];
    },
    /** Takes the last line off the row again: the row says by itself how it ended. */
    done(): void {
      if (last !== "") log.log("info", urn, "", true);
    },
    warn(text: string): void {
      log.log("warning", urn, sanitise(text), false);
    },
  };
};
