import { ScaledClock, type SimulatorClock, VirtualClock } from "../clock";
import { Faults } from "../fault";
import type { HttpReply, HttpRequest } from "../http/message";
import { HttpServer } from "../http/server";
import { answerCommand, type Commands, isCommand } from "./commands";
import { disfigured, kinds } from "./disfigure";
import type { Stamp } from "./document";
import { pageReply } from "./reply";
import { ServiceLog, type ServiceLogEntry } from "./request-log";

export interface ServiceOptions {
  /** Port on 127.0.0.1; 0 takes any free one (default). */
  readonly port?: number | undefined;
  /** `virtual` (default): time moves only when told to; or a clock that is shared with others. */
  readonly clock?: "virtual" | SimulatorClock | undefined;
  /** Simulated seconds a real second; makes the clock run by itself. */
  readonly speed?: number | undefined;
  /** File that keeps the world; in memory only when absent. */
  readonly stateFile?: string | undefined;
  /** Makes chance repeatable. */
  readonly randomSeed?: number | undefined;
}

/** A request as the service reads it. */
export interface ServiceRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body; `undefined` when there is none or it is no JSON. */
  readonly body: unknown;
}

/** What a request asks for, before anything is done. */
export interface Understood {
  readonly operation: string;
  readonly write: boolean;
  readonly region: string;
  readonly id: string;
  /** Does it. */
  run(): HttpReply;
}

/** What is simulated. */
export interface Simulated {
  understand(request: ServiceRequest): Understood;
  /** Makes what was changed durable. */
  save(): void;
  readonly commands: Commands;
  /** Told when the service stands, with its own address. */
  started?(url: string): void;
}

/** After this long the gateway in front gives up. */
const gatewayMs = 60_000;

/** The clock that the options ask for; a world that was saved goes on where it was, or where real time has got to. */
export function clockOf({ clock, speed }: ServiceOptions, stamp?: Stamp): SimulatorClock {
  if (clock !== undefined && clock !== "virtual") return clock;
  if (speed === undefined) return new VirtualClock(stamp?.time);
  if (stamp === undefined) return new ScaledClock(speed);
  return new ScaledClock(speed, stamp.time + Math.max(0, Date.now() - stamp.realTime) * speed);
}

function secretless(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => secretless(item));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, secretless(inner, key)]));
  return /password|secret|token/i.test(name) ? "***" : value;
}

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A JSON service over real HTTP on loopback, with faults, a request log and a control endpoint. */
export class Service {
  readonly log = new ServiceLog();
  readonly faults = new Faults();
  readonly #server: HttpServer;
  #url = "";

  constructor(
    readonly clock: SimulatorClock,
    private readonly simulated: Simulated,
  ) {
    this.#server = new HttpServer(
      (request) => this.answer(request),
      () => clock.busy()(),
    );
  }

  get url(): string {
    return this.#url;
  }

  async listen(port: number): Promise<void> {
    this.mount(`http://127.0.0.1:${await this.#server.listen(port)}`);
  }

  /** Stands at a path of another server, which passes on what comes there: see {@link answer}. */
  mount(url: string): void {
    this.#url = url;
    this.simulated.started?.(url);
    this.simulated.save();
  }

  /** Cuts every connection and stops listening; a clock of its own stops too. */
  async close(): Promise<void> {
    await this.#server.close();
    this.simulated.save();
  }

  /** Answers a request whose path begins after the service's own address. */
  async answer(http: HttpRequest): Promise<HttpReply | "close"> {
    const url = new URL(http.uri, "http://127.0.0.1");
    const request: ServiceRequest = {
      method: http.method,
      path: url.pathname,
      query: url.searchParams,
      headers: http.headers,
      body: parse(http.body.toString("utf8")),
    };
    // a command may move time on, which nobody who counts as busy must wait for
    if (isCommand(request)) return answerCommand(this, this.simulated.commands, request);
    const done = { now: this.clock.busy() };
    try {
      const understood = this.simulated.understand(request);
      const entry = this.#note(request, understood);
      const reply = await this.#spoil(http, understood, done);
      finish(entry, reply);
      return reply;
    } finally {
      done.now();
    }
  }

  #note(request: ServiceRequest, { operation, region, id, write }: Understood): ServiceLogEntry {
    return this.log.add({
      time: new Date(this.clock.time()).toISOString(),
      method: request.method,
      path: request.path,
      operation,
      region,
      id,
      write,
      body: secretless(request.body),
      status: null,
      code: null,
    });
  }

  #run(understood: Understood): HttpReply {
    const reply = understood.run();
    this.simulated.save();
    return reply;
  }

  async #spoil(
    http: HttpRequest,
    understood: Understood,
    done: { now: () => void },
  ): Promise<HttpReply | "close"> {
    const { operation, region: nodeId, id: taskId } = understood;
    const fault = this.faults.strike(kinds, { operation, nodeId, taskId });
    const park = <T>(waited: Promise<T>): Promise<T> => this.#parked(http, done, waited);
    const run = () => this.#run(understood);
    if (fault === undefined) return run();
    switch (fault.kind) {
      case "lost-answer":
        run();
        return "close";
      case "cut-answer":
        return { ...run(), spoil: "close-after-half" };
      case "late-effect":
        this.clock.at(this.clock.time() + (fault.seconds ?? 45) * 1_000, run);
        return "close";
      case "timeout":
        await park(this.clock.sleep(gatewayMs));
        return pageReply(504);
      case "no-answer":
        return park(new Promise<never>(() => undefined));
      case "slow-answer": {
        const reply = run();
        await park(this.clock.sleep((fault.seconds ?? 20) * 1_000));
        return reply;
      }
      default:
        return disfigured(fault, run);
    }
  }

  /** Waits for something that takes simulated time, for which nobody needs to wait in real time. */
  async #parked<T>(http: HttpRequest, done: { now: () => void }, waited: Promise<T>): Promise<T> {
    const unpark = this.clock.parked();
    done.now();
    http.gone?.addEventListener("abort", unpark, { once: true });
    try {
      return await waited;
    } finally {
      done.now = this.clock.busy();
      unpark();
      http.gone?.removeEventListener("abort", unpark);
    }
  }
}

function finish(entry: ServiceLogEntry, reply: HttpReply | "close"): void {
  if (reply === "close") return;
  entry.status = reply.status;
  const body = parse(reply.body.toString("utf8"));
  if (typeof body === "object" && body !== null && "code" in body) entry.code = String(body.code);
}
