/// <reference types="jest" />
import { Lanes, type LifeSign, type Passenger } from "../../provider/api/dbc/lanes";
import { type HttpReply, type HttpRequest, TransportError } from "../../provider/core/effects";
import type { RemoteError } from "../../provider/core/errors";
import {
  clientOf,
  countingRandom,
  failure,
  NODE,
  OTHER_NODE,
  ok,
  refusal,
  settle,
  TASK,
  TestClock,
} from "./fakes";

const node = (n: number): string => n.toString(16).padStart(64, "0");

/** Jobs that end when the test says so. */
class Depot {
  readonly clock = new TestClock();
  readonly lanes = new Lanes(this.clock);
  /** What is under way, in order of starting. */
  readonly running: string[] = [];
  readonly started: string[] = [];
  private readonly ends = new Map<string, (sign: LifeSign) => void>();
  readonly failures = new Map<string, RemoteError>();

  enter(name: string, passenger: Partial<Passenger>): Promise<void> {
    const full: Passenger = { what: name, operation: "list task", write: false, ...passenger };
    const job = (): Promise<LifeSign> => {
      this.running.push(name);
      this.started.push(name);
      return new Promise((resolve) => this.ends.set(name, resolve));
    };
    return this.lanes
      .run(full, job, (sign) => sign)
      .then(
        () => undefined,
        (error: RemoteError) => {
          this.failures.set(name, error);
        },
      );
  }

  async end(name: string, sign: LifeSign = "alive"): Promise<void> {
    this.running.splice(this.running.indexOf(name), 1);
    this.ends.get(name)?.(sign);
    await settle();
  }
}

const depot = (): Depot => new Depot();

describe("lanes", () => {
  test("let one request at a time reach a node, in order", async () => {
    const d = depot();
    for (const name of ["a", "b", "c"]) void d.enter(name, { nodeId: NODE, operation: name });
    await settle();
    expect(d.running).toEqual(["a"]);
    await d.end("a");
    expect(d.running).toEqual(["b"]);
    await d.end("b");
    await d.end("c");
    expect(d.started).toEqual(["a", "b", "c"]);
  });

  test("let eight requests of a kind be under way, and others beside them", async () => {
    const d = depot();
    for (let n = 0; n < 10; n++) void d.enter(`list ${n}`, { nodeId: node(n) });
    void d.enter("other", { nodeId: node(20), operation: "start task" });
    void d.enter("version", { operation: "version" });
    await settle();
    expect(d.running).toHaveLength(10);
    expect(d.running).toEqual(expect.arrayContaining(["other", "version"]));
    expect(d.running).not.toEqual(expect.arrayContaining(["list 8"]));
    await d.end("list 3");
    expect(d.running).toContain("list 8");
    expect(d.running).not.toContain("list 9");
  });

  test("do not let requests that wait for one node hold the places of others", async () => {
    const d = depot();
    for (let n = 0; n < 20; n++) void d.enter(`frozen ${n}`, { nodeId: NODE });
    void d.enter("free", { nodeId: OTHER_NODE });
    await settle();
    expect(d.running).toEqual(["frozen 0", "free"]);
  });

  test("do not let requests that wait for a place of their kind hold their node", async () => {
    const d = depot();
    for (let n = 0; n < 8; n++) void d.enter(`frozen ${n}`, { nodeId: node(n) });
    void d.enter("list", { nodeId: NODE });
    void d.enter("start", { nodeId: NODE, operation: "start task" });
    await settle();
    expect(d.running).toContain("start");
    expect(d.running).not.toContain("list");
  });

  test("let writes go before reads", async () => {
    const d = depot();
    void d.enter("first", { nodeId: NODE });
    for (let n = 0; n < 5; n++) void d.enter(`poll ${n}`, { nodeId: NODE });
    void d.enter("write 1", { nodeId: NODE, operation: "create task", write: true });
    void d.enter("write 2", { nodeId: NODE, operation: "delete task", write: true });
    await settle();
    await d.end("first");
    await d.end("write 1");
    await d.end("write 2");
    expect(d.started).toEqual(["first", "write 1", "write 2", "poll 0"]);
  });

  test("are left by a job that throws", async () => {
    const { lanes } = depot();
    const passenger: Passenger = { what: "x", operation: "x", nodeId: NODE, write: false };
    const bad = lanes.run(
      passenger,
      () => Promise.reject(new Error("bad")),
      () => "alive",
    );
    await expect(bad).rejects.toThrow("bad");
    expect(
      await lanes.run(
        passenger,
        async () => 1,
        () => "alive",
      ),
    ).toBe(1);
  });

  test("are not waited for by a caller who gives up, nor kept", async () => {
    const d = depot();
    void d.enter("first", { nodeId: NODE });
    const giveUp = new AbortController();
    const giveUpToo = new AbortController();
    void d.enter("write", { nodeId: NODE, write: true, signal: giveUp.signal });
    void d.enter("read", { nodeId: NODE, signal: giveUpToo.signal });
    void d.enter("last", { nodeId: NODE });
    await settle();
    giveUp.abort();
    giveUpToo.abort();
    await settle();
    expect(d.failures.get("write")).toMatchObject({ outcome: "not-sent" });
    expect(d.failures.get("read")).toMatchObject({ outcome: "unavailable" });
    await d.end("first");
    expect(d.started).toEqual(["first", "last"]);
  });

  test("are not entered by a caller who has given up before", async () => {
    const d = depot();
    await d.enter("late", { nodeId: NODE, write: true, signal: AbortSignal.abort() });
    expect(d.failures.get("late")).toMatchObject({ outcome: "not-sent" });
    expect(d.started).toEqual([]);
  });
});

describe("a node that let its time run out", () => {
  const silent = async (): Promise<Depot> => {
    const d = depot();
    void d.enter("first", { nodeId: NODE });
    await settle();
    await d.end("first", "silent");
    return d;
  };

  test("is unavailable at once, with nothing sent, for 30 s", async () => {
    const d = await silent();
    for (const seconds of [0, 15, 14.999]) {
      d.clock.advance(seconds * 1000);
      await d.enter(`at ${seconds}`, { nodeId: NODE, write: true });
      expect(d.failures.get(`at ${seconds}`)).toMatchObject({ outcome: "unavailable" });
    }
    expect(d.failures.get("at 0")?.message).toBe(
      "could not at 0: node 8ebced8f… did not answer in time a moment ago, so nothing was sent; it is tried again every 30 s",
    );
    expect(d.started).toEqual(["first"]);
  });

  test("turns away at once those that were waiting for it, and nobody else", async () => {
    const d = depot();
    for (const name of ["first", "second", "third"]) void d.enter(name, { nodeId: NODE });
    for (let n = 0; n < 7; n++) void d.enter(`list ${n}`, { nodeId: node(n) });
    void d.enter("waiting elsewhere", { nodeId: OTHER_NODE });
    await settle();
    await d.end("first", "silent");
    expect([...d.failures.keys()]).toEqual(["second", "third"]);
    expect(d.running).toContain("waiting elsewhere");
  });

  test("is then tried by one request alone", async () => {
    const d = await silent();
    d.clock.advance(30_000);
    void d.enter("probe", { nodeId: NODE });
    await d.enter("beside", { nodeId: NODE });
    expect(d.running).toEqual(["probe"]);
    expect(d.failures.get("beside")).toMatchObject({ outcome: "unavailable" });
    await d.end("probe", "silent");
    d.clock.advance(29_999);
    await d.enter("too early", { nodeId: NODE });
    expect(d.failures.get("too early")).toMatchObject({ outcome: "unavailable" });
    d.clock.advance(1);
    void d.enter("next probe", { nodeId: NODE });
    await settle();
    expect(d.running).toEqual(["next probe"]);
  });

  test("is open to all again when it answers", async () => {
    const d = await silent();
    d.clock.advance(30_000);
    void d.enter("probe", { nodeId: NODE });
    await settle();
    await d.end("probe", "alive");
    void d.enter("a", { nodeId: NODE });
    void d.enter("b", { nodeId: NODE });
    await settle();
    await d.end("a");
    expect(d.running).toEqual(["b"]);
    expect(d.failures.size).toBe(0);
  });

  test("stays silent when the probe says nothing about it, and may be tried at once", async () => {
    const d = await silent();
    d.clock.advance(30_000);
    void d.enter("given up", { nodeId: NODE });
    await settle();
    await d.end("given up", "none");
    void d.enter("next", { nodeId: NODE });
    await d.enter("beside", { nodeId: NODE });
    expect(d.running).toEqual(["next"]);
    expect(d.failures.get("beside")).toMatchObject({ outcome: "unavailable" });
  });

  test("does not slow the others", async () => {
    const d = await silent();
    void d.enter("other", { nodeId: OTHER_NODE });
    await settle();
    expect(d.running).toEqual(["other"]);
  });
});

describe("the client's lanes", () => {
  /** A wire with a frozen node: the client node gives up on it after 30 s, or forgets to, and our deadline ends it. */
  const frozen = (clock: TestClock, forgets: boolean) => {
    const sent: string[] = [];
    const send = async (request: HttpRequest): Promise<HttpReply> => {
      const [nodeId = ""] = (JSON.parse(request.body) as { peer_nodes_list: string[] }).peer_nodes_list;
      sent.push(nodeId);
      if (nodeId !== NODE) return ok([]);
      await clock.sleep(forgets ? request.deadlineMs : 30_000);
      if (forgets) throw new TransportError("no reply within 40 s", true, "deadline");
      return refusal(-1, "list task timeout", 500);
    };
    const client = clientOf(send, { effects: { clock, random: countingRandom(), send } });
    return { client, sent };
  };

  test.each([true, false])("keep a frozen node from slowing others (lost timeout: %p)", async (forgets) => {
    const clock = new TestClock();
    const { client, sent } = frozen(clock, forgets);
    const onFrozen = Array.from({ length: 20 }, () => failure(client.listTasks(NODE)));
    const start = failure(client.startTask(NODE, TASK));
    for (let n = 1; n <= 30; n++) expect(await client.listTasks(node(n))).toEqual([]);
    expect(clock.now()).toBe(0);
    clock.advance(forgets ? 40_000 : 30_000);
    const outcomes = (await Promise.all(onFrozen)).map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(["unavailable"]));
    expect((await start).outcome).toBe("unavailable"); // it was never sent
    expect(sent.filter((nodeId) => nodeId === NODE)).toHaveLength(1);
  });

  test("count a deadline from the sending, however long the wait for the lane was", async () => {
    const clock = new TestClock();
    const answers: ((reply: HttpReply) => void)[] = [];
    const deadlines: number[] = [];
    const send = (request: HttpRequest): Promise<HttpReply> => {
      deadlines.push(request.deadlineMs);
      return new Promise((resolve) => answers.push(resolve));
    };
    const client = clientOf(send, { effects: { clock, random: countingRandom(), send } });
    const both = [client.listTasks(NODE), client.listTasks(NODE)];
    await settle();
    clock.advance(39_000);
    answers[0]?.(ok([]));
    await settle();
    clock.advance(39_000);
    answers[1]?.(ok([]));
    expect(await Promise.all(both)).toEqual([[], []]);
    expect(deadlines).toEqual([40_000, 40_000]);
  });

  test("pause between the attempts of a read without holding its lane, ever longer, never alike", async () => {
    const clock = new TestClock();
    let attempts = 0;
    const send = async (request: HttpRequest): Promise<HttpReply> => {
      if (request.url.endsWith("/tasks")) {
        attempts += 1;
        throw new TransportError("reset", true);
      }
      return ok("ok");
    };
    const client = clientOf(send, { effects: { clock, random: countingRandom(), send } });
    const read = failure(client.listTasks(NODE));
    await settle();
    await client.startTask(NODE, TASK);
    clock.advance(250);
    await settle();
    clock.advance(500);
    expect((await read).outcome).toBe("unavailable");
    expect(attempts).toBe(3);
    const [first = 0, second = 0] = clock.slept;
    expect(first).toBeGreaterThan(125);
    expect(first).toBeLessThanOrEqual(250);
    expect(second).toBeGreaterThan(250);
    expect(second).toBeLessThanOrEqual(500);
    expect(second).not.toBe(2 * first);
  });

  test("let a caller give up in a pause and in mid-request", async () => {
    const clock = new TestClock();
    const giveUp = new AbortController();
    const broken = async (): Promise<HttpReply> => {
      throw new TransportError("reset", true);
    };
    const pausing = clientOf(broken, { effects: { clock, random: countingRandom(), send: broken } });
    const read = failure(pausing.listTasks(NODE, { signal: giveUp.signal }));
    await settle();
    giveUp.abort();
    expect((await read).outcome).toBe("unavailable");

    const inFlight = new AbortController();
    const hanging = (request: HttpRequest): Promise<HttpReply> =>
      new Promise((_, reject) =>
        request.signal?.addEventListener("abort", () =>
          reject(new TransportError("given up", true, "aborted")),
        ),
      );
    const client = clientOf(hanging, { effects: { clock, random: countingRandom(), send: hanging } });
    const write = failure(client.startTask(NODE, TASK, { signal: inFlight.signal }));
    await settle();
    inFlight.abort();
    expect((await write).outcome).toBe("unknown");
  });
});
