/// <reference types="jest" />
/** Every answer recorded from the real node program, on the routes that the client uses. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lifeSign } from "../../provider/api/dbc/outcome";
import type { DbcClient } from "../../provider/api/dbc/types";
import { type HttpReply, TransportError } from "../../provider/core/effects";
import type { Outcome, RemoteError } from "../../provider/core/errors";
import { clientOf, failure, NEW_TASK, NODE, recordingSend } from "./fakes";

interface Recorded {
  readonly n: number;
  readonly label: string;
  readonly path: string;
  readonly request_body: string | null;
  readonly status: number | null;
  readonly body: string;
  readonly transport_error: string | null;
}

/** The package's root, from `dist/tests/api`. */
const FILE = join(__dirname, "../../../tests/recorded/dbc-node-0.4.1.8.jsonl");

const isHttp = ({ path, status, transport_error }: Recorded): boolean =>
  path.startsWith("/api/v1") && (status !== null || transport_error !== null);

const exchanges = readFileSync(FILE, "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as Recorded)
  .filter(isHttp);

type Verb = (client: DbcClient, task: string, recorded: Recorded) => Promise<unknown>;
const ANY_TASK = "2Tjyu9nFv3kn6phF5NYiU";

const nodesOf = ({ request_body }: Recorded): unknown => {
  try {
    return (JSON.parse(request_body ?? "") as { peer_nodes_list?: unknown }).peer_nodes_list;
  } catch {
    return undefined;
  }
};
const taskIdOf = ({ request_body, body }: Recorded): string | undefined =>
  /"task_id": ?"(\w{20,22})"/.exec(request_body ?? "")?.[1] ?? /"task_id":"(\w{20,22})"/.exec(body)?.[1];

/** The call of ours that takes the answers of a path; it must be the longest prefix that fits. */
const ROUTES: readonly (readonly [RegExp, boolean, Verb])[] = [
  [/^\/$/, false, (client) => client.version()],
  [/^\/mining_nodes\/session_id$/, false, (client) => client.session(NODE)],
  [
    /^\/mining_nodes$/,
    false,
    (client, _, recorded) =>
      JSON.stringify(nodesOf(recorded)) === "[]" ? client.listNodes() : client.getNode(NODE),
  ],
  [/^\/rent_orders(\/.*)?$/, false, (client) => client.listRentOrders(NODE)],
  [
    /^\/tasks\/start$/,
    true,
    (client, _, recorded) => client.createTask(NODE, { ...NEW_TASK, taskId: taskIdOf(recorded) }),
  ],
  [/^\/tasks\/start\/(\w+)$/, true, (client, task) => client.startTask(NODE, task)],
  [/^\/tasks\/shutdown\/(\w+)$/, true, (client, task) => client.shutdownTask(NODE, task)],
  [/^\/tasks\/(?:poweroff|stop)\/(\w+)$/, true, (client, task) => client.poweroffTask(NODE, task)],
  [/^\/tasks\/restart\/(\w+)$/, true, (client, task) => client.restartTask(NODE, task)],
  [/^\/tasks\/reset\/(\w+)$/, true, (client, task) => client.resetTask(NODE, task)],
  [/^\/tasks\/delete\/(\w+)$/, true, (client, task) => client.deleteTask(NODE, task)],
  [
    /^\/tasks\/modify\/(\w+)$/,
    true,
    (client, task) => client.modifyTask(NODE, task, { publicIp: undefined }),
  ],
  [
    /^\/tasks\/passwd\/(\w+)$/,
    true,
    (client, task) => client.setPassword(NODE, task, { username: "dbc", password: "secret" }),
  ],
  [/^\/tasks\/logs\/(\w+)$/, false, (client, task) => client.getTaskLogs(NODE, task)],
  [/^\/tasks\/?$/, false, (client) => client.listTasks(NODE)],
  [/^\/tasks\/(\w+)\/?$/, false, (client, task) => client.getTask(NODE, task)],
  [/^\/disk\/list\/(\w+)$/, false, (client, task) => client.listDisks(NODE, task)],
  [/^\/disk\/resize\/(\w+)$/, true, (client, task) => client.growDisk(NODE, task, "vdb", 1)],
  [/^\/lan\/(?!create$)(\w+)$/, false, (client) => client.getLan(NODE, "office1")],
];

const cases = exchanges.flatMap((recorded) => {
  const path = recorded.path.replace(/^\/api\/v1/, "").replace(/\?.*$/, "");
  const route = ROUTES.find(([pattern]) => pattern.test(path));
  if (route === undefined) return [];
  const [pattern, write, call] = route;
  return [{ recorded, write, call, task: pattern.exec(path)?.[1] ?? ANY_TASK }];
});

/** What a reading of the reference expects, from status, code and words alone. */
const expected = (recorded: Recorded, write: boolean): Outcome | "success" => {
  const unsure: Outcome = write ? "unknown" : "unavailable";
  if (recorded.transport_error !== null) return unsure;
  let body: { errcode?: number; message?: unknown };
  try {
    body = JSON.parse(recorded.body) as typeof body;
  } catch {
    return unsure;
  }
  const { errcode, message } = body;
  const said = typeof message === "string" ? message : "";
  if (recorded.body.includes('"node_type":"2"')) return "refused"; // a bare-metal server
  if (errcode === 0) return "success";
  if (/machine is not be rented|wallet not rented/.test(said)) return "rental-over";
  if (/machine_status failed|node request failed|broadcast/.test(said)) return "unavailable";
  if (/check authority failed|all invalid$/.test(said)) return "unauthorised";
  if (/^task(_id)? not exist$|^network name not exist$|^task have no disk/.test(said)) return "not-found";
  if (recorded.status === 500) return unsure;
  return "refused";
};

const answerOf = (recorded: Recorded): HttpReply => {
  if (recorded.transport_error !== null || recorded.status === null)
    throw new TransportError(recorded.transport_error ?? "", true, "bad-reply");
  return { status: recorded.status, headers: {}, body: recorded.body };
};

test("the recordings are there and cover the client's routes", () => {
  expect(exchanges.length).toBeGreaterThan(900);
  expect(cases.length).toBeGreaterThan(600);
  const unused = ROUTES.filter(([, , call]) => !cases.some((entry) => entry.call === call));
  expect(unused.map(([pattern]) => String(pattern))).toEqual([]);
});

test("each recorded answer is a success or the outcome that the reference says", async () => {
  const wrong: string[] = [];
  for (const { recorded, write, call, task } of cases) {
    const { send } = recordingSend(() => answerOf(recorded));
    const client = clientOf(send, {
      credentials: recorded.path.endsWith("/session_id")
        ? { kind: "wallet", seed: "0x".padEnd(66, "1") }
        : { kind: "session", sessions: { "*": { sessionId: "s", sessionSign: "s" } } },
    });
    const result = await call(client, task, recorded).then(
      () => "success" as const,
      (error: RemoteError) => error,
    );
    const outcome = result === "success" ? result : result.outcome;
    if (outcome !== expected(recorded, write))
      wrong.push(`${recorded.n} ${recorded.path} ${recorded.body.slice(0, 100)}: ${outcome}`);
  }
  expect(wrong).toEqual([]);
});

test("a node whose time ran out is told from one that answered", () => {
  const silent = exchanges.filter(
    (recorded) => recorded.transport_error === null && lifeSign(answerOf(recorded)) === "silent",
  );
  expect(silent.length).toBeGreaterThan(20);
  for (const { body } of silent) expect(body).toContain(" timeout");
});

test("a detail is mapped field by field", async () => {
  const recorded = exchanges.find(({ n }) => n === 1208);
  if (recorded === undefined) throw new Error("the recording is gone");
  const { send } = recordingSend(() => answerOf(recorded));
  expect(await clientOf(send).getTask(NODE, "QQQQQQQQQQRRRRRRRRRR")).toEqual({
    taskId: "QQQQQQQQQQRRRRRRRRRR",
    status: "running",
    description: "hello",
    createdAt: "2026-11-21 10:03:05",
    os: "linux",
    address: "127.0.0.10",
    sshPort: 20010,
    rdpPort: undefined,
    user: undefined,
    password: undefined,
    cpuCores: 1,
    gpuCount: 0,
    memoryGib: 1,
    vncPort: 5904,
    vncPassword: "tzLxNrRY",
    networkName: undefined,
    rentOrder: undefined,
    localAddresses: [],
    disks: [
      { name: "vda", size: "350G", file: "/data/vm_37785_20261121100305.qcow2" },
      { name: "vdb", size: "1G", file: "/data/data_87692_20261121100305.qcow2" },
    ],
    networkFilters: [],
    interfaces: [{ name: "default", model: "virtio", macAddress: "52:54:00:68:ea:b5" }],
  });
});

test("a node's hardware is mapped field by field", async () => {
  const recorded = exchanges.find(({ n }) => n === 565);
  if (recorded === undefined) throw new Error("the recording is gone");
  const { send } = recordingSend(() => answerOf(recorded));
  expect(await clientOf(send).getNode(NODE)).toEqual({
    nodeId: NODE,
    version: "0.4.1.8",
    os: "Debian GNU/Linux 12 (bookworm) 6.18.44-fc-v595 GNU/Linux",
    ip: "*.0.*.10",
    cpu: { model: "Intel(R) Xeon(R) Processor @ 2.50GHz", cores: 2, sockets: 1, usedPercent: 1.17 },
    gpu: { count: 1, used: 0 },
    memory: { sizeGib: 23.54, freeGib: 19.53 },
    disks: [{ path: "/data", sizeGib: 600, freeGib: 250 }],
    images: [{ name: "ubuntu.qcow2", size: "192K" }],
  });
});

test("a refused create is told from others by its exact words", async () => {
  const recorded = exchanges.find(({ body }) => body.includes("task id already existed"));
  if (recorded === undefined) throw new Error("the recording is gone");
  const error = await failure(
    clientOf(recordingSend(() => answerOf(recorded)).send).createTask(NODE, NEW_TASK),
  );
  expect([error.outcome, error.said]).toEqual(["refused", "task id already existed"]);
});
