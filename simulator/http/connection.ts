import type { Socket } from "node:net";
import { errorPage, type HttpHandler, type HttpReply, reasonOf } from "./message";
import { HttpRefusal, type ReadRequest, RequestReader } from "./request-reader";

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
  #write(reply: HttpReply, request: ReadRequest): boolean {
    const wish = request.headers.connection?.toLowerCase();
    const keptAlive = request.minor >= 1 ? wish !== "close" : wish === "keep-alive";
    const headers = reply.headers.map(([name, value]) => [name, value]);
    const closes = !keptAlive || headers.some(([name, value]) => name === "Connection" && value === "close");
    if (request.minor >= 1) headers.push(["Date", new Date().toUTCString()]);
    else if (keptAlive) headers.push(["Connection", "keep-alive"]);
    // An answer to HEAD announces no length, and yet its body is sent.
    if (request.method !== "HEAD" && (request.minor >= 1 || keptAlive))
      headers.push(["Content-Length", `${reply.body.length}`]);
    if (wish === "close" && !headers.some(([name]) => name === "Connection"))
      headers.push(["Connection", "close"]);
    const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    this.socket.write(`HTTP/1.${request.minor} ${reply.status} ${reasonOf(reply.status)}\r\n${head}\r\n`);
    if (reply.spoil === "close-after-half") {
      this.socket.end(reply.body.subarray(0, reply.body.length >> 1));
      return true;
    }
    this.socket.write(reply.body);
    return closes;
  }

  #refuse(status: number): void {
    this.#write(errorPage(status), { method: "GET", uri: "", minor: 1, headers: {}, body: Buffer.alloc(0) });
    this.socket.end();
    // The rest of a refused request is thrown away, so that the sender gets to read the answer.
    this.socket.removeAllListeners("data");
    this.socket.resume();
  }
}
