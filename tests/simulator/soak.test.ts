import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { Dice } from "../../simulator/dice";
import { Renter } from "./renter";
import { soakNodes } from "./soak-child";
import { type Line, NodeBook } from "./soak-rules";

jest.setTimeout(15 * 60_000);

const rounds = 20;
const perRound = 25;
const vmsOfNode = 10;
/** Rounds in whose middle the process is killed. */
const killedIn = [4, 9, 14];

/** The process under test. */
class Served {
  #child: ChildProcessByStdio<Writable, Readable, null> | undefined;
  url = "";

  constructor(readonly folder: string) {}

  async start(): Promise<void> {
    const child = spawn(process.execPath, [join(__dirname, "soak-child.js"), this.folder], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child = child;
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    this.url = `http://127.0.0.1:${Number(line.toString())}`;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  /** Resident memory, in MiB. */
  get memoryMib(): number {
    return Number(execFileSync("ps", ["-o", "rss=", "-p", `${this.#child?.pid}`]).toString()) / 1024;
  }

  async control<T>(command: string, input: object = {}): Promise<T> {
    const response = await fetch(`${this.url}/_control/${command}`, {
      method: "POST",
      body: JSON.stringify(input),
    });
    return (await response.json()) as T;
  }
}

/** Somebody who works on one node, one request after the other. */
class Worker {
  readonly book = new NodeBook();
  #ids: string[] = [];
  readonly #old: object[] = [];
  #made = 0;
  #auth: object = {};

  constructor(
    readonly served: Served,
    readonly renter: Renter,
    readonly node: string,
    readonly dice: Dice,
  ) {}

  async signIn(): Promise<string> {
    const { message } = await this.#post("/mining_nodes/session_id", {}, this.renter.auth());
    const id = `${(message as { session_id?: string }).session_id}`;
    this.#auth = this.renter.session(id);
    return id;
  }

  /** One request, chosen by chance. */
  async step(): Promise<void> {
    if (this.#ids.length < vmsOfNode) return this.#create();
    const id = this.#ids[this.dice.below(this.#ids.length)] ?? "";
    const chance = this.dice.below(100);
    if (chance < 20) return this.#ask("list", "", "/tasks");
    if (chance < 35) return this.#ask("detail", id, `/tasks/${id}`);
    const verbs = ["start", "poweroff", "shutdown", "restart", "reset", "start", "start"] as const;
    const verb = verbs[this.dice.below(verbs.length)] ?? "start";
    if (chance < 65) return this.#ask(verb, id, `/tasks/${verb}/${id}`);
    if (chance < 68) return this.#ask("delete", id, `/tasks/delete/${id}`);
    if (chance < 76)
      return this.#ask("modify", id, `/tasks/modify/${id}`, {
        new_ssh_port: `${40_000 + this.dice.below(9000)}`,
      });
    if (chance < 82) return this.#ask("disk-list", id, `/disk/list/${id}`);
    if (chance < 86) return this.#ask("disk-add", id, `/disk/add/${id}`, { size: 1 });
    if (chance < 90) return this.#ask("disk-grow", id, `/disk/resize/${id}`, { disk: "vdb", size: 1 });
    if (chance < 94) return this.#ask("info", "", "/mining_nodes");
    if (chance < 96) return this.#raw("nonsense", "/tasks", '{"peer_nodes_list": [');
    if (chance < 97) return this.#raw("nowhere", "/nowhere", "{}");
    return this.#signed();
  }

  /** Looks at what has become of everything, after time enough. */
  async rest(): Promise<void> {
    await this.#ask("list", "", "/tasks");
    this.book.rest();
    this.#ids = this.#ids.filter((id) => this.book.alive.includes(id));
  }

  #create(): Promise<void> {
    const number = ++this.#made;
    const id = `${this.node.slice(0, 2)}VM${`${number}`.padStart(16, "0")}`;
    this.#ids.push(id);
    return this.#ask("create", id, "/tasks/start", {
      task_id: id,
      desc: id,
      image_name: "ubuntu.qcow2",
      gpu_count: this.dice.below(4) === 0 ? "1" : "0",
      cpu_cores: "4",
      mem_size: "4",
      disk_size: "5",
      ssh_port: `${20_000 + number}`,
      vnc_port: `${6000 + number}`,
    });
  }

  /** A fresh signature is good once, whatever happened since. */
  async #signed(): Promise<void> {
    const old = this.#old[this.dice.below(this.#old.length)];
    if (old !== undefined && this.dice.below(2) === 0) return this.#ask("replayed", "", "/tasks", {}, old);
    const auth = this.renter.auth();
    const line = await this.#post("/tasks", {}, auth);
    if (line.status === 200) this.#old.push(auth);
    this.book.add({ ...line, node: this.node, kind: "list", task: "" });
  }

  async #ask(
    kind: string,
    task: string,
    path: string,
    additional: object = {},
    auth?: object,
  ): Promise<void> {
    const answer = await this.#post(path, additional, auth ?? this.#auth);
    this.book.add({ ...answer, node: this.node, kind, task });
  }

  async #raw(kind: string, path: string, body: string): Promise<void> {
    this.book.add({ ...(await this.#send(path, body)), node: this.node, kind, task: "" });
  }

  #post(path: string, additional: object, auth: object) {
    return this.#send(path, JSON.stringify({ peer_nodes_list: [this.node], additional, ...auth }));
  }

  async #send(path: string, body: string): Promise<Pick<Line, "status" | "errcode" | "message">> {
    try {
      const response = await fetch(`${this.served.url}/api/v1${path}`, { method: "POST", body });
      const { errcode, message } = (await response.json()) as { errcode: number; message: unknown };
      return { status: response.status, errcode, message };
    } catch (error) {
      if (error instanceof SyntaxError) throw error;
      return { status: 0, errcode: undefined, message: undefined };
    }
  }
}

interface ShownTask {
  readonly id: string;
  readonly description: string;
  readonly domain: string | null;
  readonly status: string;
  readonly gpus: readonly string[];
  readonly cores: number;
}
interface ShownNode {
  readonly id: string;
  readonly gpus: number;
  readonly cores: number;
  readonly queue: readonly unknown[];
  readonly tasks: readonly ShownTask[];
}

describe("10,000 requests for 200 VMs on 20 nodes, with kill -9 in between", () => {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dbc-soak-"));
  const served = new Served(folder);
  const renter = new Renter();
  const workers = soakNodes.map((node, index) => new Worker(served, renter, node, new Dice(index + 1)));
  let sent = 0;
  let mostMib = 0;
  let sessions: string[] = [];
  let world: { nodes: ShownNode[] };

  /** One round of all workers at once; in some rounds the process dies under them. */
  async function round(number: number): Promise<void> {
    let left = killedIn.includes(number) ? (workers.length * perRound) / 2 : Number.POSITIVE_INFINITY;
    let restarted: Promise<void> | undefined;
    const restart = async () => {
      await served.kill();
      await served.start();
    };
    await Promise.all(
      workers.map(async (worker) => {
        for (let count = 0; count < perRound; count++) {
          if (--left === 0) restarted = restart();
          await worker.step();
          sent++;
          await restarted;
        }
      }),
    );
    await served.control("advance", { seconds: 60 });
    await Promise.all(workers.map((worker) => worker.rest()));
    mostMib = Math.max(mostMib, served.memoryMib);
  }

  beforeAll(async () => {
    await served.start();
    sessions = await Promise.all(workers.map((worker) => worker.signIn()));
    for (let number = 0; number < rounds; number++) await round(number);
    world = await served.control("world");
  });
  afterAll(async () => {
    await served.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  test("answers stay within the node's rules, and VMs change as they were asked to", () => {
    expect(sent).toBe(10_000);
    expect(workers.flatMap(({ book }) => book.faults)).toEqual([]);
  });

  test("what was answered is there, whole: no VM is lost, none comes back, none is made up", () => {
    const nodes = new Map(world.nodes.map((node) => [node.id, node]));
    for (const { node, book } of workers) {
      const tasks = nodes.get(node)?.tasks ?? [];
      expect(tasks.map(({ id }) => id).sort()).toEqual(book.alive.sort());
      expect(tasks.every(({ id, description }) => id === description)).toBe(true);
    }
    expect(workers.flatMap(({ book }) => book.alive).length).toBeGreaterThan(150);
  });

  test("all work comes to an end, and no machine holds more than it has", () => {
    for (const { queue, tasks, gpus, cores } of world.nodes) {
      expect(queue).toEqual([]);
      const resting = tasks.map(({ status, domain }) => `${status} ${domain}`);
      expect(
        [...new Set(resting)].filter(
          (text) => !["running running", "closed shutoff", "reset error shutoff"].includes(text),
        ),
      ).toEqual([]);
      const running = tasks.filter(({ domain }) => domain === "running");
      const held = running.flatMap((task) => task.gpus);
      expect(new Set(held).size).toBe(held.length);
      expect(held.length).toBeLessThanOrEqual(gpus);
      expect(running.reduce((sum, task) => sum + task.cores, 0)).toBeLessThanOrEqual(cores);
    }
  });

  test("sessions outlive the process", async () => {
    expect(await Promise.all(workers.map((worker) => worker.signIn()))).toEqual(sessions);
  });

  test("memory is bounded", () => {
    expect(mostMib).toBeGreaterThan(10);
    expect(mostMib).toBeLessThan(600);
  });
});
