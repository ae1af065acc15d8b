import type { Clock } from "./effects";
import { isRemote } from "./errors";

/** A plan is not held up for longer than this by one question. */
const WITHIN_MS = 5_000;

/** The answer to a question of a plan, if it comes soon; what can't be asked now is said later by whoever is asked. */
export const soon = async <T>(clock: Clock, question: Promise<T>): Promise<T | undefined> => {
  const giveUp = new AbortController();
  question.catch(() => undefined);
  try {
    return await Promise.race([
      question,
      clock.sleep(WITHIN_MS, giveUp.signal).then(
        () => undefined,
        () => undefined,
      ),
    ]);
  } catch (error) {
    if (isRemote(error)) return undefined;
    throw error;
  } finally {
    giveUp.abort();
  }
};
