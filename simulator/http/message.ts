/** A request as it came over the wire. */
export interface HttpRequest {
  readonly method: string;
  /** As sent: path and query, or an absolute address. */
  readonly uri: string;
  /** Names in lower case; the first of equal ones. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Aborted when the other side has gone. */
  readonly gone?: AbortSignal;
}

/** An answer. `spoil` makes the wire fail in the given way. */
export interface HttpReply {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  readonly spoil?: "close-after-half" | undefined;
  /** A page of the HTTP library itself, after which it closes the connection. */
  readonly isErrorPage?: boolean;
}

/** Answers a request; `close` cuts the connection without an answer. */
export type HttpHandler = (request: HttpRequest) => Promise<HttpReply | "close">;

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  302: "Found",
  400: "Bad Request",
  404: "Not Found",
  413: "Request Entity Too Large",
  417: "Expectation Failed",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
};

export function reasonOf(status: number): string {
  return reasons[status] ?? "Unknown";
}

/** The page that the HTTP library itself answers with. */
export function errorPage(status: number): HttpReply {
  const reason = reasonOf(status);
  return {
    status,
    isErrorPage: true,
    headers: [
      ["Content-Type", "text/html"],
      ["Connection", "close"],
    ],
    body: Buffer.from(
      `<HTML><HEAD>\n<TITLE>${status} ${reason}</TITLE>\n</HEAD><BODY>\n<H1>${reason}</H1>\n</BODY></HTML>\n`,
    ),
  };
}
