import type { Clock } from "../core/effects";
import { sanitise } from "../core/sanitise";
import type { EngineLog } from "./engine-log";

/** A row of a terminal that does not change gets its minutes this often. */
const REPEAT_MS = 60_000;

/** Whether nobody watches: every line stays in a log, as CI systems say by `CI`. */
export const isLogged = ({ CI }: NodeJS.ProcessEnv): boolean =>
  CI !== undefined && !["", "0", "false"].includes(CI.toLowerCase());

/** What is being done, without how far: a place in a queue, a percentage. */
const phaseOf = (text: string): string => text.replaceAll(/\d+(?:st|nd|rd|th)?/g, "");

/**
 * Shows one operation's progress on its resource's row. On a terminal every change at once, and a sign of life a
 * minute. In a log only what is being done, and a sign of life after 1, 2, 4, 8, … minutes: a few lines, however long.
 */
export const createProgress = (log: EngineLog, clock: Clock, urn: string, logged = false) => {
  let [last, at, begun, pause] = ["", Number.NEGATIVE_INFINITY, clock.now(), REPEAT_MS];
  return {
    progress(text: string): void {
      const now = clock.now();
      const isNews = logged ? phaseOf(text) !== phaseOf(last) : text !== last;
      if (!isNews && now - at < pause) return;
      if (logged) pause = isNews ? REPEAT_MS : pause * 2;
      const minutes = Math.round((now - begun) / REPEAT_MS);
      log.log("info", urn, sanitise(!isNews && minutes > 0 ? `${text} (${minutes} min)` : text), true);
      [last, at] = [text, now];
    },
    /** Takes the last line off the row again: the row says by itself how it ended. */
    done(): void {
      if (last !== "" && !logged) log.log("info", urn, "", true);
    },
    warn(text: string): void {
      log.log("warning", urn, sanitise(text), false);
    },
  };
};
