/** A clock, randomness and a wire of which a test holds every string. */
import { createDbcClient, type DbcClientOptions } from "../../provider/api/dbc/client";
import type { Credentials, DbcClient } from "../../provider/api/dbc/types";
import type { Clock, HttpReply, HttpRequest, Random, Send } from "../../provider/core/effects";
import { RemoteError } from "../../provider/core/errors";

export const NODE = "8ebced8fc78d0ee56057ff5f70e045c5d77b125b993f7ebeaf1b955b33ada262";
export const OTHER_NODE = "3a9b6e9a02b48ac5b2a8c0b52e7f94da5792f4fcf61dae910e0e8f389ab9fe57";
export const TASK = "2Tjyu9nFv3kn6phF5NYiU";

export const SESSION: Credentials = {
  kind: "session",
  sessions: { "*": { sessionId: "canarySessionId1111111111", sessionSign: "c0ffee".repeat(21) } },
};

/** Time that stands still until it is moved. */
export class TestClock implements Clock {
  private time = 0;
  private readonly sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  readonly slept: number[] = [];

  now = (): number => this.time;
  today = (): Date => new Date(0);

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(milliseconds);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.sleepers.push({ at: this.time + milliseconds, wake: resolve });
    });
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
    for (const { at, wake } of this.sleepers) if (at <= this.time) wake();
  }
}

/** A clock on which every sleep is over at once. */
export class RestlessClock extends TestClock {
  override async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const done = super.sleep(milliseconds, signal);
    this.advance(milliseconds);
    await done;
  }
}

/** Lets everything run that can run without time passing. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** Different bytes each time, the same in each run. */
export const countingRandom = (): Random => {
  let count = 0;
  return (bytes) => {
    count += 1;
    return Uint8Array.from({ length: bytes }, (_, at) => (count >>> (8 * (at % 4))) & 0xff);
  };
};

export const reply = (body: unknown, status = 200): HttpReply => ({
  status,
  headers: {},
  body: typeof body === "string" ? body : JSON.stringify(body),
});

export const ok = (message: unknown): HttpReply => reply({ errcode: 0, message });
export const refusal = (errcode: number, message: string, status = 200): HttpReply =>
  reply({ errcode, message }, status);

/** A wire that answers with what `answer` returns or throws, and remembers what was sent. */
export const recordingSend = (
  answer: (request: HttpRequest, body: Record<string, unknown>) => HttpReply | Promise<HttpReply>,
) => {
  const requests: { readonly request: HttpRequest; readonly body: Record<string, unknown> }[] = [];
  const send: Send = async (request) => {
    const body = JSON.parse(request.body) as Record<string, unknown>;
    requests.push({ request, body });
    return await answer(request, body);
  };
  return { send, requests };
};

/** A client on which nothing takes time. */
export const clientOf = (send: Send, options: Partial<DbcClientOptions> = {}): DbcClient =>
  createDbcClient({
    endpoint: "http://127.0.0.1:5002",
    endpointIsDefault: false,
    credentials: SESSION,
    effects: { clock: new RestlessClock(), random: countingRandom(), send },
    ...options,
  });

/** The RemoteError of a call that must fail. */
export const failure = async (call: Promise<unknown>): Promise<RemoteError> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof RemoteError) return error;
    throw error;
  }
  throw new Error("the call did not fail");
};

/** Every call of a client that takes a VM, by name, with arguments that are good. */
export const CALLS = {
  listTasks: { write: false, call: (client: DbcClient) => client.listTasks(NODE) },
  getTask: { write: false, call: (client: DbcClient) => client.getTask(NODE, TASK) },
  getTaskLogs: { write: false, call: (client: DbcClient) => client.getTaskLogs(NODE, TASK) },
  listDisks: { write: false, call: (client: DbcClient) => client.listDisks(NODE, TASK) },
  getNode: { write: false, call: (client: DbcClient) => client.getNode(NODE) },
  listNodes: { write: false, call: (client: DbcClient) => client.listNodes() },
  version: { write: false, call: (client: DbcClient) => client.version() },
  listRentOrders: { write: false, call: (client: DbcClient) => client.listRentOrders(NODE) },
  getLan: { write: false, call: (client: DbcClient) => client.getLan(NODE, "office1") },
  createTask: { write: true, call: (client: DbcClient) => client.createTask(NODE, NEW_TASK) },
  startTask: { write: true, call: (client: DbcClient) => client.startTask(NODE, TASK) },
  shutdownTask: { write: true, call: (client: DbcClient) => client.shutdownTask(NODE, TASK) },
  poweroffTask: { write: true, call: (client: DbcClient) => client.poweroffTask(NODE, TASK) },
  restartTask: { write: true, call: (client: DbcClient) => client.restartTask(NODE, TASK) },
  resetTask: { write: true, call: (client: DbcClient) => client.resetTask(NODE, TASK) },
  deleteTask: { write: true, call: (client: DbcClient) => client.deleteTask(NODE, TASK) },
  modifyTask: {
    write: true,
    call: (client: DbcClient) => client.modifyTask(NODE, TASK, { publicIp: "203.0.113.7" }),
  },
  setPassword: {
    write: true,
    call: (client: DbcClient) =>
      client.setPassword(NODE, TASK, { username: "dbc", password: "canaryPassword/+=1" }),
  },
  addDisk: {
    write: true,
    call: (client: DbcClient) => client.addDisk(NODE, TASK, { sizeGib: 10, directory: "/data" }),
  },
  deleteDisk: { write: true, call: (client: DbcClient) => client.deleteDisk(NODE, TASK, "vdc") },
  growDisk: { write: true, call: (client: DbcClient) => client.growDisk(NODE, TASK, "vdb", 10) },
} as const;
export type CallName = keyof typeof CALLS;
export const CALL_NAMES = Object.keys(CALLS) as CallName[];

export const NEW_TASK = {
  taskId: "pd1aaaaaaaaaaaaaaaaaaa",
  image: "ubuntu.qcow2",
  gpuCount: 1,
  cpuCores: 8,
  memoryGib: 16,
  diskGib: 100,
  sshPort: 5684,
  vncPort: 5904,
};
