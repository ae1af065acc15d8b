/** A VM on the real engine, a wire that can hold an answer back, and ears for whatever is told. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createDbcClient } from "../../provider/api/dbc/client";
import { createSend } from "../../provider/api/http";
import { systemClock, systemRandom } from "../../provider/core/clock";
import { developmentPhrase, labNodes, profiles } from "../../simulator";
import { BadWire } from "../reliability/bad-wire";
import { type Hit, type Planted, search } from "../reliability/searcher";
import { type Finished, type Running, succeeded } from "./command";
import { commandOf } from "./processes";
import type { PulumiStack } from "./pulumi";
import { VmLab, vmArgs } from "./vm-lab";
import { until } from "./workspace";

const NODE = labNodes.alice1;
const DEFINED_AFTER_MS = 120_000;
const LOGIN = "C4nary/'login'+passw0rd?&=";

/** Where a create is, by the answer that it is waiting for. */
export const POINTS = {
  "before the order is sent": { path: /\/tasks$/, created: false, skip: 0 },
  "when the order was carried out and not answered": { path: /\/tasks\/start$/, created: true, skip: 0 },
  "when the order was answered": { path: /\/tasks$/, created: true, skip: 0 },
  "in the wait": { path: /\/tasks$/, created: true, skip: 1 },
  // the login is set by then, and this is the last answer
  "just before it returns": { path: /\/tasks\/pd1[0-9a-z]{19}$/, created: true, skip: 1 },
} as const;
export type PointName = keyof typeof POINTS;

/** Pulumi's SDK writes all that it is answered to debug events, in clear: those are Pulumi's. */
const withoutDebug = (events: string): string =>
  events
    .split("\n")
    .filter((line) => !line.includes('"severity":"debug"'))
    .join("\n");

export class SignalsLab {
  readonly #heard: Record<string, string> = {};
  readonly #held: (() => void)[] = [];
  #stacks = 0;
  #commands = 0;

  private constructor(
    readonly lab: VmLab,
    readonly wire: BadWire,
  ) {}

  static async open(): Promise<SignalsLab> {
    const lab = await VmLab.open();
    // long enough for several looks
    lab.simulator.setProfile({ ...profiles.typical, define: [DEFINED_AFTER_MS, DEFINED_AFTER_MS] });
    return new SignalsLab(lab, await BadWire.open(lab.simulator.url));
  }

  async close(): Promise<void> {
    await this.lab.close();
    await this.wire.close();
  }

  /** A stack of its own for each test, that declares one VM. */
  async stack(): Promise<PulumiStack> {
    const { lab } = this;
    this.release();
    lab.simulator.disarm();
    await lab.simulator.setLink(NODE, "online");
    for (const { taskId } of lab.vms()) await lab.simulator.deleteVm(NODE, taskId); // of a test that failed
    lab.simulator.clearRequests();
    await this.declare();
    return lab.workspace.stack(`signals-${++this.#stacks}`, {
      DBC_ENDPOINT: this.wire.url,
      // so that the first list is the create's own look
      DBC_PREFLIGHT: "0",
      DBC_DEBUG: join(lab.workspace.folder, "requests.jsonl"),
      // without it there is no option to write events down
      PULUMI_DEBUG_COMMANDS: "1",
    });
  }

  async declare(more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const login = { username: "dbc", password: LOGIN };
    await this.lab.declare({ box: { args: vmArgs(0, { login, ...more }) } });
  }

  /** The ids of the VMs that were ordered. */
  get created(): string[] {
    return this.lab.simulator.requests.flatMap(({ operation, taskId }) =>
      operation === "tasks.create" ? [taskId] : [],
    );
  }

  /** Holds back the answer that a create waits for at this point; resolves when it is held. */
  hold(point: PointName): Promise<void> {
    const { path, created, skip } = POINTS[point];
    let passed = 0;
    this.wire.arm({
      path,
      times: Number.POSITIVE_INFINITY,
      deliveries: 1,
      spoil: (socket, answer) => {
        const isThere = created === this.created.length > 0 && passed++ >= skip;
        if (isThere) this.#held.push(() => socket.write(answer));
        else socket.write(answer);
      },
    });
    return until(() => this.#held.length > 0);
  }

  /** From now on every answer comes, and those that were held come too. */
  release(): void {
    this.wire.arm(undefined);
    for (const answer of this.#held.splice(0)) answer();
  }

  /** The provider processes that are alive. */
  providers(): number[] {
    return this.lab.workspace.processes().filter((pid) => commandOf(pid).includes("dynamic-provider"));
  }

  /** Runs a command to its end, and remembers what it said. */
  async hear(running: Promise<Finished> | Running): Promise<Finished> {
    const done = await ("finished" in running ? running.finished : running);
    this.#heard[`output ${++this.#commands}`] = done.output;
    return done;
  }

  /** Options that make a command write its events down. */
  events(): readonly string[] {
    return ["--event-log", join(this.lab.workspace.folder, `events-${++this.#commands}.json`)];
  }

  /** The stack's VMs, as recorded. */
  async recorded(stack: PulumiStack): Promise<readonly string[]> {
    const { text, resources } = await stack.state();
    this.#heard[`state ${++this.#commands}`] = text;
    // one that was deleted for its successor, which is yet to be made, is kept as a mark
    const there = resources.filter(({ pendingReplacement }) => pendingReplacement !== true);
    return there.filter(({ type }) => type.endsWith("/dbc:Vm")).map(({ id = "" }) => id);
  }

  /** The next up goes on with the one VM that there may be; then nothing is left after a destroy. */
  async expectMended(stack: PulumiStack): Promise<void> {
    const { lab } = this;
    const begun = lab.vms();
    await succeeded(this.hear(stack.up(...this.events())));
    const [vm, ...others] = lab.vms();
    expect(others).toEqual([]);
    expect(vm?.status).toBe("running");
    if (begun.length > 0) expect(vm?.taskId).toBe(begun[0]?.taskId);
    expect(new Set(this.created)).toEqual(new Set([vm?.taskId]));
    expect(await this.recorded(stack)).toEqual([`${NODE}/${vm?.taskId}`]);
    await this.#learn(stack);
    await this.expectDestroyed(stack);
  }

  async expectDestroyed(stack: PulumiStack): Promise<void> {
    await succeeded(this.hear(stack.destroy(...this.events())));
    expect(this.lab.vms()).toEqual([]);
    expect((await stack.state()).resources).toEqual([]);
  }

  readonly #planted: Planted[] = [
    { name: "login given", text: LOGIN },
    { name: "wallet seed", text: developmentPhrase },
  ];

  /** Takes in the secrets that only the node knew. */
  async #learn(stack: PulumiStack): Promise<void> {
    const { box } = (await stack.outputs({ showSecrets: true })) as { box: Readonly<Record<string, string>> };
    const { clock, effects } = {
      clock: systemClock(),
      effects: { random: systemRandom, send: createSend() },
    };
    const client = createDbcClient({
      endpoint: this.lab.simulator.url,
      endpointIsDefault: false,
      credentials: { kind: "wallet", seed: `${developmentPhrase}//Alice` },
      effects: { ...effects, clock },
    });
    const { sessionId } = await client.session(NODE);
    for (const [name, text] of Object.entries({
      "VNC password": box.vnc,
      "login in the guest": box.password,
      "session id": sessionId,
    }))
      if (text) this.#planted.push({ name, text });
  }

  /** Searches one text for some of what must not be in it. */
  expectNot(text: string, names: readonly string[]): void {
    const planted = this.#planted.filter(({ name }) => names.includes(name));
    expect(new Set(planted.map(({ name }) => name))).toEqual(new Set(names));
    expect(search(planted, { text })).toEqual([]);
  }

  /** Searches all that was told for all that must not be; prints what came of it. */
  expectNothingTold(title: string): void {
    const { folder } = this.lab.workspace;
    const files = readdirSync(folder).filter((name) => /^(events-.*|requests)\.jsonl?$/.test(name));
    const told = {
      ...this.#heard,
      ...Object.fromEntries(
        files.map((name) => [name, withoutDebug(readFileSync(join(folder, name), "utf8"))]),
      ),
    };
    expect(existsSync(join(folder, "requests.jsonl"))).toBe(true);
    expect(files.length).toBeGreaterThan(2);
    expect(this.#planted.map(({ name }) => name)).toContain("session id");
    const found: readonly Hit[] = search(this.#planted, told);
    process.stdout.write(
      `secrets search, ${title} on the real engine: ${Object.keys(told).length} texts, ${found.length} hits\n`,
    );
    expect(found).toEqual([]);
    // the searcher does find what is there
    expect(search(this.#planted, { canary: LOGIN })).toContainEqual({
      channel: "canary",
      secret: "login given",
      encoding: "raw",
    });
  }
}
