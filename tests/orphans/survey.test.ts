/** The orphan finder over HTTP: a node and its machine room, in virtual time. */
import type { Values } from "../../provider/core/check";
import { findOrphans } from "../../provider/orphans/find";
import { chooseOrphan, removeOrphan } from "../../provider/orphans/remove";
import { toJson, toText } from "../../provider/orphans/show";
import { Owned } from "../../provider/orphans/state";
import { lan } from "../../provider/resources/lan";
import { snapshot } from "../../provider/resources/snapshot";
import { vm } from "../../provider/resources/vm";
import { defaultWorld, labNodes } from "../../simulator";
import { alice, bob } from "../../simulator/world/default-world";
import { BOB, Lab, NODE, type Recorded } from "../resources/lab";
import { openLegacy } from "../resources/legacy-lab";
import { PROFILE } from "../resources/snapshot-lab";
import { args, KEY, OTHER, others } from "../resources/vm-args";
import { exported, stored } from "./exported";

const LAN_KEY = "pd1ccccccccccccccccccc";
const SNAPSHOT_KEY = "pd1ddddddddddddddddddd";
const VM_ID = `${NODE}/${KEY}`;

let lab: Lab;
afterEach(() => lab.close());

const ownedBy = (...states: string[]): Owned => {
  const owned = new Owned();
  for (const [index, state] of states.entries()) owned.add(state, `state ${index}`);
  return owned;
};
const recorded = (kind: string, { id, inputs, state }: Recorded): Values =>
  stored(kind, id, inputs, { outputs: { ...inputs, ...state } });
const EVERYWHERE = { nodes: [NODE], rentOrders: [], regions: [] };
const find = (owned: Owned, places = EVERYWHERE, wallet: string | undefined = alice) =>
  lab.run(findOrphans(lab.site, owned, places, wallet));
const remove = async (owned: Owned, id: string) =>
  lab.run(removeOrphan(lab.context({}), chooseOrphan(await find(owned), id)));

/** A VM with a LAN and a snapshot, another VM, and things of other people. */
const fill = async (): Promise<{ box: Recorded; other: Recorded; office: Recorded; copy: Recorded }> => {
  const office = await lab.create(lan, {
    __key: LAN_KEY,
    __urn: "urn:lan",
    nodeId: NODE,
    cidr: "10.20.0.0/24",
  });
  const box = await lab.create(vm, args({ dataDiskGib: 1, allowStop: true }));
  const other = await lab.create(vm, others());
  lab.restart();
  const copy = await lab.create(snapshot, {
    __key: SNAPSHOT_KEY,
    __urn: "urn:snapshot",
    __vm: { allowStop: true, status: "running" },
    vmId: VM_ID,
    name: "golden",
    imageServer: "lab",
    description: "before the course",
  });
  lab.restart();
  const { createTask, createLan } = lab.site.client;
  const byHand = {
    image: "ubuntu.qcow2",
    gpuCount: 0,
    cpuCores: 1,
    memoryGib: 2,
    diskGib: 1,
    sshPort: 20_099,
    vncPort: 5_999,
  };
  await lab.run(createTask(NODE, { ...byHand, taskId: "someoneelses12345678" }));
  await lab.run(createLan(NODE, { name: "office1", cidr: "10.30.0.0/24" }));
  return { box, other, office, copy };
};

test("it lists what no state owns, and deletes one of it at a time", async () => {
  lab = await Lab.open({ profile: PROFILE });
  const { box, other, office, copy } = await fill();
  // another renter of the same room works with this package too
  lab.restart(BOB);
  await lab.run(lab.site.client.createLan(labNodes.bob, { name: "pd1eeeeeee", cidr: "10.40.0.0/24" }));
  lab.restart({
    kind: "wallet",
    seed: "bottom drive obey lake curtain smoke basket hold race lonely fit walk//Alice",
  });
  const whole = exported([
    recorded("Vm", box),
    recorded("Vm", other),
    recorded("Lan", office),
    recorded("Snapshot", copy),
  ]);
  expect((await find(ownedBy(whole), { ...EVERYWHERE, nodes: [] })).orphans).toEqual([]);
  const mine = ownedBy(exported([recorded("Vm", other)]));
  lab.simulator.clearRequests();
  const findings = await find(mine);
  expect(lab.writes()).toEqual([]);
  expect(findings.failed).toEqual([]);
  const ids = [VM_ID, copy.id, office.id];
  expect(findings.orphans.map(({ id }) => id)).toEqual(ids);
  expect(toText(findings)).toContain(`${VM_ID}`);
  expect(JSON.parse(toJson(findings))).toMatchObject({
    orphans: [
      { kind: "Vm", status: "running", mark: KEY.slice(0, 20) },
      { kind: "Snapshot", mark: SNAPSHOT_KEY, about: `before the course [${SNAPSHOT_KEY}]` },
      { kind: "Lan", mark: LAN_KEY.slice(0, 10), about: `10.20.0.0/24 of ${alice}` },
    ],
    looked: [`node ${NODE}`],
    failed: [],
  });
  // what only stands on it keeps it
  expect((await find(ownedBy(exported([recorded("Snapshot", copy)])))).orphans.map(({ id }) => id)).toEqual([
    `${NODE}/${OTHER}`,
    office.id,
  ]);

  for (const [id, why] of [
    [other.id, "it belongs to a state that was given; use `pulumi destroy`."],
    [`${NODE}/someoneelses12345678`, "nothing says that pulumi-dbc has made it."],
    [`${NODE}/office1`, "nothing says that pulumi-dbc has made it."],
    [`${NODE}/pd1eeeeeee`, "none of the places that were looked at has it."],
  ] as const)
    await expect(remove(mine, id)).rejects.toThrow(`could not delete ${id}: ${why}`);
  expect(lab.writes()).toEqual([]);

  for (const id of [copy.id, VM_ID, office.id]) expect(await remove(mine, id)).toBe("gone");
  expect((await find(mine)).orphans).toEqual([]);
  expect(
    lab
      .tasks()
      .map(({ id }) => id)
      .sort(),
  ).toEqual([OTHER, "someoneelses12345678"]);
  expect(lab.simulator.world.lans.map(({ name }) => name).sort()).toEqual(["office1", "pd1eeeeeee"]);
});

test("what is known of the wallet only by the node's rental orders does as well", async () => {
  lab = await Lab.open();
  await lab.run(lab.site.client.createLan(NODE, { name: "pd1ccccccc", cidr: "10.20.0.0/24" }));
  lab.restart(BOB);
  await lab.run(lab.site.client.createLan(labNodes.bob, { name: "pd1eeeeeee", cidr: "10.40.0.0/24" }));
  const owned = ownedBy();
  const listed = async (nodeId: string) =>
    (await lab.run(findOrphans(lab.site, owned, { ...EVERYWHERE, nodes: [nodeId] }, undefined))).orphans;
  expect(await listed(labNodes.bob)).toMatchObject([
    { id: `${labNodes.bob}/pd1eeeeeee`, about: `10.40.0.0/24 of ${bob}` },
  ]);
});

test("one that never came up and can't be removed is listed, and said to stay", async () => {
  lab = await Lab.open();
  lab.simulator.arm({ kind: "define-error" });
  const failed = await lab.create(vm, args()).catch((error: unknown) => error);
  expect(failed).toMatchObject({ reason: expect.stringMatching(/./) });
  const findings = await find(ownedBy());
  expect(findings.orphans).toMatchObject([{ id: VM_ID, status: "create error" }]);
  expect(await remove(ownedBy(), VM_ID)).toBe("zombie");
});

test("a node that can't be asked keeps no other from it, and is named", async () => {
  lab = await Lab.open();
  await lab.create(vm, args());
  await lab.simulator.setLink(labNodes.alice2, "offline");
  const findings = await find(ownedBy(), {
    ...EVERYWHERE,
    nodes: [labNodes.alice2, NODE, labNodes.unrented],
  });
  expect(findings.orphans.map(({ id }) => id)).toEqual([VM_ID]);
  expect(findings.failed.map(({ place }) => place)).toEqual([
    `node ${labNodes.alice2}`,
    `node ${labNodes.unrented}`,
  ]);
  for (const { reason } of findings.failed) expect(reason).toMatch(/^could not /);
  expect(toText(findings)).toContain(`Nothing is known of node ${labNodes.alice2}: could not `);
});

test("on a node of the older generation only snapshots carry a mark", async () => {
  lab = await openLegacy();
  const made = await lab.create(vm, args());
  const findings = await find(ownedBy());
  expect(findings).toMatchObject({ orphans: [], failed: [] });
  expect(findings.seen.map(({ id }) => id)).toEqual([made.id.replace(KEY, String(made.state.taskId))]);
});

test("text of others that is shown does nothing to a terminal", async () => {
  lab = await Lab.open({ seed: defaultWorld });
  await lab.create(vm, args({ description: "\u001b[2J<{%bogus%}>\u202e" })).catch(() => undefined);
  const description = "a\u001b[2J<{%bogus%}>\u202eb";
  const findings = {
    orphans: [{ kind: "Vm" as const, id: VM_ID, status: description, createdAt: "", about: description }],
    seen: [],
    looked: [],
    failed: [{ place: description, reason: description }],
  };
  for (const text of [toText(findings), toJson(findings)]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]|<\{%/);
    expect(text).toContain("bogus");
  }
});
