import type { Simulator } from "../../simulator";
import type { Exchange } from "./exchange";
import { targetOf } from "./hints";
import type { Identities } from "./identities";

interface ListedTask {
  task_id: string;
  create_time: string;
  desc: string;
  status: string;
}

function messageOf(body: string): unknown {
  try {
    return (JSON.parse(body) as { message?: unknown }).message;
  } catch {
    return undefined;
  }
}

function listed(body: string): ListedTask[] {
  const message = messageOf(body);
  return Array.isArray(message) ? message.filter((item) => typeof item?.task_id === "string") : [];
}

/** Ids that an answer tells: from here on the recorded one and ours mean the same thing. */
export function learnIds(exchange: Exchange, ours: string, who: Identities): void {
  const pairs = (pattern: RegExp) => {
    const recorded = [...exchange.body.matchAll(pattern)].map((match) => match[1] ?? "");
    const own = [...ours.matchAll(pattern)].map((match) => match[1] ?? "");
    for (const [index, text] of recorded.entries()) {
      const mine = own[index];
      if (mine !== undefined && !who.knows(text)) who.learn(text, mine);
    }
  };
  if (/\/tasks\/start$/.test(exchange.path)) pairs(/"task_id":"([^"]+)"/g);
  if (/session_id$/.test(exchange.path)) pairs(/"session_id":"([^"]+)"/g);
  if (/bare_metal\/add$/.test(exchange.path)) pairs(/"node_id":"([^"]+)"/g);
  if (/\/bare_metal$/.test(exchange.path)) pairs(/"node_id":"([^"]+)"/g);
}

/**
 * Tasks and sessions that a group finds there without having made them belong to its situation: lines of the
 * recording before it made them. What a group itself can have made is followed by its description instead.
 */
export function findInherited(simulator: Simulator, exchange: Exchange, who: Identities): void {
  const node = simulator.world.nodes[targetOf(exchange, who) ?? ""];
  if (node === undefined) return;
  const session = /"session_id":"([^"]+)"/.exec(exchange.body)?.[1];
  if (session !== undefined && !who.knows(session) && node.sessions[who.renter.address] === undefined)
    node.sessions[who.renter.address] = { id: session, signers: [] };
  if (!/\/tasks$/.test(exchange.path)) return;
  for (const task of listed(exchange.body)) {
    if (who.knows(task.task_id) || node.tasks[task.task_id] !== undefined) continue;
    const twin = Object.values(node.tasks).find(
      (other) => other.description === task.desc && !listedElsewhere(exchange, other.id, who),
    );
    if (twin !== undefined) who.learn(task.task_id, twin.id);
    else inherit(simulator, node.id, task, who);
  }
}

function listedElsewhere(exchange: Exchange, ours: string, who: Identities): boolean {
  return listed(exchange.body).some((task) => who.translate(task.task_id) === ours);
}

function inherit(simulator: Simulator, nodeId: string, task: ListedTask, who: Identities): void {
  const node = simulator.requireNode(nodeId);
  const failed = task.status.endsWith("error");
  const on = task.status === "running" || task.status === "creating";
  const kib = 1024 ** 2;
  node.tasks[task.task_id] = {
    id: task.task_id,
    wallet: who.renter.address,
    rentOrder: "",
    description: task.desc,
    os: "linux",
    bios: "legacy",
    image: "ubuntu.qcow2",
    publicIp: "",
    sshPort: 20001,
    rdpPort: 0,
    vncPort: 5904,
    vncPassword: "12345678",
    loginUser: "",
    loginPassword: "1234567890123456",
    cpu: { sockets: 1, cores: 1, threads: 1 },
    memoryKib: kib,
    gpus: [],
    customPorts: [],
    multicast: [],
    network: "",
    networkFilters: [],
    interfaceModel: "virtio",
    disks: [
      { name: "vda", file: `/data/vm_${task.task_id}.qcow2`, shownKib: 350 * kib, realKib: kib },
      { name: "vdb", file: `/data/data_${task.task_id}.qcow2`, shownKib: kib, realKib: kib },
    ],
    snapshots: [],
    snapshotStatus: {},
    createdAt: Date.parse(`${task.create_time.replace(" ", "T")}Z`),
    status: task.status as never,
    domain: failed || !on ? "shutoff" : "running",
    bootedWith: null,
    forwarded: !failed,
    mac: "52:54:00:00:00:01",
    localIp: "192.168.122.2",
    uuid: "",
    log: ["a line"],
  };
  const ids = node.walletTasks[who.renter.address] ?? [];
  node.walletTasks[who.renter.address] = [...ids, task.task_id];
  // A create that is under way goes on.
  if (task.status === "creating")
    simulator.engine.miner(nodeId).enqueue({ kind: "create" }, task.task_id);
}
