/** What a plan asks of the node, and what it takes for a mistake. */
import type { Values } from "../../provider/core/check";
import { image } from "../../provider/resources/image";
import { vm } from "../../provider/resources/vm";
import { alice, defaultWorld, labNodes } from "../../simulator";
import { BOB, Lab, NODE } from "./lab";
import { args, KEY, OTHER, others } from "./vm-args";

const urn = (name: string) => `urn:pulumi:dev::test::pulumi-nodejs:dynamic/dbc:Vm::${name}`;

let lab: Lab;
const open = async (node: object = {}) => {
  lab = await Lab.open({
    seed: {
      ...defaultWorld,
      nodes: (defaultWorld.nodes ?? []).map((one) => (one.id === NODE ? { ...one, ...node } : one)),
    },
  });
};
afterEach(() => lab.close());

/** The mistakes in a plan for VMs, one after the other, as a new run finds them. */
const plan = async (...news: readonly Values[]): Promise<string[]> => {
  const reasons: string[] = [];
  for (const values of news) reasons.push(...(await lab.check(vm, {}, values)).reasons);
  return reasons;
};

describe("sizes", () => {
  test("that fit are no mistake, and the node is asked once for all", async () => {
    await open();
    expect(await plan(args({ gpuCount: 4 }), others({ gpuCount: 4, __urn: urn("b") }))).toEqual([]);
    const asked = lab.simulator.requests.filter(({ operation }) => operation === "mining_nodes.show");
    expect(asked.length).toBeLessThanOrEqual(2); // the second tells the node's generation and cores
  });

  test("of one VM alone, and of several together, are told with what is left", async () => {
    await open();
    expect(await plan(args({ gpuCount: 9 }))).toEqual([
      "gpuCount: 9 is more than node a1a1a1a1… has free (8 GPUs): ask for at most 8 here.",
    ]);
    lab.restart();
    const [a, b] = [args({ gpuCount: 5, __urn: urn("a") }), others({ gpuCount: 4, __urn: urn("b") })];
    expect(await plan(a, b)).toEqual([
      'gpuCount: the VMs of this program ask node a1a1a1a1… for 9 GPUs together ("a" 5, "b" 4), and it has 8 free: ask for at most 3 here.',
    ]);
  });

  test("that a VM that was taken over holds count as free for it", async () => {
    await open();
    await lab.create(vm, args({ gpuCount: 8 }));
    const news = others({ adoptTaskId: KEY, gpuCount: 8, sshPort: 20_022, vncPort: 5_901, allowStop: true });
    const adopted = await lab.create(vm, news);
    lab.restart();
    const { reasons } = await lab.check(vm, adopted.inputs, { ...news, gpuCount: 7, sshPort: 20_023 });
    expect(reasons).toEqual([]);
  });

  test("that the VM of one's own key holds count as free for it, and no others", async () => {
    await open();
    const made = await lab.create(vm, args({ gpuCount: 6 }));
    lab.restart();
    // a replacement is checked as if it were new
    expect(await plan(args({ gpuCount: 8 }))).toEqual([]);
    lab.restart();
    const changed = await lab.check(vm, made.inputs, args({ gpuCount: 9, allowStop: true }));
    expect(changed.reasons).toEqual([
      "gpuCount: 9 is more than node a1a1a1a1… has free (8 GPUs): ask for at most 8 here.",
    ]);
    lab.restart();
    expect(await plan(others({ gpuCount: 3 }))).toEqual([
      "gpuCount: 3 is more than node a1a1a1a1… has free (2 GPUs): ask for at most 2 here.",
    ]);
  });

  test("do not stand in the way of another change, nor of what only the state holds", async () => {
    await open();
    const made = await lab.create(vm, args({ gpuCount: 6 }));
    await lab.create(vm, others({ gpuCount: 2, __urn: urn("b") }));
    lab.restart();
    const from = lab.simulator.requests.length;
    expect((await lab.check(vm, made.inputs, args({ gpuCount: 6, description: "new" }))).reasons).toEqual([]);
    expect(lab.simulator.requests.slice(from)).toEqual([]);
    expect((await lab.check(vm, made.inputs, args({ gpuCount: 6, sshPort: 20_077 }))).reasons).toEqual([]);
  });

  test("are named together with another node of the program that has room", async () => {
    await open();
    const nodes = [NODE, labNodes.alice2, labNodes.bob];
    expect(
      await plan(
        args({ gpuCount: 8, __urn: urn("a") }),
        others({ __urn: urn("b"), __nodes: nodes, gpuCount: 1 }),
      ),
    ).toEqual([
      'gpuCount: the VMs of this program ask node a1a1a1a1… for 9 GPUs together ("a" 8, "b" 1), and it has 8 free: free some by powering off or deleting another VM of this node in an up of its own; this VM would fit on node a2a2a2a2… (8 GPUs free).',
    ]);
  });

  test("go by the rental order, whose GPUs go to one VM", async () => {
    await open({ rentals: [{ renter: alice, order: "77", gpuIndexes: [0, 1] }] });
    expect(await plan(args({ rentOrder: "77", gpuCount: 1 }))).toEqual([
      "gpuCount must be 2 here, not 1: rental order 77 holds so many GPUs of the node, and they go to a VM together.",
    ]);
    expect(await plan(args({ rentOrder: "77", gpuCount: 2 }))).toEqual([]);
  });

  test("that would run once and never start again", async () => {
    await open();
    expect(await plan(args({ cpuCores: 33 }))).toEqual([
      "cpuCores: 33 would run once on node a1a1a1a1… and not start again after a power-off, because it has 2 sockets: use a multiple of 4.",
    ]);
  });
});

describe("ports", () => {
  test("that another VM of this account holds are told with one that is free", async () => {
    await open();
    await lab.create(vm, args());
    lab.restart();
    expect(await plan(others({ sshPort: 20_022 }))).toEqual([
      `sshPort: port 20022 of node a1a1a1a1… is taken by your VM ${KEY} (sshPort): use another, such as 20023, or, if this program no longer declares that VM, delete it in an up of its own first.`,
    ]);
  });

  test("that two VMs of the program ask for, and none where one of them is off", async () => {
    await open();
    const clash =
      'sshPort asks for port 20022 of the node, which sshPort of the Vm "a" asks for too: give each its own.';
    const [a, b] = [args({ __urn: urn("a") }), others({ __urn: urn("b"), sshPort: 20_022 })];
    expect(await plan(a, b)).toEqual([clash]);
    lab.restart();
    expect(await plan(a, { ...b, powerState: "stopped" })).toEqual([]);
    lab.restart();
    expect(await plan(a, { ...b, nodeId: labNodes.alice2 })).toEqual([]);
  });

  test("of a VM that keeps its own", async () => {
    await open();
    const made = await lab.create(vm, args());
    await lab.create(vm, others({ __urn: urn("b") }));
    lab.restart();
    expect((await lab.check(vm, made.inputs, args({ sshPort: 20_055 }))).reasons).toEqual([
      expect.stringContaining(`port 20055 of node a1a1a1a1… is taken by your VM ${OTHER} (sshPort)`),
    ]);
  });
});

describe("images, networks and disks", () => {
  test("that are not there", async () => {
    await open();
    expect(await plan(args({ image: "none.qcow2", lan: "nolan1", dataDiskGib: 90_000 }))).toEqual([
      expect.stringMatching(/^dataDiskGib: 90000 is more than node a1a1a1a1… has free in \/data \(\d+ GiB\)/),
      expect.stringMatching(/^image: node a1a1a1a1… has no image "none.qcow2" \(it has "ubuntu.qcow2", /),
      'lan: node a1a1a1a1… knows no LAN "nolan1" (it knows none): mend the name, or make a Lan in its machine room and pass that one\'s name.',
    ]);
  });

  test("an image that the program brings, or that is based on another and on a server, is no mistake", async () => {
    await open({ images: ["ubuntu.qcow2", { name: "pytorch.qcow2", backing: "/data/ubuntu.qcow2" }] });
    expect(await plan(args({ image: "pytorch.qcow2" }))).toEqual([]);
    lab.restart();
    const brought = { nodeId: NODE, name: "mine.qcow2", imageServer: "lab", __urn: "urn:image" };
    expect((await lab.check(image, {}, brought)).reasons).toEqual([]);
    expect(await plan(args({ image: "mine.qcow2" }))).toEqual([]);
  });
});

describe("a node", () => {
  test("that this account has not rented, or that wants another signature", async () => {
    await open();
    lab.restart(BOB);
    expect(await plan(args())).toEqual([
      expect.stringContaining("the machine is rented, but not by this account"),
    ]);
  });

  test("that can't be reached is no mistake, and held against nobody for long", async () => {
    await open();
    await lab.simulator.setLink(NODE, "frozen");
    const begun = lab.clock.now();
    for (const name of ["a", "b", "c"])
      expect(await plan(args({ gpuCount: 9, __urn: urn(name), powerState: "stopped" }))).toEqual([]);
    expect(lab.clock.now() - begun).toBeLessThanOrEqual(5_000);
    expect(lab.site.asking.takeNote()).toMatch(/^node a1a1a1a1… could not be asked .*no answer within 5 s/);
    expect(lab.site.asking.takeNote()).toBeUndefined();
  });

  test("is not asked about a VM that is taken over", async () => {
    await open();
    expect(await plan(args({ adoptTaskId: OTHER, gpuCount: 9 }))).toEqual([]);
  });
});
