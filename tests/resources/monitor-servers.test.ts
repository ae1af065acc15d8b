import type { Values } from "../../provider/core/check";
import { UNKNOWN } from "../../provider/core/unknown";
import { monitorServers } from "../../provider/resources/monitor-servers";
import { alice, type FaultOrder, labNodes } from "../../simulator";
import { ENDS_OF_A_DELETE, UNCLEAR_ANSWERS } from "./answers";
import { ALICE, BOB, Lab, NODE, type Recorded } from "./lab";

const ZABBIX = "zabbix.example.com:10051";
const SECOND = "192.0.2.7:10051";
const THEIRS = "198.51.100.1:10051";
const urnOf = (name: string): string =>
  `urn:pulumi:dev::test::pulumi-nodejs:dynamic/dbc:MonitorServers::${name}`;
const args = (more: Values = {}): Values => ({
  __urn: urnOf("figures"),
  nodeId: NODE,
  servers: [ZABBIX],
  ...more,
});

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.open();
});
afterEach(() => lab.close());

const create = (more: Values = {}): Promise<Recorded> => lab.create(monitorServers, args(more));
/** The lists that a node holds, by wallet. */
const lists = (node: string = NODE) => lab.simulator.requireNode(node).monitors;
const set = (servers: readonly string[]) => {
  lists()[alice] = [...servers];
};

describe("fields", () => {
  test.each<[string, Values, RegExp]>([
    ["no node", { nodeId: undefined }, /^nodeId is missing/],
    ["no list", { servers: undefined }, /^servers is missing: it must be a list/],
    ["an empty list", { servers: [] }, /^servers must name one server or two; without any, leave/],
    ["three servers", { servers: ["a:1", "b:2", "c:3"] }, /^servers must name at most two servers/],
    ["no port", { servers: ["zabbix.example.com"] }, /^servers\[0\] must be a server and port such as/],
    ["port 0", { servers: [ZABBIX, "b:0"] }, /^servers\[1\] must have a port from 1 to 65535, not "b:0"/],
    ["a port beyond all", { servers: ["a:65536"] }, /^servers\[0\] must have a port from 1 to 65535/],
    ["IPv6, which the node can't read", { servers: ["[::1]:10051"] }, /^servers\[0\] must be a server/],
    ["an address with a scheme", { servers: ["http://a:1"] }, /^servers\[0\] must be a server/],
    ["the same server twice", { servers: [ZABBIX, ZABBIX] }, /^servers names zabbix\S+ twice/],
    ["a word for a flag", { adopt: "yes" }, /^adopt must be true or false/],
    ["an unknown field", { server: ZABBIX }, /^there is no field "server": did you mean servers\?/],
  ])("%s is refused at preview", async (_what, more, reason) => {
    const { reasons } = await lab.check(monitorServers, {}, args(more));
    expect(reasons).toEqual([expect.stringMatching(reason)]);
    expect(lab.simulator.requests).toEqual([]);
  });

  test("servers that only an up will tell pass, and nothing is asked", async () => {
    const { reasons } = await lab.check(monitorServers, {}, args({ servers: [UNKNOWN, UNKNOWN] }));
    expect(reasons).toEqual([]);
    expect(lab.writes()).toEqual([]);
  });

  test.each<[string, Values, Values, "nothing" | "update" | "replace", readonly string[]]>([
    ["nothing", {}, {}, "nothing", []],
    ["servers", {}, { servers: [SECOND] }, "update", [`monitor.set {"servers":["${SECOND}"]}`]],
    ["servers added", {}, { servers: [ZABBIX, SECOND] }, "update", ["monitor.set"]],
    ["adopt set", {}, { adopt: true }, "update", []],
    ["rentOrder set", {}, { rentOrder: "7" }, "update", []],
    ["nodeId", {}, { nodeId: labNodes.alice2 }, "replace", ["monitor.set", "monitor.set"]],
  ])("a change of %s", async (_what, before, after, did, writes) => {
    const made = await create(before);
    lab.simulator.clearRequests();
    const changed = await lab.update(monitorServers, made, args(after));
    expect(changed.did).toBe(did);
    expect(changed.state).toMatchObject({ ...after, phase: "ready" });
    expect(lab.writes()).toEqual(writes.map((write) => expect.stringContaining(write)));
    expect((await lab.update(monitorServers, changed, args(after))).did).toBe("nothing");
    const { nodeId, servers } = args(after);
    expect(lists(String(nodeId))[alice]).toEqual(servers);
  });

  test("two resources for one list are refused at preview, as they would undo each other", async () => {
    expect((await lab.check(monitorServers, {}, args())).reasons).toEqual([]);
    const other = args({ __urn: urnOf("more"), servers: [SECOND] });
    expect((await lab.check(monitorServers, {}, other)).reasons).toEqual([
      'nodeId is that of the MonitorServers "figures" too: an account has one list on a node, so name all servers there.',
    ]);
    lab.restart();
    for (const each of [args(), args(), { ...other, nodeId: labNodes.alice2 }])
      expect((await lab.check(monitorServers, {}, each)).reasons).toEqual([]);
  });

  test("a node of the older generation has no such list", async () => {
    lab.apiGeneration = "legacy";
    expect((await lab.check(monitorServers, {}, args())).reasons).toEqual([
      expect.stringMatching(/^MonitorServers can't be made here \(nodeId\): node .* of the older generation/),
    ]);
  });
});

describe("create", () => {
  test("sets the list, once", async () => {
    expect(await create({ servers: [ZABBIX, SECOND] })).toMatchObject({
      id: NODE,
      state: { nodeId: NODE, servers: [ZABBIX, SECOND], phase: "ready" },
    });
    expect(lab.writes()).toEqual([`monitor.set {"servers":["${ZABBIX}","${SECOND}"]}`]);
    expect(lists()).toEqual({ [alice]: [ZABBIX, SECOND] });
  });

  test("refuses to put out somebody else's list, unless it may", async () => {
    set([THEIRS]);
    await expect(create()).rejects.toThrow(
      /^the monitor servers of node \w{8}… are set already, to 198\.51\.100\.1:10051: add them to servers, or set adopt: true/,
    );
    expect(lab.writes()).toEqual([]);
    expect(await create({ adopt: true })).toMatchObject({ state: { phase: "ready" } });
    expect(lab.warnings.join()).toContain(`were ${THEIRS}, which this program's list replaces`);
    expect(lists()[alice]).toEqual([ZABBIX]);
  });

  test("takes a list that is there as it should be, in any order, as after a run that was killed", async () => {
    set([SECOND, ZABBIX]);
    expect(await create({ servers: [ZABBIX, SECOND] })).toMatchObject({ state: { phase: "ready" } });
    expect([lab.writes(), lab.warnings]).toEqual([[], []]);
  });

  test("adds to a list all of whose servers it names", async () => {
    set([THEIRS]);
    await create({ servers: [THEIRS, ZABBIX] });
    expect([lists()[alice], lab.warnings]).toEqual([[THEIRS, ZABBIX], []]);
  });

  test.each(UNCLEAR_ANSWERS)("%s is settled by looking", async (_what, fault) => {
    lab.simulator.arm({ ...fault, operation: "monitor.set" });
    expect(await create()).toMatchObject({ state: { phase: "ready" } });
    expect(lab.simulator.faults).toEqual([]);
    expect(lists()[alice]).toEqual([ZABBIX]);
  });

  test("an outcome that can't be settled is recorded, and the next up goes on", async () => {
    lab.simulator.arm({ kind: "lost-answer", operation: "monitor.set" });
    lab.simulator.arm({ kind: "http-error", operation: "monitor.list", times: null, after: 1 });
    const unclear = await create();
    expect(unclear).toMatchObject({
      id: NODE,
      state: { phase: "unknown" },
      reason: expect.stringMatching(/^nobody knows whether the monitor servers of node/),
    });
    lab.simulator.disarm();
    lab.restart();
    expect(await lab.update(monitorServers, unclear, args())).toMatchObject({
      did: "update",
      state: { phase: "ready" },
    });
    expect(lists()[alice]).toEqual([ZABBIX]);
  });

  test.each<[string, Values, FaultOrder | undefined, RegExp]>([
    ["a node that is not rented", { nodeId: labNodes.unrented }, undefined, /rent/],
    ["a node that nobody knows", { nodeId: "ee".repeat(32) }, undefined, /eeeeeeee…/],
    [
      "the node's own refusal",
      {},
      { kind: "refusal", code: 1, message: "server not match format ip:port" },
      /^could not set the monitor servers of node \w{8}…: the node said "server not match format ip:port"; write each/,
    ],
  ])("%s is one sentence", async (_what, more, fault, sentence) => {
    if (fault) lab.simulator.arm({ ...fault, operation: "monitor.set" });
    await expect(create(more)).rejects.toThrow(sentence);
    expect(lists()).toEqual({});
  });
});

describe("read", () => {
  test("another list is seen, and put right by the next up", async () => {
    const made = await create();
    set([THEIRS]);
    const seen = await lab.refresh(monitorServers, made);
    expect(seen?.state.servers).toEqual([THEIRS]);
    if (!seen) throw new Error("it is gone");
    expect((await lab.update(monitorServers, seen, args())).did).toBe("update");
    expect(lists()[alice]).toEqual([ZABBIX]);
  });

  test("another order is no difference", async () => {
    const made = await create({ servers: [ZABBIX, SECOND] });
    set([SECOND, ZABBIX]);
    expect((await lab.refresh(monitorServers, made))?.state).toEqual(made.state);
  });

  test("a node that is offline proves nothing, and another account's list is not ours", async () => {
    const made = await create();
    lab.restart(BOB);
    await expect(lab.refresh(monitorServers, made)).rejects.toThrow(/another account|not rented/);
    lab.restart(ALICE);
    await lab.simulator.setLink(NODE, "offline");
    await expect(lab.refresh(monitorServers, made)).rejects.toThrow(/./);
  });

  test("get reads a node's list and changes nothing", async () => {
    set([THEIRS]);
    expect(await lab.get(monitorServers, NODE)).toMatchObject({ nodeId: NODE, servers: [THEIRS] });
    await expect(lab.get(monitorServers, "nonsense")).rejects.toThrow(/is not the id of MonitorServers/);
    expect(lab.writes()).toEqual([]);
  });
});

describe("delete", () => {
  test.each(ENDS_OF_A_DELETE)(
    "with %s the list is empty afterwards, and a second one sends nothing",
    async (_what, fault) => {
      const made = await create();
      if (fault) lab.simulator.arm({ ...fault, operation: "monitor.set" });
      await lab.delete(monitorServers, made);
      expect(lists()[alice]).toEqual([]);
      lab.simulator.clearRequests();
      await lab.delete(monitorServers, made);
      expect(lab.writes()).toEqual([]);
    },
  );

  test("leaves what somebody else has added since", async () => {
    const made = await create();
    set([ZABBIX, THEIRS]);
    await lab.delete(monitorServers, made);
    expect(lists()[alice]).toEqual([THEIRS]);
  });

  test("one that can't be settled is an error, and kept", async () => {
    const made = await create();
    lab.simulator.arm({ kind: "lost-answer", operation: "monitor.set" });
    lab.simulator.arm({ kind: "http-error", operation: "monitor.list", times: null, after: 1 });
    await expect(lab.delete(monitorServers, made)).rejects.toThrow(
      /^nobody knows whether the monitor servers of node \w{8}… were cleared: .* Run the same command again\.$/,
    );
  });

  test("when the rental is over is done, and said", async () => {
    const made = await create();
    await lab.simulator.endRental(NODE);
    lab.restart();
    await lab.delete(monitorServers, made);
    expect(lab.warnings.join()).toMatch(/rental of node .* is over: the monitor servers .* are forgotten/);
  });

  test("through another account is refused", async () => {
    const made = await create();
    lab.restart(BOB);
    await expect(lab.delete(monitorServers, made)).rejects.toThrow(/another account|not rented/);
    expect(lists()[alice]).toEqual([ZABBIX]);
  });
});
