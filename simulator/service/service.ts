import { ScaledClock, type SimulatorClock, VirtualClock } from "../clock";
import { type ArmedFault, type FaultKind, Faults } from "../fault";
import type { HttpReply, HttpRequest } from "../http/message";
import { HttpServer } from "../http/server";
import { answerCommand, type Commands, isCommand } from "./commands";
import { jsonReply, pageReply } from "./reply";
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

const kinds: readonly FaultKind[] = [
  "lost-answer",
  "cut-answer",
  "late-effect",
  "timeout",
  "no-answer",
  "broken-json",
  "html-body",
  "wrong-shape",
  "huge-body",
  "redirect",
  "slow-answer",
  "http-error",
  "refusal",
];

/** After this long the gateway in front gives up. */
const gatewayMs = 60_000;

export function clockOf({ clock, speed }: ServiceOptions): SimulatorClock {
  if (clock !== undefined && clock !== "virtual") return clock;
  return speed === undefined ? new VirtualClock() : new ScaledClock(speed);
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
  #port = 0;

  constructor(
    readonly clock: SimulatorClock,
    private readonly simulated: Simulated,
  ) {
    this.#server = new HttpServer(
      (request) => this.#answer(request),
      () => clock.busy()(),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async listen(port: number): Promise<void> {
    this.#port = await this.#server.listen(port);
    this.simulated.started?.(this.url);
    this.simulated.save();
  }

  /** Cuts every connection and stops listening; a clock of its own stops too. */
  async close(): Promise<void> {
    await this.#server.close();
    this.simulated.save();
  }

  async #answer(http: HttpRequest): Promise<HttpReply | "close"> {
    const done = { now: this.clock.busy() };
    try {
      const url = new URL(http.uri, this.url);
      const request: ServiceRequest = {
        method: http.method,
        path: url.pathname,
        query: url.searchParams,
        headers: http.headers,
        body: parse(http.body.toString("utf8")),
      };
      if (isCommand(request)) return await answerCommand(this, this.simulated.commands, request);
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

function disfigured(fault: ArmedFault, run: () => HttpReply): HttpReply {
  switch (fault.kind) {
    case "broken-json": {
      const reply = run();
      return { ...reply, body: reply.body.subarray(0, reply.body.length >> 1) };
    }
    case "html-body":
      run();
      return { ...pageReply(502), status: 200 };
    case "wrong-shape":
      run();
      return jsonReply({
        code: 0,
        msg: "success",
        message: "ok",
        data: { surprise: [1, [2, { deep: null }]] },
      });
    case "huge-body":
      run();
      return jsonReply({ code: 0, data: "x".repeat(16 * 1024 * 1024) });
    case "redirect":
      return { status: 302, headers: [["Location", "http://127.0.0.1:9/elsewhere"]], body: Buffer.alloc(0) };
    case "http-error":
      return pageReply(fault.code ?? 500);
    default:
      return jsonReply({
        code: String(fault.code ?? 10001),
        msg: fault.message ?? "refused by a fault",
        data: null,
      });
  }
}

function finish(entry: ServiceLogEntry, reply: HttpReply | "close"): void {
  if (reply === "close") return;
  entry.status = reply.status;
  const body = parse(reply.body.toString("utf8"));
  if (typeof body === "object" && body !== null && "code" in body) entry.code = String(body.code);
}
