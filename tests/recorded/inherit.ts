import type { Simulator } from "../../simulator";
import type { TaskStatus } from "../../simulator/world/task";
import type { Exchange } from "./exchange";
import { targetOf } from "./follow";
import type { Identities } from "./identities";

/** What an answer may tell of a task. */
interface Told {
  readonly task_id?: string;
  readonly create_time?: string;
  readonly desc?: string;
  readonly status?: string;
  readonly os?: string;
  readonly ssh_port?: string;
  readonly vnc_port?: string;
  readonly user_name?: string;
  readonly cpu_cores?: number;
  readonly mem_size?: string;
  readonly disks?: readonly ShownDisk[];
  readonly network_filters?: readonly string[];
}

interface ShownDisk {
  readonly name: string;
  readonly size: string;
  readonly file?: string;
  readonly source_file?: string;
}

const kibOf: Readonly<Record<string, number>> = { K: 1, M: 1024, G: 1024 ** 2, T: 1024 ** 3 };
const kib = (size: string): number => Number.parseFloat(size) * (kibOf[size.slice(-1)] ?? 1);

function messageOf({ body }: Exchange): unknown {
  try {
    return (JSON.parse(body) as { message?: unknown }).message;
  } catch {
    return undefined;
  }
}

/** The tasks that a list tells. */
export function listed(exchange: Exchange): Told[] {
  const message = /\/tasks\/?$/.test(exchange.path) ? messageOf(exchange) : undefined;
  return Array.isArray(message) ? message : [];
}

function detailed(exchange: Exchange): Told[] {
  const message = /\/tasks\/[^/]+$/.test(exchange.path) ? messageOf(exchange) : undefined;
  return typeof message === "object" && message !== null ? [message as Told] : [];
}

/** The task that a path names. */
function named({ path }: Exchange): string | undefined {
  return /\/(?:tasks|tasks\/\w+|disk\/\w+|snapshot\/(?:list|create|delete))\/([0-9A-Za-z]{16,22})(?:[/?].*)?$/.exec(
    path,
  )?.[1];
}

/**
 * Tasks and sessions that a group finds there without having made them belong to its situation: lines of the
 * recording before it made them. What they are like is read off the answers of the group.
 */
export class Inheritance {
  readonly #made: Set<string>;

  constructor(readonly lines: readonly Exchange[]) {
    const creates = lines.filter(({ path }) => path.endsWith("/tasks/start"));
    const ids = creates.flatMap(({ body, request_body }) => [
      ...`${body} ${request_body}`.matchAll(/"task_id": ?"([^"]+)"/g),
    ]);
    this.#made = new Set(ids.map(([, id = ""]) => id));
  }

  /** Puts into the world what a line finds there. */
  bring(simulator: Simulator, exchange: Exchange, who: Identities): void {
    const node = simulator.world.nodes[targetOf(exchange, who) ?? ""];
    if (node === undefined) return;
    const session = /"session_id": ?"([^"]+)"/.exec(exchange.body)?.[1];
    if (session !== undefined && !who.knows(session) && node.sessions[who.renter.address] === undefined)
      node.sessions[who.renter.address] = { id: session, signers: [] };
    for (const { task_id: id = "", desc } of listed(exchange)) {
      if (who.knows(id) || node.tasks[id] !== undefined) continue;
      // A create whose answer was lost has no known id: its description tells which it is.
      const twin = Object.values(node.tasks).find(
        (other) =>
          other.description === desc &&
          !listed(exchange).some((task) => who.translate(task.task_id ?? "") === other.id),
      );
      if (twin !== undefined) who.learn(id, twin.id);
      else this.#inherit(simulator, node.id, exchange, id, who);
    }
    const id = named(exchange);
    if (id === undefined || this.#made.has(id) || who.knows(id) || node.tasks[id] !== undefined) return;
    const isThere = exchange.status === 200 && !/not exist|"message":\[\]/.test(exchange.body);
    if (isThere) this.#inherit(simulator, node.id, exchange, id, who);
  }

  /** What the first answers from a line on tell of a task. */
  #told(from: Exchange, id: string): Told {
    const later = this.lines.slice(this.lines.indexOf(from));
    const about = later.flatMap((line) => [...listed(line), ...detailed(line)]);
    const first = about.find(({ task_id }) => task_id === id);
    const detail = later.flatMap(detailed).find(({ task_id }) => task_id === id);
    const disks = later
      .filter(({ path }) => path.includes(`/disk/list/${id}`))
      .flatMap((line) => [messageOf(line)])
      .find((message): message is ShownDisk[] => Array.isArray(message));
    const isOff = /task is shut_off/.test(from.body);
    return { status: isOff ? "closed" : "running", ...detail, ...first, ...(disks && { disks }) };
  }

  #inherit(simulator: Simulator, nodeId: string, from: Exchange, id: string, who: Identities): void {
    const told = this.#told(from, id);
    const node = simulator.requireNode(nodeId);
    const status = told.status ?? "running";
    const isOn = status === "running" || status === "creating";
    const disks = told.disks ?? [
      { name: "vda", size: "350G" },
      { name: "vdb", size: "1G" },
    ];
    const created = told.create_time ?? "2026-01-01 00:00:00";
    const memoryKib = kib(told.mem_size ?? "1G");
    const cpu = { sockets: 1, cores: told.cpu_cores ?? 1, threads: 1 };
    const vncPort = Number(told.vnc_port ?? 5904);
    node.tasks[id] = {
      id,
      wallet: who.renter.address,
      rentOrder: "",
      description: told.desc ?? "hello",
      os: told.os ?? "linux",
      bios: "legacy",
      image: "ubuntu.qcow2",
      publicIp: "",
      sshPort: Number(told.ssh_port ?? 20_001),
      rdpPort: 0,
      vncPort,
      vncPassword: "12345678",
      loginUser: told.user_name === "N/A" || told.user_name === undefined ? "" : told.user_name,
      loginPassword: "1234567890123456",
      cpu,
      memoryKib,
      gpus: [],
      customPorts: [],
      multicast: [],
      network: "",
      networkFilters: [...(told.network_filters ?? [])],
      interfaceModel: "virtio",
      disks: disks.map(({ name, size, file, source_file }) => ({
        name,
        file: file ?? source_file ?? `/data/${name}_${id}.qcow2`,
        shownKib: kib(size),
        realKib: name === "vda" ? (kibOf.G ?? 0) : kib(size),
      })),
      snapshots: [],
      snapshotStatus: {},
      createdAt: Date.parse(`${created.replace(" ", "T")}Z`),
      status: status as TaskStatus,
      domain: isOn ? "running" : "shutoff",
      bootedWith: isOn ? { cpu, memoryKib, gpus: [], vncPort } : null,
      forwarded: !status.endsWith("error"),
      mac: "52:54:00:00:00:01",
      localIp: "192.168.122.2",
      uuid: "",
      log: ["a line"],
    };
    if (told.user_name === "N/A") Object.assign(node.tasks[id], { loginUser: "N/A", loginPassword: "N/A" });
    node.walletTasks[who.renter.address] = [...(node.walletTasks[who.renter.address] ?? []), id];
    // A create that is under way goes on, with a machine that has long been defined.
    if (status !== "creating") return;
    simulator.engine.miner(nodeId).enqueue({ kind: "create" }, id);
    for (const job of node.queue) if (job.taskId === id) job.stage = 1;
  }
}
