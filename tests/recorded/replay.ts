import { setTimeout as pause } from "node:timers/promises";
import { type Simulator, VirtualClock } from "../../simulator";
import { difference } from "./compare";
import { reasonFor } from "./differences";
import { batches, type Exchange, grouped, loadExchanges, ownRecording, sentAt } from "./exchange";
import { findInherited, learnIds } from "./follow";
import { applyHints } from "./hints";
import { castOf, Identities } from "./identities";
import { RawCall, rawRequest } from "./raw-request";
import { beforeLine, simulatorFor } from "./situation";

export interface Disagreement {
  readonly exchange: Exchange;
  readonly what: string;
  /** Why it is right nevertheless. */
  readonly reason: string | undefined;
}

export interface ReplayResult {
  readonly agree: number;
  readonly disagreements: readonly Disagreement[];
}

/** Sends every exchange of a recording to simulators in the situations of its groups. */
export async function replay(exchanges: readonly Exchange[]): Promise<ReplayResult> {
  const cast = castOf(exchanges);
  const disagreements: Disagreement[] = [];
  let agree = 0;
  for (const [group, lines] of grouped(exchanges)) {
    const who = new Identities(cast);
    const simulator = await simulatorFor(group, who);
    try {
      const run = new GroupReplay(simulator, who);
      for (const batch of batches(lines))
        for (const { exchange, what } of await run.batch(batch)) {
          if (what === undefined) agree++;
          else disagreements.push({ exchange, what, reason: reasonFor(exchange.group, exchange.label) });
        }
    } finally {
      await simulator.close();
    }
  }
  return { agree, disagreements };
}

interface Compared {
  readonly exchange: Exchange;
  readonly what: string | undefined;
}

class GroupReplay {
  readonly #urls = new Map<number, number>();

  constructor(
    readonly simulator: Simulator,
    readonly who: Identities,
  ) {}

  get #clock(): VirtualClock {
    const { clock } = this.simulator;
    if (!(clock instanceof VirtualClock)) throw new Error("a replay needs a virtual clock");
    return clock;
  }

  /** One line, or lines that were under way at once, at their distances in time. */
  async batch(lines: readonly Exchange[]): Promise<Compared[]> {
    const undo: (() => Promise<void>)[] = [];
    for (const line of lines) undo.push(await applyHints(this.simulator, line, this.who));
    const results =
      lines.length === 1 && lines[0] !== undefined
        ? [{ exchange: lines[0], what: await this.#line(lines[0]) }]
        : await this.#together(lines);
    for (const after of undo) await after();
    return results;
  }

  async #together(lines: readonly Exchange[]): Promise<Compared[]> {
    const ordered = [...lines].sort((a, b) => (sentAt(a) ?? 0) - (sentAt(b) ?? 0));
    const began = sentAt(ordered[0] ?? lines[0] as Exchange) ?? 0;
    const start = this.#clock.time();
    const open: { exchange: Exchange; call: RawCall }[] = [];
    for (const exchange of ordered) {
      const due = start + ((sentAt(exchange) ?? began) - began) * 1000;
      if (due > this.#clock.time()) await this.#clock.advance(due - this.#clock.time());
      findInherited(this.simulator, exchange, this.who);
      open.push({ exchange, call: await this.#send(exchange) });
      await this.#clock.settle();
    }
    const longest = Math.max(...lines.map((line) => (line.seconds ?? 0) * 1000));
    await this.#clock.advance(longest + 1000);
    return open.map(({ exchange, call }) => this.#compare(exchange, call));
  }

  async #line(exchange: Exchange): Promise<string | undefined> {
    if (exchange.method === "STATE") return this.#state(exchange);
    const after = await beforeLine(this.simulator, exchange, this.who);
    findInherited(this.simulator, exchange, this.who);
    // A process that had gone by then died of something before, which takes its time.
    if (/refused/i.test(exchange.transport_error ?? "")) await this.#clock.advance(31_000);
    if (exchange.headers === null && exchange.status !== null) {
      const what = await this.#idle();
      await after();
      return what;
    }
    const limit = this.#clock.time() + 2 * 3_600_000;
    let attempt = 0;
    let what = await this.#once(exchange, attempt);
    // Durations are no evidence: time moves as far as a recorded reading of the state demands it.
    while (what !== undefined && isReading(exchange) && (await this.#clock.advanceToNext(limit)))
      what = await this.#once(exchange, ++attempt);
    await after();
    return what;
  }

  async #once(exchange: Exchange, attempt: number): Promise<string | undefined> {
    const call = await this.#send(exchange, attempt);
    const patience = this.#clock.time() + Math.max(31, exchange.seconds ?? 0) * 1000;
    const gone = exchange.status === null && /timed out/i.test(exchange.transport_error ?? "");
    await this.#clock.settle();
    if (gone) await this.#clock.advance((exchange.seconds ?? 0) * 1000);
    else
      while (!call.done && (await this.#clock.advanceToNext(patience))) await this.#clock.settle();
    // Bodies of many megabytes, and connections that are closed for idling, take real time.
    for (let tries = 0; !call.done && !gone && tries < 100; tries++) await pause(20);
    return this.#compare(exchange, call).what;
  }

  #compare(exchange: Exchange, call: RawCall): Compared {
    const answer = call.answer();
    call.close();
    learnIds(exchange, answer.body, this.who);
    return { exchange, what: difference(exchange, this.who.translate(exchange.body ?? ""), answer) };
  }

  async #send(exchange: Exchange, attempt = 0): Promise<RawCall> {
    const body = exchange.request_body === null ? null : this.who.request(exchange.request_body, attempt);
    const path = this.who.translate(exchange.path);
    return new RawCall(await this.#port(exchange.node_port), rawRequest(exchange, path, body));
  }

  /** 5050 is the client node; other ports are a compute node or the manager themselves. */
  async #port(recorded: number): Promise<number> {
    if (recorded === 5050) return this.simulator.port;
    let port = this.#urls.get(recorded);
    if (port === undefined) {
      const id = recorded === 5060 ? (this.who.cast.compute[0] ?? "") : this.who.manager.hex;
      port = Number(new URL(await this.simulator.listenAs(id)).port);
      this.#urls.set(recorded, port);
    }
    return port;
  }

  /** The state of the process after a request; it is restarted for the next one. */
  #state(exchange: Exchange): string | undefined {
    const alive = this.simulator.world.client.alive;
    const died = /died/.test(`${exchange.transport_error}${exchange.body}`);
    this.simulator.restartClient();
    return alive === died ? `the process is ${alive ? "alive" : "dead"}` : undefined;
  }

  async #idle(): Promise<string | undefined> {
    const call = new RawCall(this.simulator.port, Buffer.from("GET /api/v1/ HTTP/1.1\r\nHost: a\r\n\r\n"));
    for (let tries = 0; tries < 100 && !call.answer().closed; tries++) await pause(20);
    const { closed } = call.answer();
    call.close();
    return closed ? undefined : "an idle connection stays open";
  }
}

/** Readings may be repeated; nothing changes by them. */
function isReading(exchange: Exchange): boolean {
  const path = exchange.path.split("?", 1)[0] ?? "";
  return (
    exchange.method === "POST" &&
    exchange.status === 200 &&
    /^\/api\/v1\/(tasks(\/(?!start$)[^/]+)?\/?|disk\/list\/.*|snapshot\/list\/.*|mining_nodes|bare_metal|lan|images)$/.test(path)
  );
}

export async function main(): Promise<number> {
  const file = process.env.RECORDED ?? ownRecording();
  const { agree, disagreements } = await replay(loadExchanges(file));
  for (const { exchange, what, reason } of disagreements) {
    const why = reason === undefined ? "" : ` (right: ${reason})`;
    process.stdout.write(`${exchange.n} ${exchange.group} | ${exchange.label}: ${what}${why}\n`);
  }
  process.stdout.write(`${agree} agree, ${disagreements.length} differ\n`);
  return disagreements.some((item) => item.reason === undefined) ? 1 : 0;
}

if (require.main === module)
  main()
    .then((code) => process.exit(code))
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    });
