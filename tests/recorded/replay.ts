import { setTimeout as pause } from "node:timers/promises";
import { type Simulator, VirtualClock } from "../../simulator";
import { difference } from "./compare";
import { reasonFor } from "./differences";
import { batches, type Exchange, grouped, sentAt } from "./exchange";
import { learnIds } from "./follow";
import { applyHints } from "./hints";
import { castOf, Identities } from "./identities";
import { Inheritance } from "./inherit";
import { type RawAnswer, RawCall, rawRequest } from "./raw-request";
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
    const simulator = await simulatorFor(group, lines, who);
    try {
      const run = new GroupReplay(simulator, who, new Inheritance(lines));
      for (const batch of batches(lines))
        for (const { exchange, what } of await run.batch(batch)) {
          if (what === undefined) agree++;
          else disagreements.push({ exchange, what, reason: reasonFor(exchange, what) });
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
  /** Whether the node declined, so that nothing has changed. */
  readonly wasRefused: boolean;
}

/** A modify may be carried out in part before it is refused. */
function wasRefused({ path }: Exchange, { status, body }: RawAnswer): boolean {
  return status === 200 && /^\{"errcode": ?-?[1-9]/.test(body) && !path.includes("/modify/");
}

class GroupReplay {
  readonly #urls = new Map<number, number>();

  constructor(
    readonly simulator: Simulator,
    readonly who: Identities,
    readonly inheritance: Inheritance,
  ) {}

  get #clock(): VirtualClock {
    const { clock } = this.simulator;
    if (!(clock instanceof VirtualClock)) throw new Error("a replay needs a virtual clock");
    return clock;
  }

  /** One line, or lines that were under way at once, at their distances in time. */
  async batch(lines: readonly Exchange[]): Promise<Compared[]> {
    try {
      return await this.#inSituation(lines);
    } catch (error) {
      // A line that can't even be sent is a line that differs.
      return lines.map((exchange) => ({
        exchange,
        what: `could not be replayed: ${error}`,
        wasRefused: false,
      }));
    }
  }

  async #inSituation(lines: readonly Exchange[]): Promise<Compared[]> {
    const undo: (() => Promise<void>)[] = [];
    await this.#clock.advance(0);
    for (const line of lines) undo.push(await beforeLine(this.simulator, line, this.who));
    for (const line of lines)
      undo.push(await applyHints(this.simulator, line, this.inheritance.lines, this.who));
    const results =
      lines.length === 1 && lines[0] !== undefined
        ? [await this.#line(lines[0])]
        : await this.#together(lines);
    for (const after of undo) await after();
    return results;
  }

  async #together(lines: readonly Exchange[]): Promise<Compared[]> {
    const ordered = [...lines].sort((a, b) => (sentAt(a) ?? 0) - (sentAt(b) ?? 0));
    const began = sentAt(ordered[0] ?? (lines[0] as Exchange)) ?? 0;
    const start = this.#clock.time();
    const open: { exchange: Exchange; call: RawCall }[] = [];
    for (const exchange of ordered) {
      const due = start + ((sentAt(exchange) ?? began) - began) * 1000;
      if (due > this.#clock.time()) await this.#clock.advance(due - this.#clock.time());
      this.inheritance.bring(this.simulator, exchange, this.who);
      open.push({ exchange, call: await this.#send(exchange) });
      await this.#clock.settle();
    }
    const longest = Math.max(...lines.map((line) => (line.seconds ?? 0) * 1000));
    await this.#clock.advance(longest + 1000);
    return open.map(({ exchange, call }) => this.#compare(exchange, call));
  }

  async #line(exchange: Exchange): Promise<Compared> {
    const told = (what: string | undefined): Compared => ({ exchange, what, wasRefused: false });
    if (exchange.method === "STATE") return told(this.#state(exchange));
    this.inheritance.bring(this.simulator, exchange, this.who);
    // A process that had gone by then died of something before, which takes its time.
    if (/refused/i.test(exchange.transport_error ?? "")) await this.#clock.advance(31_000);
    if (exchange.headers === null && exchange.status !== null) return told(await this.#idle());
    const limit = this.#clock.time() + 2 * 3_600_000;
    let attempt = 0;
    let compared = await this.#once(exchange, attempt);
    // Durations are no evidence: time moves as far as the recorded state demands it.
    while (
      compared.what !== undefined &&
      (isReading(exchange) || compared.wasRefused) &&
      isAtWork(this.simulator) &&
      (await this.#clock.advanceToNext(limit))
    )
      compared = await this.#once(exchange, ++attempt);
    return compared;
  }

  async #once(exchange: Exchange, attempt: number): Promise<Compared> {
    const call = await this.#send(exchange, attempt);
    const patience = this.#clock.time() + Math.max(31, exchange.seconds ?? 0) * 1000;
    const gone = exchange.status === null && /timed out/i.test(exchange.transport_error ?? "");
    await this.#clock.settle();
    if (gone) await this.#clock.advance((exchange.seconds ?? 0) * 1000);
    else while (!call.done && (await this.#clock.advanceToNext(patience))) await this.#clock.settle();
    // Bodies of many megabytes, and connections that are closed for idling, take real time.
    for (let tries = 0; !call.done && !gone && tries < 100; tries++) await pause(20);
    return this.#compare(exchange, call);
  }

  #compare(exchange: Exchange, call: RawCall): Compared {
    const answer = call.answer();
    call.close();
    learnIds(exchange, answer.body, this.who);
    const what = difference(exchange, this.who.translate(exchange.body ?? ""), answer);
    return { exchange, what, wasRefused: wasRefused(exchange, answer) };
  }

  async #send(exchange: Exchange, attempt = 0): Promise<RawCall> {
    const { request_body } = exchange;
    const body = request_body === null ? null : this.who.request(request_body, exchange.body, attempt);
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

/** Whether time alone will change what a reading tells. */
function isAtWork({ world, clock }: Simulator): boolean {
  return Object.values(world.nodes).some(
    ({ queue, transfers, seenAt, servers }) =>
      queue.length + transfers.length > 0 ||
      [seenAt, ...servers.map(({ knownAt }) => knownAt)].some((time) => time > clock.time()),
  );
}

/** Readings may be repeated; nothing changes by them. */
function isReading(exchange: Exchange): boolean {
  const path = exchange.path.split("?", 1)[0] ?? "";
  return (
    exchange.method === "POST" &&
    exchange.status === 200 &&
    /^\/api\/v1\/(tasks(\/(?!start$)[^/]+)?\/?|disk\/list\/.*|snapshot\/list\/.*|mining_nodes|bare_metal|lan|images)$/.test(
      path,
    )
  );
}
