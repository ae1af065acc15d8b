import type { Socket } from "node:net";
import { errorPage, type HttpHandler, type HttpReply, reasonOf } from "./message";
import { HttpRefusal, isBefore11, type ReadRequest, RequestReader } from "./request-reader";

/** Idle and half-sent connections are closed after this time; it is real time, whatever the simulated clock does. */
export const usualIdleMs = 30_000;
const allowed = new Set(["GET", "POST", "HEAD", "PUT", "DELETE"]);

/** One connection: requests are read and answered one after the other. */
export class HttpConnection {
  readonly #reader = new RequestReader();
  #answering = false;
  #ended = false;
  readonly #gone = new AbortController();

  constructor(
    readonly socket: Socket,
    readonly handler: HttpHandler,
    idleMs: number,
  ) {
    socket.setTimeout(idleMs, () => {
      if (!this.#answering) socket.destroy();
    });
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#gone.abort());
    socket.on("data", (data: Buffer) => {
      this.#reader.add(data);
      this.#next();
    });
    socket.on("end", () => {
      this.#ended = true;
      if (!this.#answering) socket.end();
    });
  }

  #next(): void {
    if (this.#answering || this.socket.destroyed) return;
    const request = this.#reader.next();
    if (this.#reader.wantsContinue) {
      this.#reader.wantsContinue = false;
      this.socket.write("HTTP/1.1 100 Continue\r\n\r\n");
    }
    if (request === undefined) {
      if (this.#ended) this.socket.end();
      return;
    }
    if (request instanceof HttpRefusal) {
      this.#refuse(request.status);
      return;
    }
    this.#answering = true;
    this.#answer(request).catch(() => this.socket.destroy());
  }

  async #answer(request: ReadRequest): Promise<void> {
    const reply = allowed.has(request.method)
      ? await this.handler({ ...request, gone: this.#gone.signal })
      : errorPage(501);
    this.#answering = false;
    if (reply === "close") {
      this.socket.destroy();
      return;
    }
    const closes = this.#write(reply, request);
    if (closes || this.#ended) this.socket.end();
    else this.#next();
  }

  /** Header set and order as recorded; returns whether the connection ends with this answer. */
  #write(reply: HttpReply, request: Pick<ReadRequest, "method" | "version" | "headers">): boolean {
    // The library's own pages are always of HTTP 1.1.
    const [major, minor] = reply.isErrorPage ? [1, 1] : request.version;
    const wish = request.headers.connection?.toLowerCase();
    const old = isBefore11([major, minor]);
    const asksToStay = wish === "keep-alive";
    // Who asks for a close is told so last.
    const headers = reply.headers.filter(([name]) => wish !== "close" || name !== "Connection");
    if (!old) headers.push(["Date", new Date().toUTCString()]);
    else if (major === 1 && asksToStay) headers.push(["Connection", "keep-alive"]);
    // An answer to HEAD announces no length, and yet its body is sent.
    if (request.method !== "HEAD" && (!old || (major === 1 && asksToStay)))
      headers.push(["Content-Length", `${reply.body.length}`]);
    if (wish === "close") headers.push(["Connection", "close"]);
    const closes = wish === "close" || reply.isErrorPage === true || (old && !asksToStay);
    const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    this.socket.write(`HTTP/${major}.${minor} ${reply.status} ${reasonOf(reply.status)}\r\n${head}\r\n`);
    if (reply.spoil === "close-after-half") {
      this.socket.end(reply.body.subarray(0, reply.body.length >> 1));
      return true;
    }
    this.socket.write(reply.body);
    return closes;
  }

  #refuse(status: number): void {
    this.#write(errorPage(status), { method: "GET", version: [1, 1], headers: {} });
    this.socket.end();
    // The rest of a refused request is thrown away, so that the sender gets to read the answer.
    this.socket.removeAllListeners("data");
    this.socket.resume();
  }
}
