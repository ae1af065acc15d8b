/**
 * The rows of the fault model that are a node's, a wallet's or a clock's doing: what a list says is changed on its way
 * over a real socket; what a node does is done by the simulated one.
 */
import type { Values } from "../../provider/core/check";
import * as lifecycle from "../../provider/core/lifecycle";
import type { Definition, Shape } from "../../provider/core/resource";
import type { Site } from "../../provider/resources/site";
import { vm } from "../../provider/resources/vm";
import { alice, bob, defaultWorld, profiles } from "../../simulator";
import { ALICE, BOB, Lab, NODE, type Recorded } from "../resources/lab";
import { args, KEY, sentenceOf } from "../resources/vm-args";
import { BadWire, type Spoil, said } from "./bad-wire";
import { tally } from "./tally";

const { passed } = tally("fault rows, of the node");
let lab: Lab;
let wire: BadWire;
beforeEach(async () => {
  lab = await Lab.open();
  wire = await BadWire.open(lab.simulator.url);
  lab.seam = (effects) => ({ ...effects, send: (request) => effects.send(wire.aim(request)) });
  restart();
});
afterEach(async () => {
  await wire.close();
  await lab.close();
});

const restart = (credentials = ALICE) => lab.restart(credentials, { endpoint: wire.url });
const definition = vm as unknown as Definition<Shape, Site>;
const LIST = /\/tasks$/;
const CREATE = /\/tasks\/start$/;

interface Listed {
  readonly task_id: string;
  readonly status: string;
}
/** A list as it came, with other entries. */
const listing =
  (change: (items: readonly Listed[], nth: number) => readonly Listed[]): Spoil =>
  (socket, answer) => {
    const body = JSON.parse(answer.subarray(answer.indexOf("\r\n\r\n") + 4).toString("utf8"));
    const message = change(body.message, wire.struck);
    socket.write(said(200, JSON.stringify({ ...body, message })));
  };
const says =
  (...statuses: readonly string[]) =>
  (items: readonly Listed[], nth: number): readonly Listed[] =>
    items.map((item) => ({ ...item, status: statuses[nth - 1] ?? item.status }));
const lists = (change: Parameters<typeof listing>[0], times: number): void =>
  wire.arm({ path: LIST, times, deliveries: 1, spoil: listing(change) });

/** Every row of ours that a node really has; failed ones are named apart. */
const alive = () => lab.tasks().filter(({ status }) => status !== "create error");
const create = (more: Values = {}): Promise<Recorded> => lab.create(vm, args(more));
/** Begins a create, and gives it back when the node has the VM in its list. */
const begun = async (more: Values = {}): Promise<{ work: Promise<Recorded> }> => {
  const work = create(more);
  while (lab.tasks().length === 0) await lab.clock.advanceToNext();
  return { work };
};
const told = (): string[] => [...lab.warnings, ...lab.progress];
/** What an up makes of what was recorded, with one VM at its end and none after a destroy. */
const endsWell = async (recorded: Recorded): Promise<void> => {
  const now = await lab.update(vm, recorded, args());
  expect(now.reason).toBeUndefined();
  expect(now.state).toMatchObject({ phase: "ready", status: "running" });
  expect(alive().map(({ status }) => status)).toEqual(["running"]);
  await lab.delete(vm, now);
  expect(alive()).toEqual([]);
  for (const text of told()) expect(text).not.toContain(String(now.state.password));
};

describe("8. a create that is delivered again after its VM was deleted", () => {
  test("while the delete still looks: it is deleted too", async () => {
    const { sessionId, sessionSign } = await lab.run(lab.site.client.session(NODE));
    // a session has no nonce, so that nothing keeps the second delivery out
    restart({ kind: "session", sessions: { "*": { sessionId, sessionSign } } });
    const whole: Spoil = (socket, answer) => void socket.write(answer);
    wire.arm({ path: CREATE, times: 1, deliveries: 1, spoil: whole, keep: true });
    const made = await create();
    const work = lab.delete(vm, made);
    while (alive().length > 0) await lab.clock.advanceToNext();
    expect(await wire.again()).toContain(`"errcode":0`);
    expect(alive()).toHaveLength(1);
    await work;
    expect(lab.tasks()).toEqual([]);
    passed();
  });
});

describe("17. a list that a foreign description breaks", () => {
  test("after the create was sent with an unknown outcome: it is recorded as unknown, and the next up ends it", async () => {
    lab.simulator.arm({ kind: "lost-answer", operation: "tasks.create" });
    const work = create();
    while (lab.tasks().length === 0) await lab.clock.settle();
    await lab.simulator.setTask(NODE, KEY, { description: 'a "quote"' });
    const lost = await work;
    expect(lost.reason).toMatch(/^nobody knows whether VM .* was made: .*breaks the node's JSON/);
    expect(lost.state).toMatchObject({ phase: "unknown" });
    expect(alive()).toHaveLength(1);
    for (const attempt of [lab.refresh(vm, lost), lab.delete(vm, { ...lost, state: short(lost) })])
      expect(await sentenceOf(lab, attempt)).toMatch(/breaks the node's JSON/);
    expect(alive()).toHaveLength(1);
    await lab.simulator.setTask(NODE, KEY, { description: "" });
    await endsWell(lost);
    passed();
  });
});
const short = ({ state }: Recorded): Values => ({ ...state, timeouts: { delete: "1m" } });

describe("18. a list that lacks the VM once", () => {
  const lacks = () => lists(() => [], 1);
  test("during a create", async () => {
    const { work } = await begun();
    lacks();
    const made = await work;
    expect(wire.struck).toBe(1);
    expect(made.reason).toBeUndefined();
    expect(alive()).toHaveLength(1);
    await endsWell(made);
    passed();
  });
  test("at a refresh", async () => {
    const made = await create();
    restart();
    lacks();
    expect((await lab.refresh(vm, made))?.state).toEqual(made.state);
    expect(wire.struck).toBe(1);
    await endsWell(made);
    passed();
  });
  test("at a delete", async () => {
    const made = await create();
    restart();
    lacks();
    await lab.delete(vm, made);
    expect(wire.struck).toBe(1);
    expect(lab.tasks()).toEqual([]);
    passed();
  });
  test("at an update", async () => {
    const made = await create();
    restart();
    lacks();
    const now = await lab.update(vm, made, args({ sshPort: 20_023 }));
    expect(wire.struck).toBe(1);
    expect(alive().map(({ id }) => id)).toEqual([KEY]);
    await endsWell(now);
    passed();
  });
});

test("19. a list of another wallet's: nothing is judged by it, and nothing is done", async () => {
  await lab.simulator.seed({
    ...defaultWorld,
    nodes: (defaultWorld.nodes ?? []).map((node) =>
      node.id === NODE ? { ...node, rentals: [alice, bob].map((renter) => ({ renter })) } : node,
    ),
  });
  const made = await create();
  restart(BOB);
  expect(await lab.run(lab.site.client.listTasks(NODE))).toEqual([]);
  lab.simulator.clearRequests();
  for (const attempt of [
    () => lab.refresh(vm, made),
    () => lab.update(vm, made, args({ sshPort: 20_023 })),
    () => lab.delete(vm, made),
  ])
    expect(await sentenceOf(lab, attempt())).toMatch(
      /was recorded through another account than the one in use/,
    );
  expect(lab.writes()).toEqual([]);
  restart(ALICE);
  await endsWell(made);
  passed();
});

describe("22. a status that flaps, and a word that nobody knows", () => {
  test.each([
    ["running, then creating again", ["running", "creating", "creating"]],
    ["a word that nobody knows", ["contemplating", "contemplating", "contemplating"]],
    ["none, again and again", ["none", "creating", "none", "creating"]],
    ["an error, once", ["creating", "create error", "creating"]],
  ])("during a create: %s", async (_, statuses) => {
    const { work } = await begun();
    lists(says(...statuses), statuses.length);
    const made = await work;
    expect(wire.struck).toBeGreaterThan(0);
    expect(made.reason).toBeUndefined();
    wire.arm(undefined);
    await endsWell(made);
    passed();
  });
  test("at a refresh the unknown word is shown, and nothing is changed for it", async () => {
    const made = await create();
    await lab.simulator.setTask(NODE, KEY, { status: "contemplating" as never });
    restart();
    const seen = await lab.refresh(vm, made);
    expect(seen?.state).toMatchObject({ ...made.state, status: "contemplating" });
    if (!seen) throw new Error("it is there");
    lab.simulator.clearRequests();
    expect(await lab.update(vm, seen, args())).toMatchObject({ did: "nothing" });
    expect(lab.writes()).toEqual([]);
    await lab.simulator.setTask(NODE, KEY, { status: "running" });
    await endsWell(made);
    passed();
  });
});

test("23. a create that does not end: partial state at the deadline, and no verb takes it for something else", async () => {
  const HOUR = 3_600_000;
  lab.simulator.setProfile({ ...profiles.fast, define: [10 * HOUR, 10 * HOUR] });
  const stuck = await create({ timeouts: { create: "10m", delete: "10m" } });
  expect(stuck.reason).toMatch(/^gave up creating VM .* after 10 min.*; last status: creating/);
  expect(stuck.state).toMatchObject({ phase: "creating", status: "creating", taskId: KEY });
  expect((await lab.refresh(vm, stuck))?.state).toMatchObject({ phase: "creating" });
  // a node deletes nothing that it is still making
  expect(await sentenceOf(lab, lab.delete(vm, stuck))).toMatch(
    /^gave up deleting VM .*; last seen: creating$/,
  );
  expect(alive()).toHaveLength(1);
  await lab.simulator.advance(10 * HOUR);
  await endsWell(stuck);
  passed();
});

test("24. a create that fails at the node: recorded as failed, and replaced by the next up", async () => {
  lab.simulator.arm({ kind: "boot-error" });
  const failed = await create();
  expect(failed.reason).toMatch(/the node reports "create error" for VM /);
  expect(failed.state).toMatchObject({ phase: "failed" });
  const again = await lab.update(vm, failed, args());
  expect(again).toMatchObject({ did: "replace", state: { phase: "ready" } });
  await endsWell(again);
  passed();
});

describe("25. an error, and then success", () => {
  test("seen by the next refresh: it is healed, and is the same VM", async () => {
    const { work } = await begun();
    lists(says("create error", "create error", "create error"), 3);
    const failed = await work;
    expect(failed.state).toMatchObject({ phase: "failed", taskId: KEY });
    wire.arm(undefined);
    restart();
    await lab.simulator.advance(60_000);
    expect(alive()).toHaveLength(1);
    const seen = await lab.refresh(vm, failed);
    expect(seen?.state).toMatchObject({ status: "running", taskId: KEY });
    if (!seen) throw new Error("it is there");
    const now = await lab.update(vm, seen, args());
    expect(now).toMatchObject({ did: "update", state: { phase: "ready", taskId: KEY } });
    await endsWell(now);
    passed();
  });
});

describe("26. a node that goes off line while its VM is made", () => {
  test("for a minute: waited for", async () => {
    const { work } = await begun();
    await lab.simulator.setLink(NODE, "offline");
    lab.clock.at(lab.clock.time() + 60_000, () => void lab.simulator.setLink(NODE, "online"));
    const made = await work;
    expect(made.reason).toBeUndefined();
    await endsWell(made);
    passed();
  });
  test("for ever: partial state, and no verb forgets it", async () => {
    const { work } = await begun({ timeouts: { create: "10m", delete: "1m" } });
    await lab.simulator.setLink(NODE, "offline");
    const lost = await work;
    expect(lost.reason).toMatch(/^gave up creating VM .*; at last /);
    expect(lost.state).toMatchObject({ phase: "creating", taskId: KEY });
    restart();
    for (const attempt of [() => lab.refresh(vm, lost), () => lab.delete(vm, lost)])
      expect(await sentenceOf(lab, attempt())).toMatch(/client node/);
    expect(alive()).toHaveLength(1);
    await lab.simulator.setLink(NODE, "online");
    await lab.simulator.advance(60_000);
    restart();
    await endsWell(lost);
    passed();
  });
});

describe("27. a VM that is deleted behind our back", () => {
  const vanish = () => void delete lab.simulator.requireNode(NODE).tasks[KEY];
  test("while it is made: recorded as unknown, and made anew by the next up", async () => {
    lab.simulator.setProfile({ ...profiles.fast, define: [120_000, 120_000] });
    const { work } = await begun();
    vanish();
    const lost = await work;
    expect(lost.reason).toMatch(/is no longer listed by its node/);
    expect(lost.state).toMatchObject({ phase: "unknown" });
    lab.simulator.setProfile(profiles.fast);
    restart();
    await endsWell(lost);
    passed();
  });
  test("later: a refresh forgets it, and a delete succeeds", async () => {
    const made = await create();
    vanish();
    restart();
    expect(await lab.refresh(vm, made)).toBeUndefined();
    await lab.delete(vm, made);
    expect(lab.writes().filter((write) => write.startsWith("tasks.delete"))).toEqual([]);
    passed();
  });
});

describe("28. a VM that is changed behind our back: an update mends it, never a replacement", () => {
  test.each<[string, () => Promise<void>, Values]>([
    ["stopped", () => lab.run(lab.site.client.poweroffTask(NODE, KEY)), { powerState: "running" }],
    ["another port", () => lab.simulator.setTask(NODE, KEY, { sshPort: 20_999 }), {}],
    ["an address", () => lab.simulator.setTask(NODE, KEY, { publicIp: "198.51.100.9" }), {}],
  ])("%s", async (name, change, more) => {
    const made = await create(more);
    await change();
    await lab.simulator.advance(10_000);
    restart();
    const seen = await lab.refresh(vm, made);
    if (!seen) throw new Error("it is there");
    expect(seen.state).not.toEqual(made.state);
    const now = await lab.update(vm, seen, args(more));
    // an address that nobody asked for is somebody's, and stays
    expect(now.did).toBe(name === "an address" ? "nothing" : "update");
    expect(now.state).toMatchObject({ taskId: KEY, phase: "ready", status: "running" });
    if (name === "another port") expect(now.state).toMatchObject({ sshPort: 20_022 });
    await lab.delete(vm, now);
    expect(lab.tasks()).toEqual([]);
    passed();
  });
});

describe('29. "task not exist" from a delete while the VM is listed', () => {
  test("for a while: deleted in the end", async () => {
    const made = await create();
    lab.simulator.arm({ kind: "task-not-exist", operation: "tasks.delete", times: 2 });
    await lab.delete(vm, made);
    expect(lab.tasks()).toEqual([]);
    passed();
  });
  test("for ever: it throws, and the VM stays in the state", async () => {
    const made = await create({ timeouts: { delete: "5m" } });
    lab.simulator.arm({ kind: "task-not-exist", operation: "tasks.delete", times: null });
    expect(await sentenceOf(lab, lab.delete(vm, made))).toMatch(
      /^gave up deleting VM .* after \d+ min.*; it stays in the state; last seen: running$/,
    );
    expect(alive()).toHaveLength(1);
    lab.simulator.disarm();
    await endsWell(made);
    passed();
  });
});

describe("31. a clock that jumps", () => {
  test.each([3_600_000, -3_600_000])("the wall clock, by %d ms: nothing is judged by it", async (jump) => {
    let shift = 0;
    const seam = lab.seam;
    lab.seam = (effects) => {
      const { clock, ...others } = seam(effects);
      const today = () => new Date(clock.today().getTime() + shift);
      return { ...others, clock: { now: () => clock.now(), sleep: (...of) => clock.sleep(...of), today } };
    };
    restart();
    const { work } = await begun();
    shift = jump;
    const made = await work;
    expect(made.reason).toBeUndefined();
    expect((await lab.refresh(vm, made))?.state).toEqual(made.state);
    await endsWell(made);
    passed();
  });
  test("a machine that sleeps for five hours in the middle of a create: at worst the next up goes on", async () => {
    let shift = 0;
    const seam = lab.seam;
    lab.seam = (effects) => {
      const { clock, ...others } = seam(effects);
      const now = () => clock.now() + shift;
      return { ...others, clock: { now, sleep: (...of) => clock.sleep(...of), today: () => clock.today() } };
    };
    lab.simulator.setProfile({ ...profiles.fast, define: [600_000, 600_000] });
    restart();
    const { work } = await begun();
    shift = 5 * 3_600_000;
    const made = await work;
    expect(made.state).toMatchObject({ taskId: KEY, phase: "creating" });
    expect(made.reason).toMatch(/the next `pulumi up` goes on with it/);
    restart();
    await endsWell(made);
    passed();
  });
});

describe("36. fifty creates at once on a node without room for all", () => {
  const keys = Array.from({ length: 50 }, (_, at) => `pd1${String(at).padStart(2, "0").repeat(9)}z`);
  const wishes = keys.map((__key, at) =>
    args({ __key, __urn: `urn:${at}`, cpuCores: 4, sshPort: 21_000 + at, vncPort: 6_000 + at }),
  );
  const isPlanned = /cpuCores: the VMs of this program ask node a1a1a1a1… for \d+ cores together/;
  const isRefused = /could not create VM .*the node said "allocate cpu failed"; ask for fewer cores/;

  test.each([
    ["planned as a whole", true, isPlanned],
    ["each by itself", false, isRefused],
  ])("%s: each is made once, or refused in a sentence", async (_, together, sentence) => {
    const inputs: Awaited<ReturnType<Lab["check"]>>[] = [];
    for (const wish of wishes) {
      // a plan of its own for each, as when they belong to different programs
      if (!together) restart();
      inputs.push(await lab.check(vm, {}, wish));
    }
    restart();
    const made: Recorded[] = [];
    const refused = inputs.flatMap(({ reasons }) => reasons);
    await Promise.all(
      inputs.map(async ({ inputs: checked, reasons }) => {
        if (reasons.length > 0) return;
        const work = lifecycle.create(definition, lab.context(checked), checked);
        await lab.run(work).then(
          (one) => made.push({ ...one, inputs: checked }),
          (error: unknown) => refused.push(String(error)),
        );
      }),
    );
    expect([made.length > 10, made.length + refused.length]).toEqual([true, 50]);
    // a node counts only what runs already, and so may take more than it has at the same time
    if (together) expect(refused.length).toBeGreaterThan(0);
    for (const text of refused) expect(text).toMatch(sentence);
    for (const { state } of made) expect(state).toMatchObject({ phase: "ready", status: "running" });
    expect(new Set(alive().map(({ id }) => id))).toEqual(new Set(made.map(({ state }) => state.taskId)));
    await Promise.all(made.map((each) => lab.delete(vm, each)));
    expect(lab.tasks()).toEqual([]);
    passed();
  });
});
