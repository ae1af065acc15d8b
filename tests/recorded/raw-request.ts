import { connect, type Socket } from "node:net";
import type { Exchange } from "./exchange";

/** What came back over the wire. */
export interface RawAnswer {
  readonly status: number | null;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  readonly closed: boolean;
}

/** The bytes that were sent. */
export function rawRequest(exchange: Exchange, path: string, body: string | null): Buffer {
  if (exchange.method === "RAW") return Buffer.from(rebuilt(body ?? ""), "latin1");
  const half = /^(.*) \(\d+ of (\d+) bytes\)$/.exec(body ?? "");
  if (half !== null)
    return Buffer.from(
      `${exchange.method} ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${half[2]}\r\n\r\n${half[1]}`,
    );
  const length = exchange.request_headers?.find(([name]) => name === "Content-Length")?.[1];
  const text = body ?? "";
  const wasLatin1 = length !== undefined && Number(length) === (exchange.request_body ?? "").length;
  const bytes = Buffer.from(rebuiltBody(exchange, text), wasLatin1 ? "latin1" : "utf8");
  const headers = (exchange.request_headers ?? [["Host", "127.0.0.1"]])
    .map(([name, value]) => `${name}: ${name === "Content-Length" ? bytes.length : value}\r\n`)
    .join("");
  return Buffer.concat([Buffer.from(`${exchange.method} ${path} HTTP/1.1\r\n${headers}\r\n`), bytes]);
}

/** Large bodies were recorded by their size only. */
function rebuiltBody(exchange: Exchange, body: string): string {
  if (!/^<\d+ bytes>$/.test(body)) return body;
  const [, kind = "", count = "0"] = /deeply nested (objects )?(\d+)/.exec(exchange.label) ?? [];
  const depth = Number(count);
  return kind === "" ? "[".repeat(depth) : `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
}

const cutAt = 600;

/** Long raw requests were cut off after 600 characters: the last character went on. */
function rebuilt(text: string): string {
  if (text.length !== cutAt) return text;
  const last = text.slice(-1);
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) {
    const more = text + last.repeat(9000 - cutAt);
    return text.includes("\r\n") ? `${more}\r\n\r\n` : `${more} HTTP/1.1\r\nHost: a\r\n\r\n`;
  }
  const length = Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0);
  const head = text.slice(0, end + 4);
  const body = text.slice(end + 4);
  if (last === "[") return head + "[".repeat(length / 2) + "]".repeat(length / 2);
  const closing = '"}}';
  return head + body + last.repeat(Math.max(0, length - body.length - closing.length)) + closing;
}

/** One connection with one request on it. */
export class RawCall {
  readonly #socket: Socket;
  #data = Buffer.alloc(0);
  #closed = false;

  constructor(port: number, request: Buffer) {
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.on("data", (data) => {
      this.#data = Buffer.concat([this.#data, data]);
    });
    this.#socket.on("error", () => {
      this.#closed = true;
    });
    this.#socket.on("close", () => {
      this.#closed = true;
    });
    this.#socket.on("end", () => {
      this.#closed = true;
    });
    this.#socket.write(request);
  }

  /** Whether a whole answer is there, or none will come any more. */
  get done(): boolean {
    if (this.#closed) return true;
    const { headers, body, status } = this.answer();
    if (status === null) return false;
    const length = headers.find(([name]) => name === "Content-Length")?.[1];
    return length === undefined ? body.length > 0 : Buffer.byteLength(body) >= Number(length);
  }

  answer(): RawAnswer {
    const end = this.#data.indexOf("\r\n\r\n");
    if (end < 0) return { status: null, headers: [], body: "", closed: this.#closed };
    const [first = "", ...lines] = this.#data.toString("latin1", 0, end).split("\r\n");
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
    const status = Number(first.split(" ")[1]);
    return { status, headers, body: this.#data.toString("utf8", end + 4), closed: this.#closed };
  }

  close(): void {
    this.#socket.destroy();
  }
}
