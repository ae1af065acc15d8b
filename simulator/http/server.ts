import { createServer, type Server, type Socket } from "node:net";
import { HttpConnection, usualIdleMs } from "./connection";
import type { HttpHandler } from "./message";

/** A listener on loopback. The node's HTTP server is too peculiar for `node:http` (reference 0.1, recorded "http level"). */
export class HttpServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(handler: HttpHandler, activity: () => void, idleMs = usualIdleMs) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      activity();
      this.#sockets.add(socket);
      socket.once("close", () => {
        activity();
        this.#sockets.delete(socket);
      });
      socket.on("data", activity);
      new HttpConnection(socket, handler, idleMs);
    });
  }

  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => {
        this.#server.off("error", reject);
        const address = this.#server.address();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  }

  /** Cuts every connection, as when the process dies. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.cut();
    });
  }
}
