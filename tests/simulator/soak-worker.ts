import type { Dice } from "../../simulator/dice";
import type { Renter } from "./renter";
import { type Line, NodeBook } from "./soak-rules";
import type { Served } from "./soak-served";

const vmsOfNode = 10;

/** Somebody who works on one node, one request after the other. */
export class Worker {
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
