/** The table of a Vm's arguments: what each costs, and exactly what it sends. */
import { notesOf } from "../../provider/core/fields";
import { vm, vmShape } from "../../provider/resources/vm";
import { alice, defaultWorld, type LoggedRequest } from "../../simulator";
import { Lab, NODE, type Recorded } from "./lab";
import { args, KEY } from "./vm-args";
import { call, type Given, PLAIN, type Row, type Step } from "./vm-field-row";
import { ROWS } from "./vm-field-rows";

const plain = args();

const lan = (name: string) => ({ name, machineId: NODE, wallet: alice, cidr: "10.1.0.0/24" });
const order = (number: string) => ({ renter: alice, order: number });
const world = {
  ...defaultWorld,
  lans: [lan("office1"), lan("office2")],
  nodes: (defaultWorld.nodes ?? []).map((node) =>
    node.id === NODE
      ? {
          ...node,
          files: ["old.qcow2", "older.qcow2"],
          rentals: [...(node.rentals ?? []), order("77"), order("78")],
        }
      : node,
  ),
};

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.open({ seed: world });
});
afterEach(() => lab.close());

const shown = ({ method, path, additional, rentOrder, nodeId }: LoggedRequest): string => {
  const line = call(`${method} ${path.replace("/api/v1", "").replace(KEY, "<id>")}`, {
    ...(additional as object),
    ...(path.endsWith("/tasks/start") && { task_id: "<id>" }),
  });
  return `${line}${rentOrder && ` for ${rentOrder}`}${nodeId === NODE ? "" : ` on ${nodeId.slice(0, 2)}`}`;
};

/** The requests since `from`; equal ones in a row are one. */
const calls = (from: number): string[] =>
  lab.simulator.requests
    .slice(from)
    .map(shown)
    .filter((line, index, all) => line !== all[index - 1]);

/** What a machine is, and which boot of it runs. */
const machine = () => {
  const [task, ...more] = [NODE, "a2".repeat(32)].flatMap((nodeId) => lab.tasks(nodeId));
  if (!task || more.length > 0) throw new Error(`there are ${more.length + (task ? 1 : 0)} VMs`);
  return { uuid: task.uuid, domain: task.domain };
};

const starts = (made: readonly string[]) => made.filter((line) => line.startsWith("POST /tasks/start/<id>"));

/** Runs one step and holds its calls, and their effect on the machine, against what the field is said to cost. */
const take = async (name: keyof typeof ROWS, step: Step, recorded: Recorded, args: object) => {
  const [before, from] = [machine(), lab.simulator.requests.length];
  if (step.says !== undefined) {
    await expect(lab.update(vm, recorded, { ...args })).rejects.toThrow(new Error(step.says));
    expect(calls(from)).toEqual(step.calls);
    expect(machine()).toEqual(before);
    return recorded;
  }
  const next = await lab.update(vm, recorded, { ...args });
  const made = calls(from);
  expect(made).toEqual(step.calls);
  expect(next.reason).toBeUndefined();
  expect(next.state).toMatchObject({ phase: "ready" });
  const { cost } = notesOf(vmShape[name]);
  expect(next.did).toBe(step.same ? "nothing" : cost === "replace" ? "replace" : "update");
  const isNew = machine().uuid !== before.uuid;
  expect(isNew).toBe(cost === "replace" && !step.same);
  if (cost === "stateOnly" || step.same) expect(made).toEqual([]);
  if (cost === "live" && name !== "powerState") expect(starts(made)).toEqual([]);
  if (cost === "needsStop") expect(starts(made)).toHaveLength(1);
  const running = "powerState" in args && args.powerState === "stopped" ? "shutoff" : "running";
  expect(machine().domain).toBe(running);
  return next;
};

const names = Object.keys(ROWS) as (keyof typeof ROWS)[];
const rows: readonly (readonly [keyof typeof ROWS, Row])[] = names.map((name) => [name, ROWS[name]]);

test("every argument has its row, and every row each of its steps", () => {
  expect([...names].sort()).toEqual(Object.keys(vmShape).sort());
  for (const [name, { required, steps }] of rows) {
    expect([name, !vmShape[name].safeParse(undefined).success]).toEqual([name, required === true]);
    const does = new Set(steps.map((step) => step.does));
    expect([name, [...does].sort()]).toEqual([name, EXPECTED[name] ?? (required ? ["changes"] : ALL)]);
  }
});

const ALL = ["changes", "removes", "sets"];
/** `gpuCount` is 0 unless given; a data disk always is there; a VM is adopted only when its resource is made. */
const EXPECTED: Readonly<Partial<Record<string, string[]>>> = {
  gpuCount: ["changes", "removes"],
  dataDiskGib: ["changes"],
  adoptTaskId: ["changes"],
};

/** These travel beside the parameters of a request, not among them. */
const BESIDE = ["peer_nodes_list", "rent_order"];

describe("a create", () => {
  const created = rows.flatMap(([name, { create }]) => (create ? [[name, ...create] as const] : []));
  test.each(created)("with %s sends it as the node reads it", async (name, given: Given, body) => {
    const made = await lab.create(vm, { ...plain, ...given });
    expect(made.state).toMatchObject({ phase: "ready" });
    const [sent, ...more] = lab.simulator.requests.filter(({ operation }) => operation === "tasks.create");
    expect(more).toEqual([]);
    expect(sent?.additional).toEqual(JSON.parse(JSON.stringify({ ...PLAIN, task_id: KEY, ...body })));
    expect(sent?.nodeId).toBe(given.nodeId ?? NODE);
    expect(sent?.rentOrder).toBe(given.rentOrder ?? "");
    const { wire } = notesOf(vmShape[name]);
    if (wire !== undefined && !BESIDE.includes(wire)) expect(Object.keys(body)).toContain(wire);
    else expect(body).toEqual({});
  });
});

describe("an up that", () => {
  test.each(rows)("touches %s", async (name, { from, steps }) => {
    // in another place a plan asks about the place, which is not the step's doing
    lab.asks = !["nodeId", "lan", "rentOrder"].includes(name);
    let args: Record<string, unknown> = { ...plain, ...from };
    let recorded: Recorded = await lab.create(vm, args);
    for (const step of steps) {
      const next = { ...args, ...step.to };
      recorded = await take(name, step, recorded, next);
      if (step.says === undefined) args = next;
    }
    const requests = lab.simulator.requests.length;
    expect(await lab.update(vm, recorded, args)).toMatchObject({ did: "nothing" });
    expect(lab.simulator.requests).toHaveLength(requests);
  });
});

describe("a change that needs the VM off", () => {
  const changes = rows.flatMap(([name, { steps }]) => {
    const [allowed] = steps.filter(({ to }) => to.allowStop === true);
    return allowed && name !== "allowStop" ? [[name, { [name]: allowed.to[name] }] as const] : [];
  });
  test("is tried for each field that says so", () => {
    const costly = names.filter((name) => notesOf(vmShape[name]).cost === "needsStop");
    expect(changes.map(([name]) => name).sort()).toEqual(costly.sort());
  });

  test.each(changes)("of %s asks for no consent of a VM that is off, and leaves it off", async (_, to) => {
    const made = await lab.create(vm, { ...plain, powerState: "stopped" });
    const from = lab.simulator.requests.length;
    const changed = await lab.update(vm, made, { ...plain, powerState: "stopped", ...to });
    expect(changed.state).toMatchObject({ phase: "ready", status: "closed", ...to });
    expect(calls(from).filter((line) => /(start|poweroff)\/<id>/.test(line))).toEqual([]);
    expect(machine().domain).toBe("shutoff");
  });

  test.each(changes)("of %s is done once the run consents", async (_, to) => {
    const made = await lab.create(vm, plain);
    lab.restart(undefined, { allowStop: true });
    const changed = await lab.update(vm, made, { ...plain, ...to });
    expect(changed.state).toMatchObject({ phase: "ready", status: "running", ...to });
    expect(machine().domain).toBe("running");
  });
});
