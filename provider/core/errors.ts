import { sanitise } from "./sanitise";

/**
 * How a request to a remote system ended, if not well.
 *
 * - `not-sent`: nothing left this machine, or the request was refused here before sending.
 * - `refused`: the remote system said no before doing anything.
 * - `unknown`: it may have been carried out, now or later. Never a failure: settle it by looking.
 * - `not-found`: the thing addressed is not there.
 * - `unavailable`: the remote system can't be reached now; nothing was done.
 * - `unauthorised`: the credentials were not accepted.
 * - `rental-over`: the machine is not, or no longer, rented by this account.
 */
export type Outcome =
  | "not-sent"
  | "refused"
  | "unknown"
  | "not-found"
  | "unavailable"
  | "unauthorised"
  | "rental-over";

/**
 * The only error that leaves `provider/api`. Its message is one sentence, fit for a user: what was tried, on
 * what, what the remote system said (sanitised, quoted), what to do. It holds no request, no header, no secret.
 */
export class RemoteError extends Error {
  override readonly name = "RemoteError";
  /** What the remote system said, sanitised; empty when it said nothing. */
  readonly said: string;
  constructor(
    readonly outcome: Outcome,
    message: string,
    said = "",
  ) {
    super(sanitise(message));
    this.said = sanitise(said);
  }
}

/** Whether `error` is a {@link RemoteError} with one of `outcomes` (any, when none is named). */
export const isRemote = (error: unknown, ...outcomes: Outcome[]): error is RemoteError =>
  error instanceof RemoteError && (outcomes.length === 0 || outcomes.includes(error.outcome));

/** A mistake or refusal that the user can act on; its message is one sentence. */
export class UserError extends Error {
  override readonly name: string = "UserError";
  constructor(message: string) {
    super(sanitise(message));
  }
}

/** The place in our own code that an error came from, for whoever mends it. */
const placeOf = (error: Error): string => {
  const [, place] = /((?:provider|sdk)\/[\w./-]+:\d+)/.exec(error.stack ?? "") ?? [];
  return place === undefined ? "" : ` at ${place}`;
};

/** The sentence of any error. Text of unknown origin is never shown: it may hold anything, and helps nobody. */
export const sentence = (error: unknown): string => {
  if (error instanceof RemoteError || error instanceof UserError) return error.message;
  const [what, place] =
    error instanceof Error ? [error.name, placeOf(error)] : [`thrown ${typeof error}`, ""];
  return sanitise(
    `unexpected ${what} inside the provider${place}: this is a fault of pulumi-dbc itself; please report it with this line.`,
  );
};

/** The sentence of any error with its full stop, so that another can follow. */
export const closedSentence = (error: unknown): string => {
  const text = sentence(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
};
