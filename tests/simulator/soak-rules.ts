/** What the answers of a node without faults may be, and what may become of a VM. */

/** One request and its answer; `status` is 0 when none came. */
export interface Line {
  readonly node: string;
  readonly kind: string;
  readonly task: string;
  readonly status: number;
  readonly errcode: number | undefined;
  readonly message: unknown;
}

const refusedVerb =
  /^(task not exist|task is (running|shut_off|being shutdown|none)|check (cpu|gpu|memory|ssh_port|vnc_port) failed|cpu count exceeds the maximum)$/;
const refusedDisk = /^(task not exist|please close task first and try again|task have no disk:\w+)$/;

/** The refusals that each kind of request may get, all with HTTP 200 but where a status is given. */
const refusals: Readonly<Record<string, RegExp>> = {
  list: /^$/,
  detail: /^task_id not exist$/,
  create: /^(task id already existed|port conflict, exist (ssh|vnc)_port = \d+)$/,
  start: refusedVerb,
  poweroff: refusedVerb,
  shutdown: refusedVerb,
  restart: refusedVerb,
  reset: refusedVerb,
  delete: refusedVerb,
  modify: /^(task not exist|can not find iptable info when modify ssh port|new_ssh_port \d+ has been used!)$/,
  "disk-list": /^task not exist$/,
  "disk-add": refusedDisk,
  "disk-grow": refusedDisk,
  info: /^$/,
  replayed: /^check authority failed: nonce check failed$/,
};

const clientRefusals: Readonly<Record<string, readonly [number, RegExp]>> = {
  nonsense: [400, /^json parse error: /],
  nowhere: [404, /^not support uri:/],
};

/** What is wrong with an answer, if anything. */
export function broken({ kind, status, errcode, message }: Line): string | undefined {
  const client = clientRefusals[kind];
  const said = typeof message === "string" ? message : "";
  if (client !== undefined)
    return status === client[0] && client[1].test(said) ? undefined : `HTTP ${status} "${said}"`;
  if (status !== 200) return `HTTP ${status} "${said}"`;
  if (errcode === 0) return kind === "replayed" ? "a nonce was taken twice" : undefined;
  return refusals[kind]?.test(said) ? undefined : `errcode ${errcode} "${said}"`;
}

const begun: Readonly<Record<string, readonly string[]>> = {
  create: ["creating", "running"],
  start: ["starting", "running"],
  poweroff: ["being poweroff", "closed"],
  shutdown: ["being shutdown", "closed"],
  restart: ["restarting", "running"],
  // A reset of what an earlier order has switched off meanwhile.
  reset: ["resetting", "running", "reset error"],
  delete: ["deleting", "gone"],
};
const becomes: Readonly<Record<string, string>> = {
  creating: "running",
  starting: "running",
  restarting: "running",
  resetting: "running",
  "being poweroff": "closed",
  "being shutdown": "closed",
  deleting: "gone",
};

/** Follows the VMs of one node through its lines, in their order. */
export class NodeBook {
  /** What each VM was when last seen, and what was asked of it since; who is gone stays gone. */
  readonly #seen = new Map<string, { status: string; asked: Set<string> }>();
  readonly faults: string[] = [];

  add(line: Line): void {
    const wrong = line.status === 0 ? undefined : broken(line);
    if (wrong !== undefined) this.faults.push(`${line.kind} ${line.task}: ${wrong}`);
    // A request without an answer may have been carried out, or not.
    const mayHaveBegun = line.status === 0 || line.errcode === 0;
    if (line.kind in begun && mayHaveBegun) this.#asked(line);
    if (line.kind === "list" && Array.isArray(line.message)) this.#listed(line.message);
    if (line.kind === "detail" && line.status === 200)
      this.#is(line.task, line.errcode === 0 ? statusOf(line.message) : "gone");
  }

  /** All that was asked is done, and was seen: from here on nothing changes unless it is asked for. */
  rest(): void {
    for (const [id, { status, asked }] of this.#seen) {
      if (status in becomes) this.faults.push(`${id} is ${status} for ever`);
      asked.clear();
    }
  }

  /** The VMs that must be there. */
  get alive(): string[] {
    return [...this.#seen].filter(([, { status }]) => !["gone", "maybe"].includes(status)).map(([id]) => id);
  }

  #asked({ kind, task, status }: Line): void {
    const known = this.#seen.get(task);
    if (known !== undefined) known.asked.add(kind);
    else if (kind === "create")
      this.#seen.set(task, { status: status === 0 ? "maybe" : "creating", asked: new Set() });
  }

  #listed(items: readonly unknown[]): void {
    const found = new Map(items.map((item) => [idOf(item), statusOf(item)]));
    for (const id of found.keys())
      if (!this.#seen.has(id)) this.faults.push(`${id} is listed, and nobody made it`);
    for (const id of this.#seen.keys()) this.#is(id, found.get(id) ?? "gone");
  }

  #is(id: string, status: string): void {
    const known = this.#seen.get(id);
    if (known === undefined) {
      if (status !== "gone") this.faults.push(`${id} is ${status}, and nobody made it`);
      return;
    }
    const { status: before, asked } = known;
    const asks = [...asked];
    const possible = new Set([
      before,
      ...asks.flatMap((kind) => begun[kind] ?? []),
      ...(before === "maybe" ? ["creating", "running", "gone"] : []),
      ...(becomes[before] === undefined ? [] : [becomes[before]]),
    ]);
    const isBack = before === "gone" && status !== "gone" && !asked.has("create");
    if (!possible.has(status) || isBack)
      this.faults.push(
        `${id} was ${before}, was asked to ${asks.join(", ") || "do nothing"}, and is ${status}`,
      );
    known.status = status;
  }
}

function idOf(item: unknown): string {
  return typeof item === "object" && item !== null && "task_id" in item ? `${item.task_id}` : "";
}

function statusOf(item: unknown): string {
  return typeof item === "object" && item !== null && "status" in item ? `${item.status}` : "";
}
