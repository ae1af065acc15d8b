import { type Generation, generationOf } from "../../provider/api/dbc/legacy/generation";
import type { DbcClient } from "../../provider/api/dbc/types";
import { clientOf, failure, NODE, OTHER_NODE, ok, recordingSend, refusal, TASK } from "./fakes";
import { LEGACY_ROWS, LEGACY_VERBS } from "./legacy-rows";

const WALLET = {
  kind: "wallet",
  seed: "bottom drive obey lake curtain smoke basket hold race lonely fit walk//Alice",
} as const;

/** A client that speaks the older generation to every node, and what it has sent. */
const legacyClient = (answer: () => ReturnType<typeof ok>, credentials?: typeof WALLET) => {
  const { send, requests } = recordingSend(answer);
  return {
    requests,
    client: clientOf(send, { apiGeneration: "legacy", ...(credentials && { credentials }) }),
  };
};

test("there are the twelve calls of the two documents", () => {
  expect(LEGACY_ROWS.map(({ source }) => source.slice(0, 11))).toEqual(
    ["000", "003"].flatMap((seed) => [1, 2, 3, 4, 5, 6].map((number) => `seed ${seed}, ${number}`)),
  );
});

describe.each([...LEGACY_ROWS, ...LEGACY_VERBS])("$name ($source)", (row) => {
  const credentials = row.path.endsWith("session_id") ? WALLET : undefined;

  test("sends what that time knew, and reads its answer", async () => {
    const { client, requests } = legacyClient(() => ok(row.message), credentials);
    expect(await row.call(client)).toEqual(row.gives);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.request.url).toBe(`http://127.0.0.1:5002/api/v1${row.path}`);
    expect(requests[0]?.request.freshConnection).toBe(row.write);
    expect(requests[0]?.body).toMatchObject({ peer_nodes_list: [NODE] });
    expect(requests[0]?.body.additional).toEqual(row.additional);
  });

  test(`is refused in the words of that time: ${row.refusal[1]}`, async () => {
    const [errcode, message, outcome] = row.refusal;
    const { client } = legacyClient(() => refusal(errcode, message), credentials);
    const error = await failure(row.call(client));
    expect(error.outcome).toBe(outcome);
    expect(error.said).toBe(message);
  });
});

test("a snapshot without disks is of all disks, and always described", async () => {
  const { client, requests } = legacyClient(() => ok({ snapshot_name: "s", status: "creating" }));
  await client.createLegacySnapshot(NODE, TASK, { name: "s", description: "why" });
  expect(requests[0]?.body.additional).toEqual({ snapshot_name: "s", description: "why" });
  const error = await failure(client.createLegacySnapshot(NODE, TASK, { name: "s", description: "" }));
  expect(error).toMatchObject({ outcome: "not-sent", message: expect.stringContaining("description") });
});

test.each(["create", "delete"])("a snapshot can't be named like a verb of the path: %s", async (name) => {
  const { client, requests } = legacyClient(() => ok("ok"));
  const error = await failure(client.createLegacySnapshot(NODE, TASK, { name, description: "d" }));
  expect(error).toMatchObject({
    outcome: "not-sent",
    message: expect.stringContaining("neither create nor"),
  });
  expect(requests).toEqual([]);
});

test("a VM whose node forgot what it is made of has no VNC port", async () => {
  const detail = {
    task_id: TASK,
    cpu_cores: 0,
    gpu_count: 0,
    mem_size: "0G",
    vnc_port: "-1",
    status: "closed",
  };
  const { client } = legacyClient(() => ok(detail));
  expect((await client.getTask(NODE, TASK)).vncPort).toBeUndefined();
});

const LACKING: Readonly<Record<string, (client: DbcClient) => Promise<unknown>>> = {
  modifyTask: (client) => client.modifyTask(NODE, TASK, { publicIp: undefined, cpuCores: 2 }),
  setPassword: (client) => client.setPassword(NODE, TASK, { username: "a", password: "b" }),
  listDisks: (client) => client.listDisks(NODE, TASK),
  growDisk: (client) => client.growDisk(NODE, TASK, "vdb", 1),
  addDisk: (client) => client.addDisk(NODE, TASK, { sizeGib: 1, directory: "/data" }),
  deleteDisk: (client) => client.deleteDisk(NODE, TASK, "vdb"),
  downloadImage: (client) =>
    client.downloadImage(NODE, { imageServer: "lab", name: "x.qcow2", directory: "/data" }),
  uploadImage: (client) => client.uploadImage(NODE, { imageServer: "lab", path: "/data/x.qcow2" }),
  deleteImage: (client) => client.deleteImage(NODE, "x.qcow2"),
  createSnapshot: (client) => client.createSnapshot(NODE, TASK, { name: "s", imageServer: "lab" }),
  deleteSnapshot: (client) => client.deleteSnapshot(NODE, TASK, "s"),
  getLan: (client) => client.getLan(NODE, "office1"),
  createLan: (client) => client.createLan(NODE, { name: "office1", cidr: "10.0.0.0/24" }),
  getMonitorServers: (client) => client.getMonitorServers(NODE),
  setMonitorServers: (client) => client.setMonitorServers(NODE, ["a.example:10051"]),
  listRentOrders: (client) => client.listRentOrders(NODE),
};

test.each(Object.entries(LACKING))("%s is refused here, with nothing sent", async (_name, call) => {
  const { client, requests } = legacyClient(() => ok("ok"));
  const error = await failure(call(client));
  expect(error.outcome).toBe("refused");
  expect(error.message).toMatch(
    / node 8ebced8f…: it is a node of the older generation of the API \(before 0\.3\.9\.8\)/,
  );
  expect(requests).toEqual([]);
});

test("the reverse: what only the older generation knows is not sent to a current node", async () => {
  const { send, requests } = recordingSend(() => ok("ok"));
  const client = clientOf(send, { apiGeneration: "current" });
  for (const call of [
    () => client.listLegacySnapshots(NODE, TASK),
    () => client.createLegacySnapshot(NODE, TASK, { name: "s", description: "d" }),
    () => client.listCentreImages(NODE),
    () => client.uploadCentreImage(NODE, "x.qcow2"),
    () => client.downloadCentreImage(NODE, "x.qcow2"),
  ])
    expect((await failure(call())).message).toContain("this is one of the current generation");
  expect(requests).toEqual([]);
});

describe("the generation of a node", () => {
  test.each<[string | undefined, Generation | undefined]>([
    ["0.3.7.9", "legacy"],
    ["0.3.7.10", "legacy"],
    ["0.3.9.7", "legacy"],
    ["0.3.9.8", "current"],
    ["0.3.10.0", "current"],
    ["0.4.0.0", "current"],
    ["0.4.1.8", "current"],
    ["1.0", "current"],
    ["0.3", "legacy"],
    ["N/A", undefined],
    ["", undefined],
    ["0.4.1.8-beta", undefined],
    [undefined, undefined],
  ])("version %s is %s", (version, generation) => {
    expect(generationOf(version)).toBe(generation);
  });

  const table = (versions: Readonly<Record<string, string>>) => ({
    mining_nodes: Object.entries(versions).map(([node_id, version]) => ({ node_id, name: "n", version })),
  });

  test("auto asks the client node once for all nodes", async () => {
    const { send, requests } = recordingSend((request) =>
      request.url.endsWith("/mining_nodes")
        ? ok(table({ [NODE]: "0.3.7.9", [OTHER_NODE]: "0.4.1.8" }))
        : ok("ok"),
    );
    const client = clientOf(send, { apiGeneration: "auto" });
    await Promise.all([client.poweroffTask(NODE, TASK), client.poweroffTask(OTHER_NODE, TASK)]);
    await client.poweroffTask(NODE, TASK);
    expect(requests.map(({ request }) => request.url.replace(/^.*\/v1/, "")).sort()).toEqual([
      "/mining_nodes",
      `/tasks/poweroff/${TASK}`,
      `/tasks/stop/${TASK}`,
      `/tasks/stop/${TASK}`,
    ]);
  });

  test("a version that the table lacks is asked of the node itself", async () => {
    const { send, requests } = recordingSend((_request, body) =>
      (body.peer_nodes_list as unknown[]).length === 0
        ? ok(table({ [NODE]: "N/A" }))
        : ok({ ...Object(LEGACY_ROWS[0]?.message), version: "0.3.7.3" }),
    );
    const client = clientOf(send, { apiGeneration: "auto" });
    expect(await client.generation(NODE)).toBe("legacy");
    expect(await client.generation(NODE)).toBe("legacy");
    expect(requests).toHaveLength(2);
  });

  test("without any version nothing is guessed, and nothing sent", async () => {
    const { send, requests } = recordingSend((_request, body) =>
      (body.peer_nodes_list as unknown[]).length === 0
        ? ok(table({}))
        : ok({ ...Object(LEGACY_ROWS[0]?.message), version: "" }),
    );
    const client = clientOf(send, { apiGeneration: "auto" });
    const error = await failure(client.deleteTask(NODE, TASK));
    expect(error).toMatchObject({
      outcome: "unavailable",
      message:
        "could not tell the API generation of node 8ebced8f…: it tells no version; set dbc:apiGeneration or DBC_API_GENERATION to current or legacy",
    });
    expect(requests.every(({ request }) => request.url.endsWith("/mining_nodes"))).toBe(true);
  });

  test("a table that could not be read is asked for again", async () => {
    let broken = true;
    const { send } = recordingSend(() =>
      broken ? refusal(-1, "list mining nodes timeout", 500) : ok(table({ [NODE]: "0.3.7.9" })),
    );
    const client = clientOf(send, { apiGeneration: "auto" });
    expect((await failure(client.generation(NODE))).outcome).toBe("unavailable");
    broken = false;
    expect(await client.generation(NODE)).toBe("legacy");
  });

  test.each(["current", "legacy"] as const)("set to %s, nobody is asked", async (apiGeneration) => {
    const { send, requests } = recordingSend(() => ok("ok"));
    expect(await clientOf(send, { apiGeneration }).generation(NODE)).toBe(apiGeneration);
    expect(requests).toEqual([]);
  });
});
