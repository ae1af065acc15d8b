/** A real TCP relay in front of the simulator that can spoil one exchange: by sockets and bytes, not by interceptors. */
import { request as httpRequest } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { HttpRequest } from "../../provider/core/effects";

/** What the client gets in place of the answer; `answer` is what the simulator said, when it was asked. */
export type Spoil = (socket: Socket, answer: Buffer, request: string) => void;

export interface Fault {
  /** How often the request reaches the simulator. */
  readonly deliveries: 0 | 1 | 2;
  readonly spoil: Spoil;
  /** Which requests are struck. */
  readonly path: RegExp;
  /** How many of them. */
  readonly times: number;
  /** The answer never ends: the client's patience is cut short, so that the test need not have any. */
  readonly endless?: boolean;
  /** Where the request goes instead. */
  readonly url?: string;
  /** Whether it is kept, to be delivered {@link BadWire.again}. */
  readonly keep?: boolean;
}

/** The whole of one HTTP message, once it is there. */
const whole = (bytes: Buffer): boolean => {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /content-length: *(\d+)/i.exec(bytes.subarray(0, end).toString("latin1"))?.[1];
  return bytes.length >= end + 4 + Number(length ?? 0);
};

export class BadWire {
  #fault: Fault | undefined;
  struck = 0;
  #kept: { readonly path: string; readonly request: Buffer } | undefined;
  readonly #sockets = new Set<Socket>();

  private constructor(
    readonly server: Server,
    readonly target: string,
  ) {}

  static async open(target: string): Promise<BadWire> {
    const server = createServer();
    const wire = new BadWire(server, target);
    server.on("connection", (socket) => wire.#serve(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  arm(fault: Fault | undefined): void {
    this.#fault = fault;
    this.struck = 0;
  }

  /** How a request leaves: with less patience where it is known to be needless, or to another address. */
  aim(request: HttpRequest): HttpRequest {
    const fault = this.#match(new URL(request.url).pathname);
    if (!fault) return request;
    if (fault.url !== undefined) {
      this.struck += 1;
      return { ...request, url: fault.url };
    }
    return fault.endless ? { ...request, deadlineMs: 150 } : request;
  }

  /** Delivers the request that was kept once more; gives the answer, which nobody waited for. */
  again(): Promise<string> {
    const kept = this.#kept;
    if (!kept) throw new Error("no request was kept");
    return new Promise((resolve) =>
      this.#pass(kept.path, kept.request, (answer) => resolve(answer.toString())),
    );
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #match(path: string): Fault | undefined {
    const fault = this.#fault;
    return fault && this.struck < fault.times && fault.path.test(path) ? fault : undefined;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket)).on("error", () => socket.destroy());
    let bytes = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (!whole(bytes)) return;
      const request = bytes;
      bytes = Buffer.alloc(0);
      const path = request.toString("latin1").split(" ")[1] ?? "";
      const fault = this.#match(path.split("?")[0] ?? "");
      if (fault) this.struck += 1;
      if (fault?.keep) this.#kept = { path, request };
      const text = request.toString("utf8");
      const reply = (answer: Buffer) => (fault ? fault.spoil(socket, answer, text) : socket.write(answer));
      if (fault?.deliveries === 0) reply(Buffer.alloc(0));
      else if (fault?.deliveries === 2) this.#pass(path, request, () => this.#pass(path, request, reply));
      else this.#pass(path, request, reply);
    });
  }

  /** Asks the simulator, and gives its answer as bytes. */
  #pass(path: string, request: Buffer, done: (answer: Buffer) => unknown): void {
    const end = request.indexOf("\r\n\r\n");
    const [first = "", ...lines] = request.subarray(0, end).toString("latin1").split("\r\n");
    const headers = Object.fromEntries(
      lines
        .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()] as const)
        .filter(([name]) => !/^(host|connection)$/i.test(name)),
    );
    const [method] = first.split(" ");
    const asked = httpRequest(`${this.target}${path}`, { method, headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () => done(said(answer.statusCode ?? 0, Buffer.concat(parts))));
    });
    asked.on("error", () => done(Buffer.alloc(0)));
    asked.end(request.subarray(end + 4));
  }
}

/** An answer as it goes over the wire. */
export const said = (status: number, body: string | Buffer, headers = ""): Buffer => {
  const bytes = Buffer.from(body);
  const head = `HTTP/1.1 ${status} X\r\nContent-Type: application/json\r\nContent-Length: ${bytes.length}\r\n${headers}\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
};
