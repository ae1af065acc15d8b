import type { HttpReply } from "../http/message";

/** A JSON answer. */
export function jsonReply(value: unknown, status = 200): HttpReply {
  return {
    status,
    headers: [["Content-Type", "application/json;charset=UTF-8"]],
    body: Buffer.from(JSON.stringify(value), "utf8"),
  };
}

/** The page of the web server in front, which knows nothing of codes. */
export function pageReply(status: number): HttpReply {
  return {
    status,
    headers: [["Content-Type", "text/html"]],
    body: Buffer.from(`<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>\n`),
  };
}
