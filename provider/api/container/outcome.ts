/** What an exchange with the container service means: the one place where codes, statuses and faults become outcomes. */
import * as z from "zod";
import { type HttpReply, TransportError } from "../../core/effects";
import { type Outcome, RemoteError } from "../../core/errors";
import { sanitise } from "../../core/sanitise";
import { parseJson } from "../json";
import { type CodeRule, DENIALS, ruleOf } from "./codes";

/** What came of sending a request. */
export type Exchange = HttpReply | TransportError;

/** A request, as far as its outcome depends on it. */
export interface Attempt {
  /** What is tried and on what, as an infinitive: `stop container task x`. */
  readonly what: string;
  readonly write: boolean;
  /** Whether it carries a region's token, which may have expired. */
  readonly withToken: boolean;
  /** What HTTP 404 means, where it is not a wrong path: the thing addressed is not there. */
  readonly nothingIs404?: boolean;
  /** What to do about a refusal, where the code alone would mislead. */
  readonly remedy?: string;
  /** What codes mean here, where it is not what they mean elsewhere. */
  readonly meanings?: Readonly<Record<string, string>>;
}

export interface Judge {
  /** Where it was sent, for people. */
  readonly base: string;
  /** Takes our own secrets out of what the service said. */
  readonly redact: (text: string) => string;
}

/** The service did not take the token: expired or too weak, which only a question of its own can tell. */
export class Denied extends Error {
  override readonly name = "Denied";
  constructor(readonly refusal: RemoteError) {
    super(refusal.message);
  }
}

/** The path is not there at all: another style of call, or a region without containers. */
export class NoSuchPath extends Error {
  override readonly name = "NoSuchPath";
  constructor(readonly refusal: RemoteError) {
    super(refusal.message);
  }
}

/** `code` is text, and a number on some sites; `msg` is `message` at the gateway (reference 0, 2.8). */
const Envelope = z.object({
  code: z.union([z.string().max(40), z.int()]).transform(String),
  msg: z.string().nullish(),
  message: z.string().nullish(),
  data: z.unknown().optional(),
});

/** No reason in the world is longer; cut before it is searched for secrets. */
const MAX_SAID = 16_384;

/** Ends a call as `outcome`, in one sentence. */
const failure = (
  { what, write }: Attempt,
  outcome: Outcome,
  reason: string,
  { said = "", remedy }: { said?: string; remedy?: string | undefined } = {},
): RemoteError => {
  const start =
    outcome === "unknown" && write
      ? `could not learn whether the order to ${what} took effect`
      : `could not ${what}`;
  return new RemoteError(outcome, `${start}: ${reason}${remedy ? `; ${remedy}` : ""}`, said);
};

/** The outcome when nothing is certain: only a write can have done something. */
const unsure = ({ write }: Attempt): Outcome => (write ? "unknown" : "unavailable");

const faultOf = (attempt: Attempt, fault: TransportError, { base, redact }: Judge): RemoteError => {
  const why = redact(fault.message);
  if (!fault.mayHaveBeenSent)
    return failure(
      attempt,
      attempt.write ? "not-sent" : "unavailable",
      fault.fault === "no-connection"
        ? `nothing answers at ${base} (${why})`
        : `the request to ${base} was given up (${why})`,
      fault.fault === "no-connection" ? { remedy: "check the address in the settings" } : {},
    );
  return failure(attempt, unsure(attempt), `the request to ${base} ended early (${why})`);
};

const hostOf = (location: string | undefined, base: string): string => {
  try {
    return new URL(location ?? "", base).hostname;
  } catch {
    return "elsewhere";
  }
};

/** A reply that is not the service's envelope: what its HTTP status tells. */
const statusFailure = (attempt: Attempt, reply: HttpReply, came: string, { base, redact }: Judge): Error => {
  const { status } = reply;
  if (status >= 300 && status < 400)
    return failure(
      attempt,
      "refused",
      `${base} redirects to ${redact(hostOf(reply.headers.location, base))}`,
      {
        remedy: "redirects are not followed; check the address in the settings",
      },
    );
  const reason = `${base} answered HTTP ${status} with ${came}`;
  if (status === 401 || status === 403) {
    const refusal = failure(attempt, "unauthorised", reason);
    return attempt.withToken ? new Denied(refusal) : refusal;
  }
  if (status === 404 || status === 405)
    return new NoSuchPath(
      failure(attempt, "refused", reason, {
        remedy: attempt.withToken
          ? "this region offers no container OpenAPI, or it has other paths (setting containerPaths)"
          : "check the address in the settings",
      }),
    );
  return failure(attempt, unsure(attempt), reason);
};

const codeFailure = (attempt: Attempt, code: string, said: string): Error => {
  const known = ruleOf(code);
  const rule: CodeRule = known ?? { outcome: "unknown", meaning: "a code that is not documented" };
  const reason = `the service said ${said === "" ? "nothing but" : `"${said}" with`} code ${sanitise(code)} (${attempt.meanings?.[code] ?? rule.meaning})`;
  const outcome = rule.outcome === "unknown" ? unsure(attempt) : rule.outcome;
  const refusal = failure(attempt, outcome, reason, {
    said: `${code} ${said}`,
    remedy: attempt.remedy ?? rule.remedy,
  });
  return attempt.withToken && DENIALS.has(code) ? new Denied(refusal) : refusal;
};

/**
 * The `data` of a successful answer, unchecked. Throws a {@link RemoteError}, or for the client to go on with a
 * {@link Denied} or {@link NoSuchPath}. The body's code decides wherever there is one, whatever the HTTP status.
 */
export const dataOf = (attempt: Attempt, exchange: Exchange, judge: Judge): unknown => {
  if (exchange instanceof TransportError) throw faultOf(attempt, exchange, judge);
  if (exchange.status === 404 && attempt.nothingIs404) return undefined;
  const json = parseJson(exchange.body);
  const envelope = json.ok ? Envelope.safeParse(json.value) : undefined;
  if (!envelope?.success)
    throw statusFailure(attempt, exchange, json.ok ? "JSON of an unexpected shape" : json.reason, judge);
  const { code, msg, message, data } = envelope.data;
  if (code === "0") {
    if (exchange.status >= 300) throw statusFailure(attempt, exchange, "a success code", judge);
    return data;
  }
  const text = (msg ?? message ?? "").slice(0, MAX_SAID);
  // cleaned, searched again: cleaning can put together what was taken apart
  throw codeFailure(attempt, code, judge.redact(sanitise(judge.redact(text))));
};

/** The end of a call whose answer is a success of the wrong shape; names the place, never a value. */
export const misshapen = (attempt: Attempt, path: readonly PropertyKey[], { base }: Judge): RemoteError =>
  failure(
    attempt,
    unsure(attempt),
    `the answer of ${base} has an unexpected shape at ${["data", ...path.map(String)].join(".")}`,
  );
