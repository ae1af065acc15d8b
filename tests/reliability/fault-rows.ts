/** The fault model, row by row: what goes over the wire, and of which class that is. */
import { gzipSync } from "node:zlib";
import { type Spoil, said } from "./bad-wire";

/**
 * Of an order: `not-sent` for certain, `refused` before any effect, or `unknown`. A question that ends so has no
 * answer, and never proves that something is gone.
 */
export type Class = "not-sent" | "refused" | "unknown";

export interface FaultRow {
  readonly row: number;
  readonly name: string;
  readonly class: Class;
  readonly spoil?: Spoil;
  readonly url?: string;
  readonly endless?: true;
  /** Said before any effect, and worth asking again. */
  readonly passes?: true;
}

const says =
  (status: number, body: string | Buffer, headers = ""): Spoil =>
  (socket) => {
    socket.write(said(status, body, headers));
  };
const bare =
  (text: string): Spoil =>
  (socket) =>
    void socket.end(text);

const reset: Spoil = (socket) => void socket.resetAndDestroy();
const half = (answer: Buffer): Buffer => {
  const bytes = answer.length > 0 ? answer : said(200, '{"errcode":0, "message":"ok"}');
  return bytes.subarray(0, bytes.length - 10);
};
const drip: Spoil = (socket, answer) => {
  const bytes = half(answer);
  let sent = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || sent >= bytes.length) clearInterval(timer);
    else socket.write(bytes.subarray(sent, ++sent));
  }, 10_000 / 200);
  timer.unref();
};

const unknown = (row: number, name: string, spoil: Spoil): FaultRow => ({
  row,
  name,
  class: "unknown",
  spoil,
});
const deep = `{"errcode":0, "message":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
const many = `{"errcode":0, "message":[${"1,".repeat(1_000_000)}1]}`;
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20));

export const FAULT_ROWS: readonly FaultRow[] = [
  { row: 1, name: "nobody listens", class: "not-sent", url: "http://127.0.0.1:9/api/v1/tasks" },
  { row: 1, name: "no such host", class: "not-sent", url: "http://nowhere.invalid/api/v1/tasks" },
  unknown(2, "reset before a byte came back", reset),
  unknown(2, "closed before a byte came back", (socket) => void socket.end()),
  unknown(3, "reset in mid-body", (socket, answer) => {
    socket.write(half(answer), () => socket.resetAndDestroy());
  }),
  unknown(3, "truncated JSON", says(200, '{"errcode":0, "message":{"task_id":"pd1')),
  { row: 4, name: "no answer at all", class: "unknown", spoil: () => undefined, endless: true },
  unknown(6, "the client node's own timeout", says(500, '{"errcode":-1, "message":"create task timeout"}')),
  unknown(9, "502 of a proxy", says(502, "<html><h1>Bad Gateway</h1></html>")),
  unknown(9, "504 with nothing", says(504, "")),
  unknown(9, "an HTML page as a success", says(200, "<!doctype html><title>Sign in</title>")),
  unknown(9, "an empty success", says(200, "")),
  unknown(10, "429 with a Retry-After of a century", says(429, "{}", "Retry-After: 3153600000\r\n")),
  { row: 11, name: "401 of a proxy", class: "refused", spoil: says(401, "who are you?") },
  {
    row: 11,
    name: "the chain out of the node's reach",
    class: "refused",
    passes: true,
    spoil: says(200, '{"errcode":-3, "message":"check authority failed: query machine_status failed"}'),
  },
  {
    row: 12,
    name: "a redirect elsewhere",
    class: "refused",
    spoil: says(302, "", "Location: http://127.0.0.1:9/elsewhere\r\n"),
  },
  {
    row: 13,
    name: "a refusal that is known",
    class: "refused",
    spoil: says(200, '{"errcode":1, "message":"allocate gpu failed"}'),
  },
  unknown(14, "a refusal that nobody knows", says(200, '{"errcode":1, "message":"the moon is full"}')),
  unknown(14, "an errcode that is text", says(200, '{"errcode":"0", "message":"ok"}')),
  unknown(14, "an errcode beyond all numbers", says(200, '{"errcode":1e400, "message":"ok"}')),
  unknown(14, "no errcode", says(200, '{"message":"ok"}')),
  unknown(15, "a success about nothing", says(200, '{"errcode":0}')),
  unknown(
    15,
    "a success about somebody else's VM",
    says(200, '{"errcode":0, "message":{"task_id":"2Tjyu9nFv3kn6phF5NYiU", "status":"creating"}}'),
  ),
  unknown(16, "null for an object", says(200, '{"errcode":0, "message":null}')),
  unknown(16, "a list for everything", says(200, "[[],[]]")),
  { row: 20, name: "a byte now and then", class: "unknown", spoil: drip, endless: true },
  {
    row: 20,
    name: "headers without an end",
    class: "unknown",
    spoil: (socket) => void socket.write("HTTP/1.1 200 OK\r\nX-A: b\r\n"),
    endless: true,
  },
  unknown(
    20,
    "more headers than anybody reads",
    bare(`HTTP/1.1 200 OK\r\n${"X-A: b\r\n".repeat(20_000)}\r\n`),
  ),
  unknown(21, "a gzip bomb", says(200, bomb, "Content-Encoding: gzip\r\n")),
  unknown(21, "brackets without an end", says(200, deep)),
  unknown(21, "a million items", says(200, many)),
  unknown(32, "the request, said back", (socket, _answer, request) => {
    const text = request.slice(request.indexOf("\r\n\r\n") + 4).replaceAll(/["\\]/g, "'");
    socket.write(said(200, JSON.stringify({ errcode: 1, message: text })));
  }),
  unknown(
    33,
    "control characters and colours",
    says(200, JSON.stringify({ errcode: 1, message: "<{%bogus%}>\u001b[2J\u202e\u0000\nnext" })),
  ),
  unknown(
    34,
    "a prototype, and the engine's own words",
    says(
      200,
      '{"errcode":0, "__proto__":{"polluted":1}, "message":{"4dabf18193072939515e22adb298388d":"x", "__proto__":{"polluted":1}, "constructor":{"prototype":{"polluted":1}}}}',
    ),
  ),
  unknown(99, "bytes that are no HTTP", bare("SSH-2.0-OpenSSH_8.9\r\n")),
];
