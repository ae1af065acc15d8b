import type { Values } from "../../provider/core/check";
import { lan } from "../../provider/resources/lan";
import { vm } from "../../provider/resources/vm";
import { type FaultOrder, labNodes, profiles } from "../../simulator";
import { ENDS_OF_A_DELETE, UNCLEAR_ANSWERS } from "./answers";
import { vmArgs } from "./disks-lab";
import { ALICE, BOB, Lab, NODE, type Recorded } from "./lab";

const KEY = "pd1lanlanlanlanlanlan0";
const NAME = KEY.slice(0, 10);
const urnOf = (name: string): string => `urn:pulumi:dev::test::pulumi-nodejs:dynamic/dbc:Lan::${name}`;
const args = (more: Values = {}): Values => ({
  __key: KEY,
  __urn: urnOf("office"),
  nodeId: NODE,
  cidr: "10.20.0.0/24",
  ...more,
});

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.open();
  lab.simulator.world.lans = [];
});
afterEach(() => lab.close());

const create = (more: Values = {}): Promise<Recorded> => lab.create(lan, args(more));
const lans = () => lab.simulator.world.lans;

describe("fields", () => {
  test.each<[string, Values, RegExp]>([
    ["no node", { nodeId: undefined }, /^nodeId is missing/],
    ["no range", { cidr: undefined }, /^cidr is missing: it must be a range of addresses/],
    ["a name that is too short", { name: "short" }, /^name must be 6 to 10 letters or digits/],
    ["a name that is too long", { name: "elevenchars" }, /^name must be 6 to 10 letters or digits/],
    ["a dash in the name", { name: "my-lan1" }, /^name must be 6 to 10 letters or digits/],
    ["words for a range", { cidr: "office" }, /^cidr must be a range of addresses such as "10.0.0.0\/24"/],
    ["an address without a length", { cidr: "10.0.0.0" }, /^cidr must be a range/],
    ["a byte beyond 255", { cidr: "10.0.256.0/24" }, /^cidr must be a range/],
    ["IPv6", { cidr: "fd00::/64" }, /^cidr must be a range/],
    ["too few addresses", { cidr: "10.0.0.0/30" }, /^cidr must have a length from \/8 to \/29/],
    ["too many addresses", { cidr: "10.0.0.0/7" }, /^cidr must have a length from/],
    [
      "an address within",
      { cidr: "10.0.0.7/24" },
      /^cidr must begin with its first address: 10\.0\.0\.0\/24/,
    ],
    [
      "the node's own range",
      { cidr: "192.168.122.0/24" },
      /^cidr 192.168.122.0\/24 overlaps 192.168.122.0\/24/,
    ],
    ["what holds the node's own range", { cidr: "192.168.0.0/16" }, /which every node uses itself/],
    ["a word for a flag", { adopt: "yes" }, /^adopt must be true or false/],
    ["a wire name", { network_name: "office1" }, /^there is no field "network_name"/],
  ])("%s is refused at preview", async (_what, more, reason) => {
    const { reasons } = await lab.check(lan, {}, args(more));
    expect(reasons).toEqual([expect.stringMatching(reason)]);
    expect(lab.simulator.requests).toEqual([]);
  });

  test.each<[string, Values, Values, "nothing" | "update" | "replace"]>([
    ["nothing", {}, {}, "nothing"],
    ["nodeId", {}, { nodeId: labNodes.alice2 }, "replace"],
    ["name set", {}, { name: "office1" }, "replace"],
    ["name changed", { name: "office1" }, { name: "office2" }, "replace"],
    ["name removed", { name: "office1" }, {}, "replace"],
    ["name, that made from the key written out", {}, { name: NAME }, "nothing"],
    ["cidr", {}, { cidr: "10.21.0.0/24" }, "replace"],
    ["adopt set", {}, { adopt: true }, "update"],
    ["adopt removed", { adopt: true }, {}, "update"],
    ["rentOrder set", {}, { rentOrder: "7" }, "update"],
    ["timeouts set", {}, { timeouts: { delete: "2h" } }, "update"],
    ["timeouts removed", { timeouts: { delete: "2h" } }, {}, "update"],
  ])("a change of %s", async (_what, before, after, did) => {
    const made = await create(before);
    lab.simulator.clearRequests();
    const changed = await lab.update(lan, made, args(after));
    expect(changed.did).toBe(did);
    expect(changed.state).toMatchObject({ ...after, phase: "ready" });
    if (did === "replace") {
      const writes = lab.writes().map((line) => line.split(" ")[0]);
      expect(writes).toEqual(["lan.delete", "lan.create"]);
      expect(lans()).toHaveLength(1);
    } else expect(lab.simulator.requests).toEqual([]);
    expect((await lab.update(lan, changed, args(after))).did).toBe("nothing");
  });

  test("ranges that overlap on one node are refused at preview, in any order", async () => {
    const other = args({ __key: "pd2", __urn: urnOf("lab"), cidr: "10.20.0.128/25" });
    expect((await lab.check(lan, {}, args())).reasons).toEqual([]);
    expect((await lab.check(lan, {}, other)).reasons).toEqual([
      'cidr 10.20.0.128/25 overlaps 10.20.0.0/24 of the Lan "office" on the same node: give each its own range.',
    ]);
    lab.restart();
    expect((await lab.check(lan, {}, other)).reasons).toEqual([]);
    expect((await lab.check(lan, args(), args())).reasons).toEqual([
      expect.stringContaining('of the Lan "lab" on the same node'),
    ]);
    // beside each other, on another node, or checked twice: no overlap
    lab.restart();
    for (const each of [
      args(),
      args(),
      { ...other, cidr: "10.20.1.0/24" },
      { ...other, nodeId: labNodes.alice2, __urn: urnOf("far") },
    ])
      expect((await lab.check(lan, {}, each)).reasons).toEqual([]);
  });
});

describe("create", () => {
  test("makes a LAN whose name comes from the key and fits the node's rule", async () => {
    const made = await create();
    expect(NAME).toMatch(/^[0-9A-Za-z]{6,10}$/);
    expect(made).toMatchObject({
      id: `${NODE}/${NAME}`,
      state: { name: NAME, cidr: "10.20.0.0/24", phase: "ready", renter: expect.stringMatching(/^5/) },
    });
    expect(lab.writes()).toEqual([`lan.create {"network_name":"${NAME}","ip_cidr":"10.20.0.0/24"}`]);
    expect(lans().map(({ name }) => name)).toEqual([NAME]);
  });

  test.each(UNCLEAR_ANSWERS)("%s is settled by looking: one LAN, and it is ours", async (_what, fault) => {
    for (const more of [{}, { name: "office1", __urn: urnOf("b"), cidr: "10.9.0.0/24" }]) {
      lab.simulator.arm({ ...fault, operation: "lan.create" });
      expect(await create(more)).toMatchObject({ state: { phase: "ready" } });
    }
    expect(lab.simulator.faults).toEqual([]);
    expect(lans()).toHaveLength(2);
  });

  test("goes on with the one that an interrupted run began, by the name of its key", async () => {
    await lab.run(lab.site.client.createLan(NODE, { name: NAME, cidr: "10.20.0.0/24" }));
    lab.restart();
    expect(await create()).toMatchObject({ id: `${NODE}/${NAME}`, state: { phase: "ready" } });
    expect(lab.warnings.join()).toMatch(/was begun by a run that did not end/);
    expect(lans()).toHaveLength(1);
  });

  test("makes the one that an interrupted run began anew when its range was changed since", async () => {
    await lab.run(lab.site.client.createLan(NODE, { name: NAME, cidr: "10.20.0.0/24" }));
    lab.restart();
    const made = await create({ cidr: "10.21.0.0/24" });
    expect(made).toMatchObject({ id: `${NODE}/${NAME}`, state: { phase: "ready", cidr: "10.21.0.0/24" } });
    expect(lab.warnings.join()).toMatch(
      /was begun by a run that did not end, with the range 10\.20\.0\.0\/24: it is deleted, and made with 10\.21\.0\.0\/24\.$/,
    );
    expect(lans().map(({ cidr }) => cidr)).toEqual(["10.21.0.0/24"]);
  });

  test("refuses one that exists, unless it is to be adopted as it is", async () => {
    await lab.run(lab.site.client.createLan(NODE, { name: "office1", cidr: "10.20.0.0/24" }));
    lab.simulator.clearRequests();
    await expect(create({ name: "office1" })).rejects.toThrow(
      /^LAN office1 on node .* exists already: choose another name, or set adopt: true/,
    );
    await expect(create({ name: "office1", adopt: true, cidr: "10.21.0.0/24" })).rejects.toThrow(
      /has the range 10\.20\.0\.0\/24, not 10\.21\.0\.0\/24/,
    );
    expect(await create({ name: "office1", adopt: true })).toMatchObject({ state: { phase: "ready" } });
    expect(lab.writes()).toEqual([]);
  });

  test("never takes one that somebody else makes at the same moment", async () => {
    lab.simulator.arm({
      kind: "refusal",
      operation: "lan.create",
      code: -3,
      message: "network name already existed",
    });
    await expect(create({ name: "office1" })).rejects.toThrow(/the machine room has a LAN of this name/);
  });

  test.each<[string, Values | undefined, FaultOrder | undefined, RegExp]>([
    ["a node that is not rented", { nodeId: labNodes.unrented }, undefined, /rent/],
    ["a node that nobody knows", { nodeId: "ee".repeat(32) }, undefined, /eeeeeeee…/],
    [
      "a room that is full",
      undefined,
      { kind: "refusal", message: "network vni is full" },
      /no room for another LAN/,
    ],
    [
      "a script of the node that fails",
      undefined,
      { kind: "refusal", message: "write network db failed" },
      /./,
    ],
  ])("%s is one sentence", async (_what, more, fault, sentence) => {
    if (fault) lab.simulator.arm({ ...fault, operation: "lan.create", times: null });
    const made = await create(more).catch((error: unknown) => error);
    expect(made instanceof Error ? made.message : (made as Recorded).reason).toMatch(sentence);
    expect(lans()).toHaveLength(0);
  });

  test("an outcome that can't be settled is recorded, and the next up goes on", async () => {
    lab.simulator.arm({ kind: "lost-answer", operation: "lan.create" });
    lab.simulator.arm({ kind: "http-error", operation: "lan.list", times: null, after: 1 });
    const unclear = await create();
    expect(unclear).toMatchObject({
      state: { phase: "unknown" },
      reason: expect.stringMatching(/^nobody knows/),
    });
    lab.simulator.disarm();
    lab.restart();
    expect(await lab.update(lan, unclear, args())).toMatchObject({
      did: "update",
      state: { phase: "ready" },
    });
    expect(lans()).toHaveLength(1);
  });

  test("its VMs tell their local addresses", async () => {
    await create();
    const box = await lab.create(vm, vmArgs({ lan: NAME }));
    const seen = await lab.refresh(vm, box);
    expect(seen?.state.localAddresses).toEqual([expect.stringMatching(/^10\.20\.0\.\d+$/)]);
  });
});

describe("read", () => {
  test("one that nobody has used for three days is gone, which is no error", async () => {
    const made = await create();
    lab.restart();
    expect((await lab.refresh(lan, made))?.state).toMatchObject(made.state);
    await lab.run(lab.clock.sleep(4 * 24 * 3_600_000));
    lab.restart();
    expect(await lab.refresh(lan, made)).toBeUndefined();
    expect(await create()).toMatchObject({ state: { phase: "ready" } });
  });

  test("another range is seen", async () => {
    const made = await create();
    lab.simulator.world.lans = lans().map((each) => ({ ...each, cidr: "10.99.0.0/24" }));
    expect((await lab.refresh(lan, made))?.state.cidr).toBe("10.99.0.0/24");
  });

  test("a node that is offline proves nothing", async () => {
    const made = await create();
    await lab.simulator.setLink(NODE, "offline");
    await expect(lab.refresh(lan, made)).rejects.toThrow(/./);
  });

  test("get finds one by its name", async () => {
    await create();
    expect(await lab.get(lan, `${NODE}/${NAME}`)).toMatchObject({ name: NAME, cidr: "10.20.0.0/24" });
    await expect(lab.get(lan, `${NODE}/nothing`)).rejects.toThrow(/there is no Lan with the id/);
    await expect(lab.get(lan, "nonsense")).rejects.toThrow(/is not the id of a Lan/);
  });
});

describe("delete", () => {
  test.each(ENDS_OF_A_DELETE)("with %s it is gone afterwards", async (_what, fault) => {
    const made = await create();
    if (fault) lab.simulator.arm({ ...fault, operation: "lan.delete" });
    await lab.delete(lan, made);
    expect(lans()).toEqual([]);
    await lab.delete(lan, made);
  });

  test("waits for a VM that the same run deletes, though its delete begins later", async () => {
    const made = await create();
    const box = await lab.create(vm, vmArgs({ lan: NAME }));
    lab.simulator.setProfile({ ...profiles.fast, remove: [60_000, 60_000] });
    const network = lab.delete(lan, made);
    const machine = (async () => {
      await lab.clock.sleep(3_000);
      await lab.delete(vm, box);
    })();
    await lab.run(Promise.all([network, machine]));
    expect(lans()).toEqual([]);
    expect(lab.tasks()).toEqual([]);
  });

  test("in use by another VM is refused, and says by which", async () => {
    const made = await create();
    const box = await lab.create(vm, vmArgs({ lan: NAME }));
    const begun = lab.clock.now();
    await expect(lab.delete(lan, made)).rejects.toThrow(
      new RegExp(`is in use by VM ${String(box.state.taskId)}, which this run does not delete`),
    );
    expect(lab.clock.now() - begun).toBeLessThan(30_000);
    expect(lans()).toHaveLength(1);
  });

  test("of one that was adopted from another account forgets it, and says so", async () => {
    lab.restart(BOB);
    const bobs = labNodes.bob;
    await lab.run(lab.site.client.createLan(bobs, { name: "office1", cidr: "10.20.0.0/24" }));
    const [theirs] = lans();
    if (!theirs) throw new Error("there is no LAN");
    lab.simulator.world.lans = [{ ...theirs, room: lab.simulator.requireNode(NODE).room }];
    lab.restart(ALICE);
    const made = await create({ name: "office1", adopt: true });
    await lab.delete(lan, made);
    expect(lab.warnings.join()).toMatch(/belongs to another account: it is forgotten here, and stays/);
    expect(lans()).toHaveLength(1);
  });

  test("when the rental is over is done, and said", async () => {
    const made = await create();
    await lab.simulator.endRental(NODE);
    lab.restart();
    await lab.delete(lan, made);
    expect(lab.warnings.join()).toMatch(/rental of node .* is over/);
  });

  test("through another account is refused", async () => {
    const made = await create();
    lab.restart(BOB);
    await expect(lab.delete(lan, made)).rejects.toThrow(/another account|not rented|authority/);
    expect(lans()).toHaveLength(1);
  });
});
