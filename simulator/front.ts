import { authKind } from "./client/body";
import type { Forward, Listener } from "./client/call";
import { ClientNode, isOperation, type Understood, unparsable, windowMs } from "./client/client-node";
import { isWrite, type OperationName, timeoutOf } from "./client/operation";
import { badRequest, internalError, prettyReply, responseError, textReply } from "./client/reply";
import type { Engine } from "./engine";
import { type ArmedFault, type FaultKind, hasSentinel } from "./fault";
import type { HttpReply, HttpRequest } from "./http/message";
import { type Json, JsonNumber, JsonObject, stringOf } from "./json";
import { refusal } from "./miner/request";
import type { LoggedRequest } from "./request-log";

const wireFaults: readonly FaultKind[] = [
  "lost-answer",
  "cut-answer",
  "late-effect",
  "timeout",
  "no-answer",
  "unknown-node",
  "broken-json",
  "html-body",
  "wrong-shape",
  "huge-body",
  "redirect",
  "slow-answer",
  "http-error",
  "refusal",
  "unparsable-answer",
  "crash",
];

type Answer = HttpReply | "close";
/** A request under way; `done` tells the clock that it needs no real time for now. */
interface Work {
  readonly request: HttpRequest;
  /** Its sender has had an answer already; the effect is all that is left. */
  readonly isAnswered?: boolean;
  done: () => void;
}
type Fault = Pick<ArmedFault, "kind"> & Partial<ArmedFault>;

/** One listener's way from a request to its answer: understanding, log, faults, and the wait for a node. */
export class Front {
  readonly client: ClientNode;

  constructor(
    readonly engine: Engine,
    listener: Listener,
    died: () => void,
  ) {
    this.client = new ClientNode(engine, listener, died);
  }

  async answer(request: HttpRequest): Promise<Answer> {
    if (!this.client.alive || this.engine.failure !== undefined) return "close";
    const work: Work = { request, done: this.engine.clock.busy() };
    try {
      const understood = this.client.understand(request);
      const entry = this.#log(request, understood);
      const answer = await this.#carryOut(work, understood);
      // Local answers change little, but what they change is kept too.
      await this.engine.save();
      note(entry, answer);
      return answer;
    } finally {
      work.done();
    }
  }

  async #carryOut(work: Work, understood: Understood): Promise<Answer> {
    const { operation, forward } = understood;
    if (understood.crashes) return this.#crash();
    const fault = operation === "" ? undefined : this.#fault(operation, forward);
    if (fault?.kind === "crash") return this.#crash();
    const ask = async (asking = work): Promise<HttpReply> => {
      if (understood.reply !== undefined) return understood.reply;
      if (forward === undefined || operation === "")
        return prettyReply(internalError, responseError, "Unhandled request");
      return this.#parked(asking, this.client.pass(forward, operation));
    };
    if (fault === undefined || operation === "") return ask();
    return this.#spoiled(work, operation, fault, ask);
  }

  #crash(): "close" {
    this.client.die();
    return "close";
  }

  #fault(operation: OperationName, forward: Forward | undefined): Fault | undefined {
    const request = forward?.request;
    const named = request === undefined ? "" : request.taskId || stringOf(request.additional, "task_id");
    const occasion = { operation, nodeId: forward?.target ?? "", taskId: named };
    const armed = this.engine.faults.strike(wireFaults, occasion);
    if (armed !== undefined || request === undefined || operation !== "tasks.create") return armed;
    const texts = [stringOf(request.additional, "desc"), stringOf(request.additional, "image_name")];
    const kind = wireFaults.find((item) => hasSentinel(item, ...texts));
    return kind === undefined ? undefined : { kind };
  }

  /** What each fault of the wire does; those that need the effect ask the node first. */
  async #spoiled(
    work: Work,
    operation: OperationName,
    fault: Fault,
    ask: (asking?: Work) => Promise<HttpReply>,
  ): Promise<Answer> {
    const { clock } = this.engine;
    const sleep = (milliseconds: number) => this.#parked(work, clock.sleep(milliseconds));
    const timedOut = () => prettyReply(internalError, -1, timeoutOf(operation) || "timeout");
    switch (fault.kind) {
      case "lost-answer":
        await ask();
        return "close";
      case "cut-answer":
        return { ...(await ask()), spoil: "close-after-half" };
      case "late-effect":
        clock.at(clock.time() + (fault.seconds ?? 45) * 1000, () => {
          const late: Work = { request: work.request, isAnswered: true, done: clock.busy() };
          ask(late)
            .catch((error: unknown) => {
              this.engine.failure = error;
            })
            .finally(() => late.done());
        });
        await sleep(windowMs);
        return timedOut();
      case "timeout":
        await sleep(windowMs);
        return timedOut();
      case "no-answer":
        return this.#parked(work, new Promise<never>(() => undefined));
      case "slow-answer": {
        const seconds = fault.seconds ?? 60;
        const reply = await ask();
        await sleep(Math.min(seconds * 1000, windowMs));
        return seconds * 1000 >= windowMs ? timedOut() : reply;
      }
      case "unknown-node":
        return prettyReply(badRequest, responseError, "create node request failed");
      case "refusal":
        return textReply(refusal(fault.code ?? 1, fault.message ?? "refused by a fault"));
      case "http-error":
        return prettyReply(fault.code ?? internalError, -1, fault.message ?? "failed by a fault");
      case "unparsable-answer":
        await ask();
        return unparsable(operation);
      default:
        return disfigured(fault.kind, await ask());
    }
  }

  /** Waits for something that takes simulated time, for which nobody needs to wait in real time. */
  async #parked<T>(work: Work, waited: Promise<T>): Promise<T> {
    const { clock } = this.engine;
    const { gone } = work.request;
    // Who has gone, or was told long ago, waits for nothing any more: only a request under way counts as parked.
    const unpark = work.isAnswered || gone?.aborted ? () => undefined : clock.parked();
    work.done();
    gone?.addEventListener("abort", unpark, { once: true });
    try {
      return await waited;
    } finally {
      work.done = clock.busy();
      unpark();
      gone?.removeEventListener("abort", unpark);
    }
  }

  #log(request: HttpRequest, { operation, forward }: Understood): LoggedRequest {
    const asked = forward?.request;
    return this.engine.log.add({
      time: new Date(this.engine.clock.time()).toISOString(),
      method: request.method,
      path: request.uri,
      operation,
      nodeId: forward?.target ?? "",
      taskId: asked === undefined ? "" : asked.taskId || stringOf(asked.additional, "task_id"),
      additional: asked === undefined ? null : plain(asked.additional),
      rentOrder: asked?.credentials.rentOrder ?? "",
      auth: asked === undefined ? "none" : authKind(asked.credentials),
      wallet: asked?.credentials.wallet ?? "",
      write: isOperation(operation) && isWrite(operation) && forward !== undefined,
      status: null,
      errcode: null,
      message: "",
    });
  }
}

function note(entry: LoggedRequest, answer: Answer): void {
  if (answer === "close") return;
  entry.status = answer.status;
  try {
    const body: unknown = JSON.parse(answer.body.toString("utf8"));
    if (typeof body !== "object" || body === null) return;
    if ("errcode" in body && typeof body.errcode === "number") entry.errcode = body.errcode;
    if ("message" in body && typeof body.message === "string") entry.message = body.message;
  } catch {
    entry.message = "(no JSON)";
  }
}

function disfigured(kind: FaultKind, reply: HttpReply): HttpReply {
  const half = reply.body.subarray(0, reply.body.length >> 1);
  switch (kind) {
    case "broken-json":
      return { ...reply, body: half };
    case "html-body":
      return {
        status: 200,
        headers: [["Content-Type", "text/html"]],
        body: Buffer.from("<html><body><h1>502 Bad Gateway</h1></body></html>\n"),
      };
    case "wrong-shape":
      return textReply('{"errcode":0, "message":{"surprise":[1,2,{"deep":null}]}}');
    case "huge-body":
      return textReply(`{"errcode":0, "message":"${"x".repeat(64 * 1024 * 1024)}"}`);
    case "redirect":
      return { status: 302, headers: [["Location", "http://127.0.0.1:9/elsewhere"]], body: Buffer.alloc(0) };
    default:
      return reply;
  }
}

/** For the log: as plain data, passwords replaced. */
function plain(value: Json, name = ""): unknown {
  if (value instanceof JsonObject)
    return Object.fromEntries(value.members.map(([key, item]) => [key, plain(item, key)]));
  if (Array.isArray(value)) return value.map((item) => plain(item, name));
  if (/password|private|secret/i.test(name)) return "***";
  return value instanceof JsonNumber ? value.value : value;
}
