import type { HttpReply } from "../http/message";

export const badRequest = 400;
export const notFound = 404;
export const internalError = 500;

export const invalidRequest = -32600;
export const methodNotFound = -32601;
export const invalidParams = -25;
export const responseError = -32701;

/** A refusal by the client node itself: an HTTP error with a pretty-printed body (reference c). */
export class ClientRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** A request that makes the client node's process abort (reference 0.3). */
export class ClientCrash extends Error {}

function json(status: number, body: string): HttpReply {
  return {
    status,
    headers: [
      ["Access-Control-Allow-Origin", "*"],
      ["Content-Type", "application/json"],
    ],
    body: Buffer.from(`${body}\r\n`, "utf8"),
  };
}

/** A body that the client node prints prettily. */
export function prettyReply(status: number, code: number, message: unknown): HttpReply {
  return json(status, JSON.stringify({ errcode: code, message }, undefined, 4));
}

/** A body that is passed on, or written, as it is. */
export function textReply(text: string, status = 200): HttpReply {
  return json(status, text);
}

export function refusalReply(refusal: ClientRefusal): HttpReply {
  return prettyReply(refusal.status, refusal.code, refusal.message);
}
