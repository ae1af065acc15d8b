import type { HttpRequest } from "./message";

const maxHeaders = 8192;
const maxBody = 32 * 1024 * 1024;

/** A request that the HTTP library refuses by itself. */
export class HttpRefusal {
  constructor(readonly status: number) {}
}

export interface ReadRequest extends HttpRequest {
  /** Major and minor version of HTTP. */
  readonly version: readonly [number, number];
}

interface Head {
  readonly method: string;
  readonly uri: string;
  readonly version: readonly [number, number];
  readonly headers: Record<string, string>;
}

/** Methods whose body is not read at all; what follows is taken for the next request. */
function bodiless({ method }: Head): boolean {
  return !["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT"].includes(method);
}

export function isBefore11([major, minor]: readonly [number, number]): boolean {
  return major < 1 || (major === 1 && minor < 1);
}

/** Takes requests out of a byte stream the way the node's library does: bare line feeds, no Host, chunks. */
export class RequestReader {
  #buffer: Buffer = Buffer.alloc(0);
  #more: Buffer[] = [];
  #head: Head | undefined;
  #needed = 0;
  /** Set when the sender waits for leave to send the body. */
  wantsContinue = false;

  add(data: Buffer): void {
    this.#more.push(data);
  }

  /** Whether a request has begun to arrive. */
  get begun(): boolean {
    return this.#head !== undefined || this.#buffer.length > 0 || this.#more.length > 0;
  }

  /** The next whole request, a refusal, or `undefined` while bytes are missing. */
  next(): ReadRequest | HttpRefusal | undefined {
    const waiting = this.#more.reduce((sum, part) => sum + part.length, this.#buffer.length);
    if (waiting < this.#needed) return undefined;
    if (this.#more.length > 0) {
      this.#buffer = Buffer.concat([this.#buffer, ...this.#more]);
      this.#more = [];
    }
    if (this.#head === undefined) {
      const head = this.#readHead();
      if (head === undefined || head instanceof HttpRefusal) return head;
      this.#head = head;
      const expects = bodiless(head) || isBefore11(head.version) ? undefined : head.headers.expect;
      if (expects !== undefined && expects.toLowerCase() !== "100-continue") return new HttpRefusal(417);
      // Leave to go on is only given to those who wait for it.
      this.wantsContinue = expects !== undefined && this.#buffer.length === 0;
    }
    const body = this.#readBody(this.#head);
    if (body === undefined || body instanceof HttpRefusal) return body;
    const { method, uri, version, headers } = this.#head;
    this.#head = undefined;
    this.#needed = 0;
    return { method, uri, version, headers, body };
  }

  #readHead(): Head | HttpRefusal | undefined {
    const lines: string[] = [];
    let at = 0;
    let size = 0;
    for (;;) {
      const end = this.#buffer.indexOf(10, at);
      if (end < 0) return size + this.#buffer.length - at > maxHeaders ? new HttpRefusal(400) : undefined;
      const line = this.#buffer.toString("latin1", at, end).replace(/\r$/, "");
      at = end + 1;
      size += line.length;
      if (size > maxHeaders) return new HttpRefusal(400);
      if (line === "" && lines.length > 0) break;
      lines.push(line);
      if (line === "") return new HttpRefusal(400);
    }
    this.#buffer = this.#buffer.subarray(at);
    return parseHead(lines);
  }

  #readBody(head: Head): Buffer | HttpRefusal | undefined {
    if (bodiless(head)) return Buffer.alloc(0);
    if (head.headers["transfer-encoding"]?.toLowerCase() === "chunked") return this.#readChunks();
    const length = head.headers["content-length"];
    if (length === undefined) return Buffer.alloc(0);
    const size = Number(length);
    if (!/^[+-]?[0-9]+$/.test(length) || size < 0) return new HttpRefusal(400);
    if (size > maxBody) return new HttpRefusal(413);
    if (this.#buffer.length < size) {
      this.#needed = size;
      return undefined;
    }
    const body = this.#buffer.subarray(0, size);
    this.#buffer = this.#buffer.subarray(size);
    return body;
  }

  #readChunks(): Buffer | HttpRefusal | undefined {
    const parts: Buffer[] = [];
    let at = 0;
    let total = 0;
    for (;;) {
      const end = this.#buffer.indexOf(10, at);
      if (end < 0) return undefined;
      const line = this.#buffer.toString("latin1", at, end).trim();
      at = end + 1;
      if (line === "") continue;
      const size = Number.parseInt(line, 16);
      if (!/^(0x)?[0-9a-fA-F]+( |$)/.test(line)) return new HttpRefusal(413);
      total += size;
      if (total > maxBody) return new HttpRefusal(413);
      if (size === 0) break;
      if (this.#buffer.length < at + size) return undefined;
      parts.push(this.#buffer.subarray(at, at + size));
      at += size;
    }
    for (;;) {
      const end = this.#buffer.indexOf(10, at);
      if (end < 0) return undefined;
      const line = this.#buffer.toString("latin1", at, end).trim();
      at = end + 1;
      if (line === "") break;
    }
    this.#buffer = this.#buffer.subarray(at);
    return Buffer.concat(parts);
  }
}

/** Shortest line that can be a request. */
const shortest = "GET / HTTP/1.0".length;

/** The method ends at the first space and the version begins after the last, so that an address may hold spaces. */
function parseHead(lines: string[]): Head | HttpRefusal {
  const [line = "", ...rest] = lines;
  const first = line.replace(/ +$/, "");
  const found = /^([^ ]*) (.*) HTTP\/([0-9]+)\.([0-9]+)$/.exec(first);
  if (first.length < shortest || found === null) return new HttpRefusal(400);
  const [, method = "", uri = "", major = "", minor = ""] = found;
  if (Number(major) > 1) return new HttpRefusal(400);
  const headers: Record<string, string> = {};
  let last: string | undefined;
  for (const text of rest) {
    if (/^[ \t]/.test(text)) {
      if (last === undefined) return new HttpRefusal(400);
      headers[last] = `${headers[last]} ${text.trim()}`;
      continue;
    }
    const colon = text.indexOf(":");
    if (colon < 0) return new HttpRefusal(400);
    last = text.slice(0, colon).toLowerCase();
    // The first of equal names counts.
    headers[last] ??= text.slice(colon + 1).trim();
  }
  return { method, uri, version: [Number(major), Number(minor)], headers };
}
