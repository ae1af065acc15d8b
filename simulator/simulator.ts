import type { SimulatorClock } from "./clock";
import type { ContainerSimulator } from "./container/simulator";
import { Control } from "./control/control";
import { answerControl, isControl } from "./control/routes";
import type { Engine } from "./engine";
import { Front } from "./front";
import type { HttpReply, HttpRequest } from "./http/message";
import { HttpServer } from "./http/server";
import type { InterconnectSimulator } from "./interconnect/simulator";
import type { LoggedRequest } from "./request-log";
import type { Service } from "./service/service";

/** A running simulator; the methods of {@link Control} are its own, and the control endpoint offers the same. */
export class Simulator extends Control {
  #port = 0;
  readonly #front: Front;
  readonly #server: HttpServer;
  readonly #extra: HttpServer[] = [];
  readonly #mounted = new Map<string, { readonly service: Service; close(): Promise<void> }>();

  constructor(
    engine: Engine,
    readonly idleMs: number | undefined,
    /** The container platform beside it. */
    readonly container: ContainerSimulator,
    /** The interconnection platform beside it. */
    readonly interconnect: InterconnectSimulator,
  ) {
    super(engine);
    this.#front = new Front(engine, { role: "client", id: engine.world.client.id }, () => this.#server.cut());
    this.#server = this.#serve((request) => this.#answer(request));
    if (!engine.world.client.alive) this.#front.client.die();
  }

  get port(): number {
    return this.#port;
  }

  /** Where the client node listens. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Where the control endpoint is. */
  get controlUrl(): string {
    return `${this.url}/_control`;
  }

  get clock(): SimulatorClock {
    return this.engine.clock;
  }

  /** The requests so far, without the control endpoint's own. */
  get requests(): readonly LoggedRequest[] {
    return this.engine.log.entries;
  }

  /** Serves another platform at a path of this one's address; to be called before `listen`. */
  mount(path: string, platform: { readonly service: Service; close(): Promise<void> }): void {
    this.#mounted.set(path, platform);
  }

  async listen(port: number): Promise<void> {
    this.#port = await this.#server.listen(port);
    for (const [path, { service }] of this.#mounted) service.mount(`${this.url}${path}`);
    this.engine.resume();
    await this.engine.save();
  }

  /** A second listener: the same routes as served by a compute node or a bare-metal manager itself. */
  async listenAs(nodeId: string, port = 0): Promise<string> {
    const node = this.requireNode(nodeId);
    const front = new Front(this.engine, { role: node.role, id: node.id }, () => server.cut());
    const server = this.#serve((request) => front.answer(request));
    this.#extra.push(server);
    return `http://127.0.0.1:${await server.listen(port)}`;
  }

  override crashClient(): void {
    this.#front.client.die();
  }

  override restartClient(): void {
    this.#front.client.restart();
  }

  /** Stops listening, cuts all connections and closes the state folder. */
  async close(): Promise<void> {
    await Promise.all([this.#server, ...this.#extra].map((server) => server.close()));
    for (const platform of this.#mounted.values()) await platform.close();
    this.engine.clock.stop();
    await this.engine.save();
    await this.engine.stateFile?.close();
  }

  #serve(handler: (request: HttpRequest) => Promise<HttpReply | "close">): HttpServer {
    return new HttpServer(handler, () => this.engine.clock.busy()(), this.idleMs);
  }

  #answer(request: HttpRequest): Promise<HttpReply | "close"> {
    for (const [path, { service }] of this.#mounted)
      if (request.uri.startsWith(`${path}/`))
        return service.answer({ ...request, uri: request.uri.slice(path.length) });
    return isControl(request) ? answerControl(this, request) : this.#front.answer(request);
  }
}
