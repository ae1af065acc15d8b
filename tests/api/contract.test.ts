/** What each call sends, exactly, and what it makes of the answer: over real HTTP, against the simulator. */
import { CONTRACTS, ContractLab, ROWS } from "./contract-lab";
import { NODE } from "./contract-row";

let lab: ContractLab;
beforeEach(async () => {
  lab = await ContractLab.open();
});
afterEach(() => lab.lab.close());

test("every call has its row", () => {
  // these two are made of the session, which `auth.test.ts` is about
  const others = ["endpoint", "session", "fingerprint"];
  // those that only the older generation has are in `legacy-rows.ts`
  others.push("generation", "listLegacySnapshots", "getLegacySnapshot", "createLegacySnapshot");
  others.push("listCentreImages", "downloadCentreImage", "uploadCentreImage");
  const calls = Object.keys(lab.client).filter((name) => !others.includes(name));
  expect([...new Set(CONTRACTS.map(({ method }) => method))].sort()).toEqual(calls.sort());
});

describe("the contract of", () => {
  test.each(ROWS)("%s", async (_, row) => {
    await lab.prepare(row.when);
    const seen = lab.lab.simulator.requests.length;
    expect(await lab.call(row.method, row.args)).toEqual(row.gives);
    const [request, ...more] = lab.left;
    expect(more).toEqual([]);
    expect(request?.method ?? "POST").toBe("POST");
    expect(request?.url).toBe(`${lab.lab.simulator.url}/api/v1${row.path}`);
    const { sessionId: session_id, sessionSign: session_id_sign } = lab.session;
    expect(JSON.parse(request?.body ?? "")).toStrictEqual({
      peer_nodes_list: row.local ? [] : [NODE],
      additional: row.additional ?? {},
      ...(!row.open && { session_id, session_id_sign }),
    });
    // as the simulator, which reads like the node, has understood it
    const [understood] = lab.lab.simulator.requests.slice(seen);
    expect(understood).toMatchObject({ operation: row.operation, status: 200, errcode: 0 });
    expect(understood).toMatchObject({
      auth: row.open ? "none" : "session",
      write: row.write === true && !row.local,
    });
    expect(request?.freshConnection).toBe(row.write ?? false);
  });

  test("a rental order, which goes along with every call to a node", async () => {
    for (const [, row] of ROWS.filter(([, { local, write }]) => !local && !write)) {
      lab.left.length = 0;
      const at = row.args.findLastIndex((arg) => typeof arg === "string") + 1;
      const given = typeof row.args[at] === "object" ? row.args[at] : {};
      await lab
        .call(row.method, [...row.args.slice(0, at), { ...given, rentOrder: "77" }])
        .catch(() => undefined);
      expect(lab.left.map(({ body }) => JSON.parse(body))).toEqual([
        expect.objectContaining({ rent_order: "77" }),
      ]);
    }
  });
});
