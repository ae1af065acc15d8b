/** Every row of the fault model, for each verb that it applies to: class, state left, what is there, what is told. */
import { vm } from "../../provider/resources/vm";
import { defaultWorld } from "../../simulator";
import { ALICE, Lab, type Recorded } from "../resources/lab";
import { args, KEY } from "../resources/vm-args";
import { BadWire, type Fault } from "./bad-wire";
import { FAULT_ROWS, type FaultRow } from "./fault-rows";
import { tally } from "./tally";

let lab: Lab;
let wire: BadWire;
const { passed } = tally("fault rows, on the wire");
beforeAll(async () => {
  lab = await Lab.open();
  wire = await BadWire.open(lab.simulator.url);
  lab.seam = (effects) => ({ ...effects, send: (request) => effects.send(wire.aim(request)) });
});
beforeEach(async () => {
  wire.arm(undefined);
  await lab.simulator.seed(defaultWorld);
  lab.warnings.length = 0;
  lab.progress.length = 0;
  restart();
});
afterAll(async () => {
  await wire.close();
  await lab.close();
});

const restart = () => lab.restart(ALICE, { endpoint: wire.url });

const CREATE = /\/tasks\/start$/;
const LIST = /\/tasks$/;
const DELETE = /\/tasks\/delete\//;
const ANY = /./;

const arm = (row: FaultRow, path: RegExp, deliveries: Fault["deliveries"], times = 1): void =>
  wire.arm({
    path,
    times,
    deliveries,
    spoil: row.spoil ?? (() => undefined),
    ...(row.url !== undefined && { url: row.url }),
    ...(row.endless && { endless: true }),
  });

const sentenceOf = async (work: Promise<unknown>): Promise<string | undefined> => {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
const UNFIT = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]|<\{%/;

/** Nothing that was told holds a secret, or text that does something to a terminal or to the engine. */
const expectFit = async (...told: readonly (string | undefined)[]): Promise<void> => {
  wire.arm(undefined);
  restart();
  const { sessionId, sessionSign } = await lab.run(lab.site.client.session(args().nodeId as string));
  for (const text of [...told, ...lab.warnings, ...lab.progress]) {
    if (text === undefined) continue;
    expect(text).not.toContain(sessionId);
    expect(text).not.toContain(sessionSign);
    expect(text).not.toMatch(UNFIT);
    expect(text.length).toBeLessThanOrEqual(700);
  }
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
};

const alive = () => lab.tasks().filter(({ status }) => status !== "create error");

const isPassing = (row: FaultRow) => row.class !== "refused" || row.passes === true;
const rows = FAULT_ROWS.map((row) => [row.row, row.name, row] as const);
const ordered = rows.flatMap(([number, name, row]) =>
  // what is certain to have been before any effect had none
  ([0, ...(row.class === "unknown" ? ([1] as const) : [])] as const).map(
    (deliveries) => [number, name, deliveries === 1 ? "with" : "without", row, deliveries] as const,
  ),
);

describe("an order to create that ends with", () => {
  test.each(ordered)("%d. %s, %s its effect", async (_, _name, _with, row, deliveries) => {
    arm(row, CREATE, deliveries);
    let made: Recorded | undefined;
    const said = await sentenceOf(
      lab.create(vm, args()).then((recorded) => {
        made = recorded;
      }),
    );
    expect(wire.struck).toBe(1);
    if (row.class === "unknown") {
      expect(said).toBeUndefined();
      expect(made).toMatchObject({ id: expect.stringContaining(KEY), state: { phase: "ready" } });
      expect(made?.reason).toBeUndefined();
      expect(alive()).toHaveLength(1);
    } else {
      expect(said).toMatch(/^could not create VM /);
      expect(lab.tasks()).toHaveLength(0);
      await expectFit(said);
      expect((await lab.create(vm, args())).state).toMatchObject({ phase: "ready" });
    }
    await expectFit(said, made?.reason);
    passed();
  });
});

describe("a look before a create that ends with", () => {
  test.each(rows)("%d. %s: nothing is sent and nothing recorded", async (_, _name, row) => {
    arm(row, LIST, 0, 99);
    const said = await sentenceOf(lab.create(vm, args()));
    expect(wire.struck).toBeGreaterThan(0);
    expect(said).toMatch(/^could not /);
    expect(lab.writes()).toEqual([]);
    await expectFit(said);
    passed();
  });
});

describe("a look during a create that ends with", () => {
  test.each(rows.filter(([, , row]) => isPassing(row)))("%d. %s is made again", async (_, _name, row) => {
    const work = lab.create(vm, args());
    while (lab.tasks().length === 0) await lab.clock.advanceToNext();
    arm(row, LIST, 0, 2);
    const made = await work;
    expect(wire.struck).toBe(2);
    expect(made.reason).toBeUndefined();
    expect(made.state).toMatchObject({ phase: "ready" });
    await expectFit();
    passed();
  });

  test.each(rows.filter(([, , row]) => !isPassing(row)))("%d. %s loses nothing", async (_, _name, row) => {
    const work = lab.create(vm, args());
    while (lab.tasks().length === 0) await lab.clock.advanceToNext();
    arm(row, LIST, 0, 99);
    const made = await sentenceOf(work.then((recorded) => expect(recorded.reason).toMatch(/./)));
    expect(made).toBeUndefined();
    const recorded = await work;
    expect(recorded.state).toMatchObject({ phase: "creating", taskId: KEY });
    await expectFit(recorded.reason);
    restart();
    expect((await lab.update(vm, recorded, args())).state).toMatchObject({ phase: "ready" });
    expect(alive()).toHaveLength(1);
    passed();
  });
});

describe("a refresh that meets nothing but", () => {
  test.each(rows)("%d. %s throws, and the VM is kept", async (_, _name, row) => {
    const made = await lab.create(vm, args());
    for (const path of [ANY, LIST, new RegExp(`/tasks/${KEY}$`)]) {
      restart();
      arm(row, path, 0, 99);
      const said = await sentenceOf(lab.refresh(vm, made).then((seen) => expect(seen).toBe("an error")));
      expect(wire.struck).toBeGreaterThan(0);
      expect(said).toMatch(/^could not /);
      await expectFit(said);
    }
    wire.arm(undefined);
    restart();
    expect((await lab.refresh(vm, made))?.state).toEqual(made.state);
    passed();
  });
});

describe("an order to delete that ends with", () => {
  test.each(ordered)("%d. %s, %s its effect", async (_, _name, _with, row, deliveries) => {
    const made = await lab.create(vm, args());
    arm(row, DELETE, deliveries);
    const said = await sentenceOf(lab.delete(vm, made));
    expect(wire.struck).toBe(1);
    // whoever says that it is gone must be right; whoever says no has done nothing
    expect(alive()).toHaveLength(said === undefined ? 0 : 1);
    if (row.class !== "refused") expect(said).toBeUndefined();
    await expectFit(said);
    if (said !== undefined) await lab.delete(vm, made);
    expect(lab.tasks()).toHaveLength(0);
    passed();
  });
});

describe("an order that arrives otherwise than it was sent", () => {
  const whole: Fault["spoil"] = (socket, answer) => void socket.write(answer);

  test("7. twice: one VM, and it is gone once", async () => {
    wire.arm({ path: CREATE, times: 1, deliveries: 2, spoil: whole });
    const made = await lab.create(vm, args());
    expect(wire.struck).toBe(1);
    expect(made).toMatchObject({ state: { phase: "ready", taskId: KEY } });
    expect(alive()).toHaveLength(1);
    wire.arm({ path: DELETE, times: 1, deliveries: 2, spoil: whole });
    await lab.delete(vm, made);
    expect(wire.struck).toBe(1);
    expect(lab.tasks()).toHaveLength(0);
    passed();
  });

  test.each([45, 70, 120])("5. %d s later: one VM, and none is left", async (seconds) => {
    lab.simulator.arm({ kind: "late-effect", operation: "tasks.create", seconds });
    const made = await lab.create(vm, args());
    expect(made).toMatchObject({ state: { phase: "ready", taskId: KEY } });
    await lab.simulator.advance(180_000);
    expect(alive()).toHaveLength(1);
    lab.simulator.arm({ kind: "late-effect", operation: "tasks.delete", seconds });
    await lab.delete(vm, made);
    await lab.simulator.advance(180_000);
    expect(lab.tasks()).toHaveLength(0);
    passed();
  });
});
