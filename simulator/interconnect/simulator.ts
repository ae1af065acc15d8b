import type { HttpReply } from "../http/message";
import { Platform, type PlatformOptions } from "../service/platform";
import { jsonReply, pageReply } from "../service/reply";
import type { ServiceRequest, Understood } from "../service/service";
import { type CallName, callAt, carryOut } from "./calls";
import { interconnectCommands } from "./commands";
import { type Accepted, acceptBody, Refusal } from "./rules";
import { defaultInterconnectWorld, type InterconnectWorld, type Row } from "./world";

export type InterconnectSimulatorOptions = PlatformOptions<InterconnectWorld>;

/** A running simulator of the interconnection platform. */
export class InterconnectSimulator extends Platform<InterconnectWorld> {
  constructor(options: InterconnectSimulatorOptions) {
    super(options, defaultInterconnectWorld);
  }

  /** The rows that accepted calls have left behind. */
  get journal(): readonly Row[] {
    return this.world.journal;
  }

  readonly commands = interconnectCommands(this);

  protected extra(): object {
    return {};
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
      dice: this.dice,
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
