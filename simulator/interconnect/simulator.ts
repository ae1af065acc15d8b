import type { SimulatorClock } from "../clock";
import { Dice } from "../dice";
import type { FaultOrder } from "../fault";
import type { HttpReply } from "../http/message";
import { Document } from "../service/document";
import { jsonReply, pageReply } from "../service/reply";
import type { ServiceLogEntry } from "../service/request-log";
import {
  clockOf,
  Service,
  type ServiceOptions,
  type ServiceRequest,
  type Simulated,
  type Understood,
} from "../service/service";
import { type CallName, callAt, carryOut } from "./calls";
import { interconnectCommands } from "./commands";
import { type Accepted, acceptBody, Refusal } from "./rules";
import { defaultInterconnectWorld, type InterconnectWorld, type Row, type Switches } from "./world";

export interface InterconnectSimulatorOptions extends ServiceOptions {
  /** What the platform is made of, when the file holds nothing yet; a small one when absent. */
  readonly world?: InterconnectWorld | undefined;
  /** Changes of the world's switches, the mode among them. */
  readonly switches?: Partial<Switches> | undefined;
}

interface Saved {
  readonly world: InterconnectWorld;
  readonly dice: number;
}

/** A running simulator of the interconnection platform. */
export class InterconnectSimulator implements Simulated {
  readonly service: Service;
  readonly clock: SimulatorClock;
  readonly #ownsClock: boolean;
  world: InterconnectWorld;
  readonly #dice: Dice;
  readonly #document: Document<Saved>;

  constructor(options: InterconnectSimulatorOptions) {
    this.#document = new Document(options.stateFile);
    const saved = this.#document.load();
    this.clock = clockOf(options, this.#document.stamp);
    this.#ownsClock = options.clock === undefined || options.clock === "virtual";
    this.world = saved?.world ?? options.world ?? defaultInterconnectWorld();
    Object.assign(this.world.switches, options.switches);
    this.#dice = new Dice(saved?.dice ?? options.randomSeed ?? 1);
    this.service = new Service(this.clock, this);
  }

  get url(): string {
    return this.service.url;
  }

  /** The requests so far, whether accepted or not, without the control endpoint's own. */
  get requests(): readonly ServiceLogEntry[] {
    return this.service.log.entries;
  }

  /** The rows that accepted calls have left behind. */
  get journal(): readonly Row[] {
    return this.world.journal;
  }

  readonly commands = interconnectCommands(this);

  arm(fault: FaultOrder): number {
    return this.service.faults.arm(fault);
  }

  save(): void {
    this.#document.save({ world: this.world, dice: this.#dice.state }, this.clock.time());
  }

  async close(): Promise<void> {
    await this.service.close();
    if (this.#ownsClock) this.clock.stop();
  }

  understand(request: ServiceRequest): Understood {
    const call = callAt(request.path);
    const about = { region: "", id: "" };
    if (call !== undefined)
      return {
        ...about,
        operation: call,
        write: request.method === "POST",
        run: () => this.#envelope(() => this.#take(call, request)),
      };
    // the framework sends everybody who forgets the last slash to the path that has it, and drops the body
    const slashed = `${request.path}/`;
    const run = () =>
      callAt(slashed) === undefined
        ? pageReply(404)
        : { ...pageReply(301), headers: [["Location", `${this.url}${slashed}`]] as const };
    return { ...about, operation: "", write: false, run };
  }

  #take(call: CallName, { method, headers, body }: ServiceRequest): unknown {
    if (headers.token === undefined) throw new Refusal(401, "Authentication credentials were not provided.");
    if (!this.world.tokens.includes(headers.token)) throw new Refusal(401, "Invalid token.");
    if (method !== "POST") throw new Refusal(405, `Method "${method}" not allowed.`);
    const isEmpty = (headers["content-length"] ?? "0") === "0";
    if (!isEmpty && !(headers["content-type"] ?? "").startsWith("application/json"))
      throw new Refusal(415, `Unsupported media type "${headers["content-type"] ?? ""}" in request.`);
    if (!isEmpty && body === undefined) throw new Refusal(400, "JSON parse error");
    const accepted = acceptBody(this.world.switches.mode, body ?? {});
    return carryOut(call, {
      world: this.world,
      dice: this.#dice,
      body: accepted,
      record: () => this.#record(call, accepted),
    });
  }

  #record(call: CallName, { source, session_identifier, data }: Accepted): Row {
    const row: Row = {
      number: (this.world.journal.at(-1)?.number ?? 0) + 1,
      time: new Date(this.clock.time()).toISOString(),
      call,
      source: source ?? null,
      session_identifier: session_identifier ?? null,
      data: data ?? null,
    };
    this.world.journal.push(row);
    return row;
  }

  #envelope(run: () => unknown): HttpReply {
    const { errorStatus, textCodes } = this.world.switches;
    const code = (number: number) => (textCodes ? String(number) : number);
    try {
      return jsonReply({ code: code(0), message: "ok", data: run() });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return jsonReply(
        { code: code(error.code), message: error.message, data: {} },
        errorStatus ? error.code : 200,
      );
    }
  }
}

/** Starts a simulator of the interconnection platform on 127.0.0.1. */
export const startInterconnectSimulator = async (
  options: InterconnectSimulatorOptions = {},
): Promise<InterconnectSimulator> => {
  const simulator = new InterconnectSimulator(options);
  await simulator.service.listen(options.port ?? 0);
  return simulator;
};
