/** What an exchange with the interconnection platform means. Every call writes a row, so doubt is never a failure. */
import * as z from "zod";
import { type HttpReply, TransportError } from "../../core/effects";
import { type Outcome, RemoteError } from "../../core/errors";
import { sanitise } from "../../core/sanitise";
import { parseJson } from "../json";
import { hideTokens } from "./hide";

/** What came of sending a request. */
export type Exchange = HttpReply | TransportError;

export interface Attempt {
  /** What is tried, as an infinitive. */
  readonly what: string;
  /** Where it was sent, for people. */
  readonly base: string;
  /** Takes our own secrets out of what the platform said. */
  readonly redact: (text: string) => string;
}

/** `code` is a number, or text on some sites; `message` is `msg` on others, and need not be text. */
const Envelope = z.object({
  code: z.union([z.string().max(40), z.int()]).transform((code) => String(code).trim()),
  message: z.unknown().optional(),
  msg: z.unknown().optional(),
  data: z.unknown().optional(),
});

/** No reason in the world is longer; cut before it is searched for secrets. */
const MAX_SAID = 16_384;

const CHECK_TOKEN = "check interconnectToken (DBC_INTERCONNECT_TOKEN)";
const CHECK_PATH = "check interconnectEndpoint and interconnectPaths: every path ends in a slash";
const CHECK_FIELDS = "check source, sessionIdentifier and data";

interface Meaning {
  readonly outcome: Outcome;
  readonly remedy?: string;
}

/**
 * Codes, and HTTP statuses, that say for certain that nothing was written: the request did not get past its checks.
 * The seed describes no code but 0 and 500, and after a 500 the row may be there, so all others are unknown.
 */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  400: { outcome: "refused", remedy: CHECK_FIELDS },
  401: { outcome: "unauthorised", remedy: CHECK_TOKEN },
  403: { outcome: "unauthorised", remedy: CHECK_TOKEN },
  404: { outcome: "refused", remedy: CHECK_FIELDS },
  405: { outcome: "refused", remedy: CHECK_PATH },
  413: { outcome: "refused", remedy: "data is too large for the platform" },
  415: { outcome: "refused" },
  422: { outcome: "refused", remedy: CHECK_FIELDS },
  429: { outcome: "unavailable", remedy: "nothing was recorded: try again later" },
};

const meaningOf = (code: string): Meaning =>
  Object.hasOwn(MEANINGS, code) ? (MEANINGS[code] ?? { outcome: "unknown" }) : { outcome: "unknown" };

/** Ends a call as `outcome`, in one sentence. */
const failure = ({ what }: Attempt, { outcome, remedy }: Meaning, reason: string, said = ""): RemoteError => {
  const start =
    outcome === "unknown" ? `could not learn whether the request to ${what} was taken` : `could not ${what}`;
  return new RemoteError(outcome, `${start}: ${reason}${remedy ? `; ${remedy}` : ""}`, said);
};

/** Text of the platform's, fit to be quoted; cleaned, and searched again, because cleaning can put things together. */
const quotable = (value: unknown, { redact }: Attempt): string => {
  if (value === undefined || value === null) return "";
  const text = (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, MAX_SAID);
  return hideTokens(redact(sanitise(hideTokens(redact(text)), 200)));
};

const faultOf = (attempt: Attempt, fault: TransportError): RemoteError => {
  const why = attempt.redact(fault.message);
  if (fault.mayHaveBeenSent)
    return failure(attempt, { outcome: "unknown" }, `the request to ${attempt.base} ended early (${why})`);
  return failure(
    attempt,
    { outcome: "not-sent", remedy: "check interconnectEndpoint (DBC_INTERCONNECT_ENDPOINT)" },
    `nothing answers at ${attempt.base} (${why})`,
  );
};

const hostOf = (location: string | undefined, base: string): string =>
  URL.canParse(location ?? "", base) ? new URL(location ?? "", base).hostname : "elsewhere";

/** The words inside an error of a web framework that knows nothing of the envelope. */
const wordsIn = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value;
  const { detail, message, msg } = value as Readonly<Record<string, unknown>>;
  return detail ?? message ?? msg ?? value;
};

/** A reply that is not the platform's envelope: what its HTTP status tells. */
const statusFailure = (attempt: Attempt, reply: HttpReply, came: string, said = ""): RemoteError => {
  const { status, headers } = reply;
  if (status >= 300 && status < 400)
    return failure(
      attempt,
      { outcome: "refused", remedy: `redirects are not followed; ${CHECK_PATH}` },
      `${attempt.base} redirects to ${quotable(hostOf(headers.location, attempt.base), attempt)}`,
    );
  const meaning = meaningOf(String(status));
  return failure(
    attempt,
    status === 404 ? { ...meaning, remedy: CHECK_PATH } : meaning,
    `${attempt.base} answered HTTP ${status} with ${said === "" ? came : `"${said}"`}`,
    said,
  );
};

/** The `data` of a successful answer. The body's code decides wherever there is one, whatever the HTTP status. */
export const dataOf = (attempt: Attempt, exchange: Exchange): unknown => {
  if (exchange instanceof TransportError) throw faultOf(attempt, exchange);
  const json = parseJson(exchange.body);
  const envelope = json.ok ? Envelope.safeParse(json.value) : undefined;
  if (!envelope?.success)
    throw json.ok
      ? statusFailure(
          attempt,
          exchange,
          "JSON of an unexpected shape",
          quotable(wordsIn(json.value), attempt),
        )
      : statusFailure(attempt, exchange, json.reason);
  const { code, message, msg, data } = envelope.data;
  if (/^0+$/.test(code)) {
    if (exchange.status >= 300) throw statusFailure(attempt, exchange, "a success code");
    return data;
  }
  const said = quotable(message ?? msg, attempt);
  throw failure(
    attempt,
    meaningOf(code),
    `the platform said ${said === "" ? "nothing but" : `"${said}" with`} code ${quotable(code, attempt)}`,
    `${code} ${said}`,
  );
};
