/** What an exchange with the client node means: the one place where texts, codes and faults become outcomes. */
import { type HttpReply, TransportError } from "../../core/effects";
import { type Outcome, RemoteError } from "../../core/errors";
import { sanitise } from "../../core/sanitise";
import { parseJson } from "../json";
import { clientNodeRule, lostRule, MODIFY_ORDER, type ModifyField, nodeRule, type Rule } from "./texts";
import { Envelope } from "./wire";

/** What came of sending a request. */
export type Exchange = HttpReply | TransportError;

/** A request, as far as its outcome depends on it. */
export interface Attempt {
  /** What is tried and on what, as an infinitive: `power off VM x of node 8ebced8f…`. */
  readonly what: string;
  readonly write: boolean;
  /** The words that say that the thing addressed isn't there; with the code, where the words alone don't prove it. */
  readonly notFound?: { readonly words: string; readonly errcode?: number };
  /** The fields of a modify. */
  readonly changes?: readonly ModifyField[];
}

export interface Judge {
  readonly endpoint: string;
  readonly endpointIsDefault: boolean;
  /** Takes our own secrets out of what the remote system said. */
  readonly redact: (text: string) => string;
}

/** No reason in the world is longer; cut before it is searched for secrets. */
const MAX_SAID = 16_384;

/** Ends a call as `outcome`, in one sentence. */
const fail = (
  { what, write }: Attempt,
  outcome: Outcome,
  reason: string,
  { said = "", remedy }: { said?: string; remedy?: string | undefined } = {},
): never => {
  const start =
    outcome === "unknown" && write
      ? `could not learn whether the order to ${what} took effect`
      : `could not ${what}`;
  throw new RemoteError(outcome, `${start}: ${reason}${remedy ? `; ${remedy}` : ""}`, said);
};

/** The outcome when nothing is certain: only a write can have done something. */
const unsure = ({ write }: Attempt): Outcome => (write ? "unknown" : "unavailable");

const WRONG_ADDRESS = "check that DBC_ENDPOINT or dbc:endpoint is the address of a DBC client";

const judgeFault = (attempt: Attempt, fault: TransportError, judge: Judge): never => {
  if (fault.fault === "no-connection" && !fault.mayHaveBeenSent) {
    const remedy = judge.endpointIsDefault
      ? "this is the DBC client's default address, taken because none is set: start the DBC client there, or set DBC_ENDPOINT or dbc:endpoint"
      : WRONG_ADDRESS;
    const reason = `no DBC client answers at ${judge.endpoint} (${judge.redact(fault.message)})`;
    return fail(attempt, attempt.write ? "not-sent" : "unavailable", reason, { remedy });
  }
  const outcome = fault.mayHaveBeenSent ? unsure(attempt) : attempt.write ? "not-sent" : "unavailable";
  return fail(
    attempt,
    outcome,
    `the request to ${judge.endpoint} ended early (${judge.redact(fault.message)})`,
  );
};

/** A refusal of a modify is one only if no field before it was applied. `publicIp` is always sent, mostly unchanged. */
const isPartial = (
  changes: readonly ModifyField[] | undefined,
  stoppedAt: ModifyField | undefined,
): boolean => {
  const end = stoppedAt === undefined ? 0 : MODIFY_ORDER.indexOf(stoppedAt);
  return MODIFY_ORDER.slice(1, end).some((field) => changes?.includes(field));
};

/** HTTP 200 with an errcode: the mining node's own words. */
const judgeNode = (attempt: Attempt, errcode: number, said: string): never => {
  const { notFound } = attempt;
  const reason = said === "" ? `the node refused with errcode ${errcode}` : `the node said "${said}"`;
  if (notFound?.words === said && (notFound.errcode ?? errcode) === errcode)
    return fail(attempt, "not-found", reason, { said });
  const rule: Rule = nodeRule(said) ?? { outcome: unsure(attempt) };
  if (isPartial(attempt.changes, rule.field))
    return fail(attempt, "unknown", reason, {
      said,
      remedy: `the changes that the node makes before this one are in place${rule.remedy ? `; ${rule.remedy}` : ""}`,
    });
  return fail(attempt, rule.outcome, reason, { said, remedy: rule.remedy });
};

/** HTTP 400, 404 and 500 with an errcode: the client node's words. */
const judgeClientNode = (
  attempt: Attempt,
  status: number,
  errcode: number,
  said: string,
  judge: Judge,
): never => {
  const reason = `the client node at ${judge.endpoint} said "${said}"`;
  const isBeforeSending = status === 400 && (errcode === -25 || errcode === -32600);
  const rule =
    status === 400
      ? (clientNodeRule(said) ?? (isBeforeSending ? { outcome: "refused" as const } : undefined))
      : status === 404 && errcode === -32601
        ? { outcome: "refused" as const, remedy: "the client node doesn't know this call: it may be too old" }
        : status === 500
          ? lostRule(said)
          : undefined;
  const outcome = rule === undefined || rule.outcome === "unknown" ? unsure(attempt) : rule.outcome;
  return fail(attempt, outcome, reason, { said, remedy: rule?.remedy });
};

const hostOf = (location: string | undefined, base: string): string => {
  try {
    return new URL(location ?? "", base).hostname;
  } catch {
    return "elsewhere";
  }
};

const bodyOf = (reply: HttpReply): { errcode: number; message: unknown } | string => {
  const json = parseJson(reply.body);
  if (!json.ok) return json.reason;
  const envelope = Envelope.safeParse(json.value);
  return envelope.success ? envelope.data : "JSON of an unexpected shape";
};

/** The `message` of a successful answer, unchecked; throws a {@link RemoteError} for everything else. */
export const messageOf = (attempt: Attempt, exchange: Exchange, judge: Judge): unknown => {
  if (exchange instanceof TransportError) return judgeFault(attempt, exchange, judge);
  const { status } = exchange;
  if (status >= 300 && status < 400) {
    const host = judge.redact(hostOf(exchange.headers.location, judge.endpoint));
    const reason = `${judge.endpoint} redirects to ${host}, which is not followed`;
    return fail(attempt, "refused", reason, { remedy: WRONG_ADDRESS });
  }
  const body = bodyOf(exchange);
  if (typeof body === "string" || (body.errcode === 0 && status !== 200)) {
    const what = typeof body === "string" ? body : "a success code";
    const reason = `${judge.endpoint} answered HTTP ${status} with ${what}`;
    // a proxy in front of the client node, which itself knows neither status
    if (status === 401 || status === 403 || status === 407) return fail(attempt, "unauthorised", reason);
    return fail(attempt, unsure(attempt), reason, {
      remedy: body === "an HTML page" ? WRONG_ADDRESS : undefined,
    });
  }
  if (body.errcode === 0) return body.message;
  const text = typeof body.message === "string" ? body.message.slice(0, MAX_SAID) : "";
  // cleaned, searched again: cleaning can put together what was taken apart
  const said = judge.redact(sanitise(judge.redact(text)));
  return status === 200
    ? judgeNode(attempt, body.errcode, said)
    : judgeClientNode(attempt, status, body.errcode, said, judge);
};

/** The end of a call whose answer is a success of the wrong shape; names the place, never a value. */
export const misshapen = (attempt: Attempt, path: readonly PropertyKey[], judge: Judge): never => {
  const place = ["message", ...path.map(String)].join(".");
  return fail(
    attempt,
    unsure(attempt),
    `the answer through ${judge.endpoint} has an unexpected shape at ${place}`,
  );
};

/** Whether the node was heard: `silent` when its time ran out, `none` when the exchange says nothing about it. */
export const lifeSign = (exchange: Exchange): "alive" | "silent" | "none" => {
  if (exchange instanceof TransportError) return exchange.fault === "deadline" ? "silent" : "none";
  if (exchange.status !== 500) return "alive";
  const body = bodyOf(exchange);
  const isTimeout =
    typeof body !== "string" && typeof body.message === "string" && body.message.endsWith(" timeout");
  return isTimeout ? "silent" : "alive";
};
