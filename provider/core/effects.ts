/**
 * The seam through which every effect on the outside world passes, so that a test can replay any
 * failure from a seed: time, randomness and the wire are never reached in another way.
 */

/** Time. `now` is monotonic and only good for differences; `today` is for people to read. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /** Wall-clock time, for display only. */
  today(): Date;
  /** Resolves after `milliseconds`, or rejects with the signal's reason as soon as it is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** `bytes` random bytes, fit for keys and nonces. */
export type Random = (bytes: number) => Uint8Array;

/** What a request asks of the transport. */
export interface HttpRequest {
  /** POST unless given; a GET may carry a body. */
  readonly method?: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Our own deadline for the whole exchange, in milliseconds. */
  readonly deadlineMs: number;
  /** Use a connection of its own, so that a failure to connect proves that nothing was sent. */
  readonly freshConnection: boolean;
  /** Which of the caller's attempts this is, counted from 1; for the debug log. */
  readonly attempt?: number;
  readonly signal?: AbortSignal;
}

/** What came back, whatever its status. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What went wrong on the way: no connection came about; it broke before the whole reply was in; our deadline passed;
 * the caller gave up; the reply broke a rule of ours (size, encoding).
 */
export type TransportFault = "no-connection" | "broken" | "deadline" | "aborted" | "bad-reply";

/** Why no usable reply came back, and whether a byte of the request can have left. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  constructor(
    message: string,
    /** `false` only where it is certain that nothing left this machine. */
    readonly mayHaveBeenSent: boolean,
    readonly fault: TransportFault = mayHaveBeenSent ? "broken" : "no-connection",
  ) {
    super(message);
  }
}

/** Sends one request; throws only {@link TransportError}. */
export type Send = (request: HttpRequest) => Promise<HttpReply>;

/** Reads the first bytes that a TCP service says, to see whether it is up; throws when nothing answers. */
export type Greet = (host: string, port: number, deadlineMs: number) => Promise<string>;

/** All effects together. */
export interface Effects {
  readonly clock: Clock;
  readonly random: Random;
  readonly send: Send;
  readonly greet: Greet;
}
