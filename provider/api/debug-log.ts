import type { Clock, Send } from "../core/effects";
import { TransportError } from "../core/effects";
import { sanitise } from "../core/sanitise";
import { parseJson } from "./json";

/** Where the lines go, and what may not be in them. */
export interface DebugLogOptions {
  /** Real time: how long a request took is not to be scaled. */
  readonly clock: Pick<Clock, "now" | "today">;
  readonly write: (line: string) => void;
  /** Takes secrets out of a path, should anybody have put one there. */
  readonly redact: (text: string) => string;
}

/** The remote system's own code, which says what an HTTP 200 hides; never its words. */
const codeIn = (body: string): string | number | undefined => {
  const parsed = parseJson(body);
  if (!parsed.ok || typeof parsed.value !== "object" || parsed.value === null) return undefined;
  const { errcode, code } = parsed.value as { readonly errcode?: unknown; readonly code?: unknown };
  const found = errcode ?? code;
  if (typeof found === "number" && Number.isSafeInteger(found)) return found;
  return typeof found === "string" && /^-?\d{1,9}$/.test(found) ? found : undefined;
};

/**
 * A wire that writes one line of JSON for each request: when it ended, method, host, path, which attempt of how the
 * caller counts, then status, code and size of the answer or why there is none, and the milliseconds that it took.
 * Only these: never a header, a query, or anything of a body.
 */
export const withDebugLog = (send: Send, { clock, write, redact }: DebugLogOptions): Send => {
  return async (request) => {
    const begun = clock.now();
    const line = (end: Readonly<Record<string, unknown>>): void => {
      const { host, pathname } = new URL(request.url);
      const ms = Math.round(clock.now() - begun);
      const path = sanitise(redact(pathname));
      const { method = "POST", attempt = 1 } = request;
      write(JSON.stringify({ time: clock.today().toISOString(), method, host, path, attempt, ...end, ms }));
    };
    try {
      const reply = await send(request);
      line({ status: reply.status, code: codeIn(reply.body), bytes: Buffer.byteLength(reply.body) });
      return reply;
    } catch (error) {
      const isKnown = error instanceof TransportError;
      line({ fault: isKnown ? error.fault : "unexpected", sent: isKnown ? error.mayHaveBeenSent : true });
      throw error;
    }
  };
};
