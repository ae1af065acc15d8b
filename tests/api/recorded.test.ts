/// <reference types="jest" />
/** Every answer recorded from the real node program, on the routes that the client uses. */
import { lifeSign } from "../../provider/api/dbc/outcome";
import type { Outcome, RemoteError } from "../../provider/core/errors";
import { loadExchanges, ownRecording, type Exchange as Recorded } from "../recorded/exchange";
import { clientOf, failure, NEW_TASK, NODE, recordingSend } from "./fakes";
import { ANY_TASK, answerOf, anyOther, ROUTES } from "./recorded-routes";

/** All but the recorder's own notes: whether a process lived, and when an idle connection was closed. */
const exchanges = loadExchanges(ownRecording()).filter(
  ({ method, status, headers }) => method !== "STATE" && !(headers === null && status !== null),
);

/** The path of a request, also of one that was written by hand. */
const pathOf = ({ method, path }: Recorded): string =>
  (method === "RAW" ? (path.split(" ")[1] ?? "") : path).replace(/^\/api\/v1/, "").replace(/\?.*$/, "");

const cases = exchanges.map((recorded) => {
  const path = pathOf(recorded);
  const [pattern, write, call] = ROUTES.find(([each]) => each.test(path)) ?? [/^/, true, anyOther];
  return { recorded, write, call, task: pattern.exec(path)?.[1] ?? ANY_TASK };
});

/** What a reading of the reference expects, from status, code and words alone. */
const expected = (recorded: Recorded, write: boolean, isOurs: boolean): Outcome | "success" => {
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
  if (/\/snapshot\/.*\/s1$/.test(recorded.path) && / not exist$/.test(said)) return "not-found";
  if (recorded.status === 500) return unsure;
  // A refusal in words that no call of ours expects may be a false one, as that of bootdev is (reference 8).
  if (!isOurs && recorded.status === 200 && !/bare metal nodes are not supported/.test(said)) return unsure;
  return "refused";
};

test("the recordings are there and cover the client's routes", () => {
  expect(exchanges.length).toBeGreaterThan(950);
  expect(cases.filter(({ call }) => call === anyOther).length).toBeLessThan(200);
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
    if (outcome !== expected(recorded, write, call !== anyOther))
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
