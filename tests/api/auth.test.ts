/// <reference types="jest" />
import { verify } from "../../provider/api/dbc/signature";
import type { Credentials } from "../../provider/api/dbc/types";
import type { HttpReply } from "../../provider/core/effects";
import {
  clientOf,
  countingRandom,
  failure,
  NODE,
  OTHER_NODE,
  ok,
  recordingSend,
  refusal,
  settle,
  TASK,
  TestClock,
} from "./fakes";

const PHRASE = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
const WALLET: Credentials = { kind: "wallet", seed: `${PHRASE}//Alice` };
const ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const BOB = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
const CHARLIE = "5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y";
const SESSION_ID = "3QRjS1PsbDReGJKVBBRqxUh9RqXB5jbfHJ8bMgGoJ3C9HHHHm9rCmmh";

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** A node that hands out a session per node id and takes only what is signed for it. */
const node = (sessionOf: (nodeId: string) => string = () => SESSION_ID) =>
  recordingSend((request, body): HttpReply => {
    const [nodeId = ""] = body.peer_nodes_list as string[];
    if (request.url.endsWith("/session_id")) return ok({ session_id: sessionOf(nodeId) });
    if (body.session_id !== sessionOf(nodeId))
      return refusal(-3, "check authority failed: session_id is invalid");
    return request.url.includes("/tasks/") ? ok("ok") : ok([]);
  });

describe("a session pair", () => {
  const pairs: Credentials = {
    kind: "session",
    sessions: {
      [NODE]: { sessionId: "one", sessionSign: "aa" },
      "*": { sessionId: "any", sessionSign: "bb" },
    },
  };

  test("of the node itself is preferred to the one for every node", async () => {
    const { send, requests } = recordingSend(() => ok([]));
    const client = clientOf(send, { credentials: pairs });
    await client.listTasks(NODE);
    await client.listTasks(OTHER_NODE);
    expect(requests.map(({ body }) => [body.session_id, body.session_id_sign])).toEqual([
      ["one", "aa"],
      ["any", "bb"],
    ]);
  });

  test("is cleaned of spaces and of 0x", async () => {
    const { send, requests } = recordingSend(() => ok([]));
    const credentials: Credentials = {
      kind: "session",
      sessions: { "*": { sessionId: " one\n", sessionSign: "0xaa " } },
    };
    await clientOf(send, { credentials }).listTasks(NODE);
    expect(requests[0]?.body).toMatchObject({ session_id: "one", session_id_sign: "aa" });
  });

  test.each([
    ["no credentials", undefined],
    [
      "a pair for another node only",
      { kind: "session", sessions: { [OTHER_NODE]: { sessionId: "x", sessionSign: "y" } } },
    ],
    ["half a pair", { kind: "session", sessions: { "*": { sessionId: "x", sessionSign: "" } } }],
    ["a key that every object has", { kind: "session", sessions: {} }],
  ] as const)("is asked for when there is %s, before anything is sent", async (_, credentials) => {
    const { send, requests } = recordingSend(() => ok([]));
    const error = await failure(clientOf(send, { credentials }).startTask(NODE, TASK));
    expect(error.outcome).toBe("unauthorised");
    expect(error.message).toContain("DBC_SESSION_ID and DBC_SESSION_SIGN");
    expect(error.message).toContain("DBC_WALLET_SEED");
    expect(requests).toHaveLength(0);
  });

  test("that the node refuses is not tried again", async () => {
    const { send, requests } = node();
    const error = await failure(clientOf(send, { credentials: pairs }).startTask(NODE, TASK));
    expect(error.outcome).toBe("unauthorised");
    expect(requests).toHaveLength(1);
  });

  test("is not needed where the API wants none", async () => {
    const { send, requests } = recordingSend(() => ok({ rent_orders: [] }));
    await clientOf(send, { credentials: undefined }).listRentOrders(NODE);
    expect(Object.keys(requests[0]?.body ?? {})).toEqual(["peer_nodes_list", "additional"]);
  });
});

describe("a wallet", () => {
  test("gets a session once per node, signs it, and uses it from then on", async () => {
    const { send, requests } = node((id) => `session${id.slice(0, 4)}`);
    const client = clientOf(send, { credentials: WALLET });
    await client.listTasks(NODE);
    await client.startTask(NODE, TASK);
    await client.listTasks(OTHER_NODE);
    const paths = requests.map(({ request }) => request.url.replace(/^.*\/api\/v1/, ""));
    expect(paths).toEqual([
      "/mining_nodes/session_id",
      "/tasks",
      `/tasks/start/${TASK}`,
      "/mining_nodes/session_id",
      "/tasks",
    ]);
    const [asked, used] = [requests[0]?.body, requests[1]?.body];
    expect(Object.keys(asked ?? {})).toEqual(["peer_nodes_list", "additional", "wallet", "nonce", "sign"]);
    expect(asked?.wallet).toBe(ALICE);
    expect(await verify(text(asked?.nonce), text(asked?.sign), ALICE)).toBe(true);
    expect(Object.keys(used ?? {})).toEqual([
      "peer_nodes_list",
      "additional",
      "session_id",
      "session_id_sign",
    ]);
    expect(await verify("session8ebc", text(used?.session_id_sign), ALICE)).toBe(true);
  });

  test("asks only once however many calls need the session at the same time", async () => {
    const { send, requests } = node();
    const client = clientOf(send, { credentials: WALLET });
    await Promise.all([client.listTasks(NODE), client.startTask(NODE, TASK), client.session(NODE)]);
    expect(requests.filter(({ request }) => request.url.endsWith("session_id"))).toHaveLength(1);
  });

  test("takes a fresh nonce for every attempt", async () => {
    let attempts = 0;
    const { send, requests } = recordingSend(() => {
      attempts += 1;
      return attempts < 3
        ? refusal(-3, "check authority failed: nonce check failed")
        : ok({ session_id: SESSION_ID });
    });
    const client = clientOf(send, { credentials: WALLET });
    await failure(client.session(NODE));
    await failure(client.session(NODE));
    await client.session(NODE);
    expect(new Set(requests.map(({ body }) => body.nonce)).size).toBe(3);
    expect(new Set(requests.map(({ body }) => body.sign)).size).toBe(3);
  });

  test("gets a new session when the node forgot its own, and sends even a write again: it was refused", async () => {
    let current = "old";
    const { send, requests } = node(() => current);
    const client = clientOf(send, { credentials: WALLET });
    await client.session(NODE);
    current = "new";
    await client.startTask(NODE, TASK);
    expect(requests.map(({ body }) => body.session_id)).toEqual([undefined, "old", undefined, "new"]);
  });

  test("gives up when the new session is refused as well", async () => {
    const { send, requests } = recordingSend((request) =>
      request.url.endsWith("session_id")
        ? ok({ session_id: SESSION_ID })
        : refusal(-3, "check authority failed: session_id is invalid"),
    );
    const error = await failure(clientOf(send, { credentials: WALLET }).startTask(NODE, TASK));
    expect(error.outcome).toBe("unauthorised");
    expect(requests).toHaveLength(4);
  });

  test("that does not rent the machine ends before the call itself is sent", async () => {
    const { send, requests } = recordingSend(() => refusal(-3, "check authority failed: wallet not rented"));
    const error = await failure(clientOf(send, { credentials: WALLET }).deleteTask(NODE, TASK));
    expect(error.outcome).toBe("rental-over");
    expect(requests).toHaveLength(1);
  });

  test("with a bad seed sends nothing", async () => {
    const { send, requests } = node();
    const client = clientOf(send, { credentials: { kind: "wallet", seed: "canary words" } });
    const error = await failure(
      client.createTask(NODE, { image: "a.qcow2", gpuCount: 1, cpuCores: 1, memoryGib: 1, vncPort: 5900 }),
    );
    expect(error.outcome).toBe("not-sent");
    expect(error.message).not.toContain("canary");
    expect(requests).toHaveLength(0);
  });

  test("names the rental order when it asks for the session", async () => {
    const { send, requests } = node();
    await clientOf(send, { credentials: WALLET }).listTasks(NODE, { rentOrder: "123" });
    expect(requests.map(({ body }) => body.rent_order)).toEqual(["123", "123"]);
  });

  test("goes on for others when one caller gives up", async () => {
    const answers: ((value: HttpReply) => void)[] = [];
    const { send } = recordingSend((request) =>
      request.url.endsWith("session_id") ? new Promise((resolve) => answers.push(resolve)) : ok([]),
    );
    const client = clientOf(send, {
      credentials: WALLET,
      effects: { clock: new TestClock(), random: countingRandom(), send },
    });
    const impatient = new AbortController();
    const first = failure(client.startTask(NODE, TASK, { signal: impatient.signal }));
    const second = client.listTasks(NODE);
    while (answers.length === 0) await settle();
    impatient.abort();
    expect((await first).outcome).toBe("not-sent");
    answers[0]?.(ok({ session_id: SESSION_ID }));
    expect(await second).toEqual([]);
    expect(answers).toHaveLength(1);
  });
});

describe("a multisignature account", () => {
  const ACCOUNT: Credentials = {
    kind: "multisig",
    wallets: [ALICE, BOB, CHARLIE],
    threshold: 2,
    seeds: [`${PHRASE}//Bob`, `${PHRASE}//Alice`],
  };

  test("asks for the session with every signature, in the node's own shape", async () => {
    const { send, requests } = node();
    await clientOf(send, { credentials: ACCOUNT }).listTasks(NODE);
    const asked = requests[0]?.body;
    const account = asked?.multisig_accounts as
      | { signs: { wallet: string; nonce: string; sign: string }[] }
      | undefined;
    const signs = account?.signs ?? [];
    expect(signs).toHaveLength(2);
    expect(asked).toEqual({
      peer_nodes_list: [NODE],
      additional: {},
      multisig_accounts: { wallets: [ALICE, BOB, CHARLIE], threshold: "2", signs },
    });
    expect(signs.map(({ wallet }) => wallet)).toEqual([BOB, ALICE]);
    expect(new Set(signs.map(({ nonce }) => nonce)).size).toBe(2);
    for (const { wallet, nonce, sign } of signs) expect(await verify(nonce, sign, wallet)).toBe(true);
    expect(await verify(SESSION_ID, text(requests[1]?.body.session_id_sign), BOB)).toBe(true);
  });

  test.each([
    ["no wallet", { wallets: [] }],
    ["a wallet that is no address", { wallets: [ALICE, BOB, "canary"] }],
    ["a threshold of nought", { threshold: 0 }],
    ["a threshold above the wallets", { threshold: 4 }],
    ["half a threshold", { threshold: 1.5 }],
    ["too few seeds", { threshold: 3 }],
    ["a stranger's seed", { seeds: [`${PHRASE}//Bob`, `${PHRASE}//Dave`] }],
    ["the same seed twice", { seeds: [`${PHRASE}//Bob`, `${PHRASE}//Bob`] }],
  ])("with %s sends nothing", async (_, change) => {
    const { send, requests } = node();
    const error = await failure(clientOf(send, { credentials: { ...ACCOUNT, ...change } }).listTasks(NODE));
    expect(error.outcome).toBe("not-sent");
    expect(error.message).toMatch(/^could not use the multisignature account: /);
    expect(error.message).not.toMatch(/canary|bottom/);
    expect(requests).toHaveLength(0);
  });

  test("without seeds is asked for one", async () => {
    const { send } = node();
    const error = await failure(clientOf(send, { credentials: { ...ACCOUNT, seeds: [] } }).listTasks(NODE));
    expect(error.outcome).toBe("unauthorised");
  });
});

describe("a fingerprint", () => {
  test("is equal for a wallet and for the session that it hands out, and tells nothing", async () => {
    const { send } = node();
    const byWallet = clientOf(send, { credentials: WALLET });
    const pair = await byWallet.session(NODE);
    const bySession = clientOf(send, { credentials: { kind: "session", sessions: { "*": pair } } });
    const print = await byWallet.fingerprint(NODE);
    expect(await bySession.fingerprint(NODE)).toBe(print);
    expect(await bySession.fingerprint(NODE.toUpperCase())).toBe(print);
    expect(print).toMatch(/^[0-9a-f]{24}$/);
  });

  test("differs between nodes and between sessions", async () => {
    const of = (sessionId: string, id: string) =>
      clientOf(node().send, {
        credentials: { kind: "session", sessions: { "*": { sessionId, sessionSign: "aa" } } },
      }).fingerprint(id);
    const prints = await Promise.all([of("one", NODE), of("two", NODE), of("one", OTHER_NODE)]);
    expect(new Set(prints).size).toBe(3);
  });

  test("of an id that is no node's is refused in one sentence", async () => {
    const error = await failure(clientOf(node().send).fingerprint("canary"));
    expect(error.outcome).toBe("not-sent");
    expect(error.message).toBe(
      "could not get a session of a node: nodeId must be the 64 hexadecimal digits of a node",
    );
  });
});
