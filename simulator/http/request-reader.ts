import type { HttpRequest } from "./message";

const maxHeaders = 8192;
const maxBody = 32 * 1024 * 1024;

/** A request that the HTTP library refuses by itself. */
export class HttpRefusal {
  constructor(readonly status: number) {}
}

export interface ReadRequest extends HttpRequest {
  /** Minor version of HTTP 1. */
  readonly minor: number;
}

interface Head {
  readonly method: string;
  readonly uri: string;
  readonly minor: number;
  readonly headers: Record<string, string>;
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
      if (head.headers.expect?.toLowerCase() === "100-continue") this.wantsContinue = true;
    }
    const body = this.#readBody(this.#head);
    if (body === undefined || body instanceof HttpRefusal) return body;
    const { method, uri, minor, headers } = this.#head;
    this.#head = undefined;
    this.#needed = 0;
    return { method, uri, minor, headers, body };
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
      if (line === "") break;
      lines.push(line);
    }
    this.#buffer = this.#buffer.subarray(at);
    return parseHead(lines);
  }

  #readBody(head: Head): Buffer | HttpRefusal | undefined {
    if (head.headers["transfer-encoding"]?.toLowerCase() === "chunked") return this.#readChunks();
    const length = head.headers["content-length"];
    if (length === undefined) return Buffer.alloc(0);
    if (!/^[0-9]+$/.test(length)) return new HttpRefusal(400);
    const size = Number(length);
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
      const size = Number.parseInt(line, 16);
      if (!/^[0-9a-fA-F]+/.test(line)) return new HttpRefusal(400);
      total += size;
      if (total > maxBody) return new HttpRefusal(413);
      if (size === 0) break;
      const next = this.#buffer.indexOf(10, at + size);
      if (next < 0) return undefined;
      parts.push(this.#buffer.subarray(at, at + size));
      at = next + 1;
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

function parseHead(lines: string[]): Head | HttpRefusal | undefined {
  const [first = "", ...rest] = lines;
  if (first === "") return undefined;
  const found = /^(\S+) +(.*) +HTTP\/1\.([0-9]+)$/.exec(first);
  if (found === null) return new HttpRefusal(400);
  const [, method = "", uri = "", minor = "1"] = found;
  const headers: Record<string, string> = {};
  for (const line of rest) {
    const colon = line.indexOf(":");
    if (colon < 0) return new HttpRefusal(400);
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { method, uri, minor: Number(minor), headers };
}
