/** Renamed in the program, a resource is made anew before the old one ends: what both stand for must stay. */
import type { Values } from "../../provider/core/check";
import type { Definition, Shape } from "../../provider/core/resource";
import { image } from "../../provider/resources/image";
import { lan } from "../../provider/resources/lan";
import { monitorServers } from "../../provider/resources/monitor-servers";
import type { Site } from "../../provider/resources/site";
import { vm } from "../../provider/resources/vm";
import { alice } from "../../simulator";
import { DiskLab, VM_KEY } from "./disks-lab";
import { Lab, NODE, type Recorded } from "./lab";
import { openLegacy } from "./legacy-lab";
import { args as vmArgs } from "./vm-args";

const urn = (name: string, stack = "dev"): string =>
  `urn:pulumi:${stack}::test::pulumi-nodejs:dynamic/dbc:Any::${name}`;
const ZABBIX = "zabbix.example.com:10051";
const SECOND = "192.0.2.7:10051";

let lab: Lab;
afterEach(() => lab.close());

interface Kind {
  readonly definition: Definition<Shape, Site>;
  readonly olds: Values;
  /** What a program writes for the renamed one. */
  readonly news: Values;
  /** What it is called in the warning. */
  readonly what: RegExp;
  /** Whether the thing is there. */
  readonly there: () => boolean;
}

const kinds: Readonly<Record<string, Kind>> = {
  "a Vm": {
    definition: vm as unknown as Definition<Shape, Site>,
    olds: vmArgs({ deletionProtection: true }),
    news: vmArgs({ __key: "pd1eeeeeeeeeeeeeeeeeee", adoptTaskId: VM_KEY }),
    what: /^VM pd1a+ on node a1a1a1a1…/,
    there: () => lab.tasks().length === 1,
  },
  "a Lan": {
    definition: lan as unknown as Definition<Shape, Site>,
    olds: { nodeId: NODE, name: "office1", cidr: "10.20.0.0/24" },
    news: { nodeId: NODE, name: "office1", cidr: "10.20.0.0/24", adopt: true },
    what: /^LAN office1 on node a1a1a1a1…/,
    there: () => lab.simulator.world.lans.some(({ name }) => name === "office1"),
  },
  "an Image": {
    definition: image as unknown as Definition<Shape, Site>,
    olds: { nodeId: NODE, name: "pytorch.qcow2", imageServer: "lab", deleteFromNode: true },
    news: { nodeId: NODE, name: "pytorch.qcow2", imageServer: "lab", deleteFromNode: true },
    what: /^image pytorch\.qcow2 on node a1a1a1a1…/,
    there: () => lab.simulator.requireNode(NODE).images.some(({ name }) => name === "pytorch.qcow2"),
  },
  "a list of monitor servers": {
    definition: monitorServers as unknown as Definition<Shape, Site>,
    olds: { nodeId: NODE, servers: [ZABBIX] },
    news: { nodeId: NODE, servers: [ZABBIX] },
    what: /^the sending of figures from node a1a1a1a1… to zabbix\.example\.com:10051/,
    there: () => lab.simulator.requireNode(NODE).monitors[alice]?.includes(ZABBIX) === true,
  },
};

const stays = (what: RegExp, title: string): RegExp =>
  new RegExp(
    `${what.source} stays, because the resource "${title}" of this program stands for it now; the old entry is only forgotten\\.$`,
  );

describe.each(Object.entries(kinds))("%s", (_name, { definition, olds, news, what, there }) => {
  beforeEach(async () => {
    lab = await Lab.open();
  });
  const end = async (made: Recorded) => {
    lab.warnings.length = 0;
    lab.simulator.clearRequests();
    await lab.delete(definition, made);
  };

  test("that is renamed stays when the old one ends, and goes with the new one", async () => {
    const old = await lab.create(definition, { ...olds, __urn: urn("a") });
    lab.restart();
    const renamed = await lab.create(definition, { ...news, __urn: urn("b") });
    expect(renamed.id).toBe(old.id);
    await end(old);
    expect([there(), lab.writes()]).toEqual([true, []]);
    expect(lab.warnings).toEqual([expect.stringMatching(stays(what, "b"))]);
    // a destroy, in a process of its own
    lab.restart();
    await end(renamed);
    expect([there(), lab.warnings]).toEqual([false, []]);
  });

  test("stays when the old one ends in a later up, which leaves the new one as it is", async () => {
    const old = await lab.create(definition, { ...olds, __urn: urn("a") });
    lab.restart();
    const renamed = await lab.create(definition, { ...news, __urn: urn("b") });
    lab.restart();
    const same = await lab.update(definition, renamed, { ...news, __urn: urn("b") });
    expect(same.did).toBe("nothing");
    await end(old);
    expect(there()).toBe(true);
    expect(lab.warnings).toEqual([expect.stringMatching(stays(what, "b"))]);
  });

  test("a destroy holds nothing back, whichever of the two is first", async () => {
    const { deletionProtection: _, ...unprotected } = olds;
    const old = await lab.create(definition, { ...unprotected, __urn: urn("a") });
    lab.restart();
    await lab.create(definition, { ...news, __urn: urn("b") });
    lab.restart();
    await end(old);
    expect([there(), lab.warnings]).toEqual([false, []]);
  });

  test("another stack holds nothing", async () => {
    const { deletionProtection: _, ...unprotected } = olds;
    const old = await lab.create(definition, { ...unprotected, __urn: urn("a") });
    lab.restart();
    await lab.create(definition, { ...news, __urn: urn("b", "prod") });
    await end(old);
    expect([there(), lab.warnings]).toEqual([false, []]);
  });

  test("one that has ended holds nothing", async () => {
    const { deletionProtection: _, ...unprotected } = olds;
    const old = await lab.create(definition, { ...unprotected, __urn: urn("a") });
    lab.restart();
    await end(await lab.create(definition, { ...news, __urn: urn("b") }));
    expect([there(), lab.warnings]).toEqual([false, []]);
    await end(old);
    expect([there(), lab.warnings]).toEqual([false, []]);
  });

  test("renamed with an alias it ends as ever, under the name that its state has", async () => {
    const { deletionProtection: _, ...unprotected } = olds;
    const old = await lab.create(definition, { ...unprotected, __urn: urn("a") });
    lab.restart();
    const same = await lab.update(definition, old, { ...unprotected, __urn: urn("b") });
    // the engine deletes by what is recorded
    await end({ ...same, inputs: same.state });
    expect([there(), lab.warnings]).toEqual([false, []]);
  });
});

describe.each(["an Image", "a list of monitor servers"])("%s", (name) => {
  test("that is made anew under its own name before the old one ends stays", async () => {
    const { definition, olds, there } = kinds[name] as Kind;
    lab = await Lab.open();
    const inputs = { ...olds, __urn: urn("a") };
    const old = await lab.create(definition, inputs);
    lab.restart();
    await lab.update(definition, old, inputs);
    await lab.create(definition, inputs);
    await lab.delete(definition, old);
    expect(there()).toBe(true);
    expect(lab.warnings).toEqual([expect.stringContaining('the resource "a" of this program stands for it')]);
  });
});

test("of two lists of monitor servers, what only the old one has goes", async () => {
  lab = await Lab.open();
  const list = (name: string, servers: readonly string[]) => ({
    __urn: urn(name),
    nodeId: NODE,
    servers,
    adopt: true,
  });
  const old = await lab.create(monitorServers, list("a", [ZABBIX, SECOND]));
  lab.restart();
  await lab.create(monitorServers, list("b", [SECOND]));
  const { monitors } = lab.simulator.requireNode(NODE);
  monitors[alice] = [ZABBIX, SECOND];
  lab.warnings.length = 0;
  await lab.delete(monitorServers, old);
  expect(monitors[alice]).toEqual([SECOND]);
  expect(lab.warnings).toEqual([
    `the sending of figures from node a1a1a1a1… to ${SECOND} stays, because the resource "b" of this program stands for it now; the old entry is only forgotten.`,
  ]);
});

test("one whose create failed holds nothing", async () => {
  lab = await Lab.open();
  const old = await lab.create(vm, vmArgs({ __urn: urn("a") }));
  lab.restart();
  const news = vmArgs({ __key: "pd1eeeeeeeeeeeeeeeeeee", adoptTaskId: VM_KEY, cpuCores: 8 });
  await expect(lab.create(vm, { ...news, __urn: urn("b") })).rejects.toThrow(/can't adopt/);
  await lab.delete(vm, old);
  expect([lab.tasks(), lab.warnings]).toEqual([[], []]);
});

test("a VM of the older generation stays, also when only its order was known", async () => {
  lab = await openLegacy();
  lab.simulator.arm({ kind: "timeout", operation: "tasks.create" });
  const lost = await lab.create(vm, vmArgs({ __urn: urn("a") }));
  expect(lost.state).toMatchObject({ phase: "unknown", taskId: "" });
  // it came after all
  const { __before: _, ...recorded } = lost.state;
  lab.restart();
  const late = await lab.create(vm, vmArgs({ __urn: urn("late") }));
  lab.restart();
  const adoptTaskId = late.state.taskId;
  await lab.create(vm, vmArgs({ __key: "pd1eeeeeeeeeeeeeeeeeee", __urn: urn("b"), adoptTaskId }));
  lab.warnings.length = 0;
  await lab.delete(vm, { ...lost, state: { ...recorded, __before: lost.state.__before } });
  expect(lab.tasks()).toHaveLength(1);
  expect(lab.warnings).toEqual([expect.stringMatching(stays(/^VM \w+ on node a1a1a1a1…/, "b"))]);
});

describe("a DataDisk", () => {
  let stack: DiskLab;
  beforeEach(async () => {
    lab = await Lab.open();
    stack = await new DiskLab(lab).begin();
  });
  const warning = () => expect.stringMatching(stays(/^disk \/data\/\S+ of VM pd1a+ on node a1a1a1a1…/, "b"));

  test("that is renamed stays when the old one ends, and goes with the new one", async () => {
    const old = await stack.addOne("a");
    const file = stack.fileOf("vdc");
    await stack.nextUp();
    const renamed = await stack.addOne("b", { adoptFile: file });
    lab.simulator.clearRequests();
    await stack.all(stack.remove(old));
    expect([stack.fileOf("vdc"), lab.writes(), lab.warnings]).toEqual([file, [], [warning()]]);
    await stack.nextUp();
    await stack.all(stack.remove(renamed));
    expect(stack.disks()).toEqual([expect.stringMatching(/^vda/), "vdb 10"]);
  });

  test("stays when the old one ends in a later up, and goes in a destroy", async () => {
    const old = await stack.addOne("a");
    await stack.nextUp();
    const renamed = await stack.addOne("b", { adoptFile: stack.fileOf("vdc") });
    await stack.nextUp();
    expect((await stack.changeOne(renamed)).did).toBe("nothing");
    await stack.all(stack.remove(old));
    expect([stack.disks().length, lab.warnings]).toEqual([3, [warning()]]);
    await stack.nextUp();
    await stack.all(stack.remove(old));
    expect(stack.disks()).toHaveLength(2);
  });

  test("on a VM that is renamed too goes with its own end", async () => {
    const disk = await stack.addOne("a");
    lab.restart();
    await lab.create(vm, { ...stack.vm.inputs, __urn: urn("other"), adoptTaskId: VM_KEY });
    await lab.delete(vm, stack.vm);
    await stack.all(stack.remove(disk));
    expect(stack.disks()).toEqual([expect.stringMatching(/^vda/), "vdb 10"]);
  });
});
