/** VMs that can't be had: each ends in one exact sentence, with the world as it was. */
import type { Values } from "../../provider/core/check";
import { vm } from "../../provider/resources/vm";
import { alice, labNodes } from "../../simulator";
import { Lab, NODE } from "./lab";
import { args, KEY, OTHER, others, sentenceOf, world } from "./vm-args";

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.open();
  // what the node itself says, which a plan would mostly say before it
  lab.asks = false;
  await lab.create(vm, args());
});
afterEach(() => lab.close());

const CREATE = `could not create VM ${OTHER} on node a1a1a1a1…: the node said `;
const PORT = "choose a port that no other VM of the node uses";
const session = (node: string, said: string) => `could not get a session of node ${node}…: ${said}`;

describe("a VM is not made, and says why:", () => {
  test.each([
    [
      "an image that the node has not",
      { image: "nope.qcow2" },
      `${CREATE}"'image_name' is not exist (path:/data/nope.qcow2)"; choose an image that the node has (getNode lists them), or download it to the node first`,
    ],
    [
      "a port for SSH that another VM has",
      { sshPort: 20_022 },
      `${CREATE}"port conflict, exist ssh_port = 20022"; ${PORT}`,
    ],
    [
      "a port for VNC that another VM has",
      { vncPort: 5_901 },
      `${CREATE}"port conflict, exist vnc_port = 5901"; ${PORT}`,
    ],
    [
      "a port for SSH that another VM has for VNC",
      { sshPort: 5_901 },
      `${CREATE}"port conflict, exist vnc_port = 5901"; ${PORT}`,
    ],
    [
      "more GPUs than are rented",
      { gpuCount: 9 },
      `${CREATE}"gpu_count exceeds number of leases"; ask for no more GPUs than you rent`,
    ],
    [
      "more cores than the machine has",
      { cpuCores: 1_000 },
      `${CREATE}"allocate cpu failed"; ask for fewer cores, or power off another VM of this node`,
    ],
    [
      "a number of cores that would never start again",
      { cpuCores: 33 },
      "cpuCores: 33 would run once on node a1a1a1a1… and not start again after a power-off, because it has 2 sockets: use a multiple of 4.",
    ],
    [
      "more memory than the machine has",
      { memoryGib: 600 },
      `${CREATE}"allocate mem failed"; ask for less memory, or power off another VM of this node`,
    ],
    [
      "more disk than the machine has",
      { dataDiskGib: 5_000 },
      `${CREATE}"allocate disk failed"; ask for a smaller data disk, or free space in the node's /data`,
    ],
    [
      "a data file that is not there",
      { dataFile: { name: "lost.qcow2", deletedWithVm: true }, dataDiskGib: undefined },
      `${CREATE}"data_file_name is not exist, path: /data/lost.qcow2"; dataFile names a file that is in the node's /data already`,
    ],
    [
      "the node's own address",
      { publicIp: "10.0.0.10" },
      `${CREATE}"public ip being used"; another VM or the node itself has this address`,
    ],
    [
      "a LAN that nobody made",
      { lan: "nolan1" },
      'node a1a1a1a1… does not know the LAN "nolan1": create it on a node of the same machine room, or mend the name.',
    ],
    [
      "a node that nobody knows",
      { nodeId: "ee".repeat(32) },
      session(
        "eeeeeeee",
        'the client node at <url> said "create node request failed"; the client node doesn\'t know this node: check nodeId and that the machine is on line; a client node that was just started needs a few minutes',
      ),
    ],
    [
      "a node that nobody rents",
      { nodeId: labNodes.unrented },
      session(
        "c0c0c0c0",
        'the node said "check authority failed: machine is not be rented"; nobody rents this machine now: rent it, or check nodeId (a rental that ended and was given back looks the same)',
      ),
    ],
    [
      "a node that somebody else rents",
      { nodeId: labNodes.bob },
      session(
        "b0b0b0b0",
        'the node said "check authority failed: wallet not rented"; the machine is rented, but not by this account: check nodeId and the wallet, or rent it again',
      ),
    ],
    [
      "a rental order of somebody else",
      { rentOrder: "99" },
      session(
        "a1a1a1a1",
        'the node said "check authority failed: wallet not rented"; the machine is rented, but not by this account: check nodeId and the wallet, or rent it again',
      ),
    ],
  ])("%s", async (_, more: Values, sentence) => {
    const before = world(lab);
    // the order under which a session is asked for matters only to who has none yet
    if (more.rentOrder !== undefined) lab.restart();
    expect(await sentenceOf(lab, lab.create(vm, others(more)))).toBe(sentence);
    expect(world(lab)).toEqual(before);
    expect(Object.values(lab.simulator.world.nodes).flatMap(({ tasks }) => Object.keys(tasks))).toEqual([
      KEY,
    ]);
    // and nothing that stands in the way of the next try
    expect((await lab.create(vm, others())).state).toMatchObject({ phase: "ready" });
  });

  test("GPUs that another VM holds, until it is off", async () => {
    const greedy = await lab.create(vm, others({ gpuCount: 6, powerState: "running" }));
    const third = args({ __key: "pd1ccccccccccccccccccc", sshPort: 20_077, vncPort: 5_977, gpuCount: 4 });
    expect(await sentenceOf(lab, lab.create(vm, third))).toBe(
      'could not create VM pd1ccccccccccccccccccc on node a1a1a1a1…: the node said "allocate gpu failed"; ask for fewer GPUs, or free some by powering off or deleting another VM of this node',
    );
    await lab.update(vm, greedy, others({ gpuCount: 6, powerState: "stopped" }));
    expect((await lab.create(vm, third)).state).toMatchObject({ phase: "ready", gpuCount: 4 });
  });

  test("a LAN that spreads meanwhile is waited for", async () => {
    const work = lab.create(vm, others({ lan: "office1" }));
    while (!lab.progress.includes("waiting for the LAN to reach the node")) await lab.clock.advanceToNext();
    expect(lab.tasks()).toHaveLength(1);
    lab.simulator.world.lans.push(await lanOf("office1"));
    expect((await work).state).toMatchObject({ phase: "ready", lan: "office1" });
  });
});

/** The record of a LAN, made in another lab. */
const lanOf = async (name: string) => {
  const seed = { lans: [{ name, machineId: NODE, wallet: alice, cidr: "10.1.0.0/24" }] };
  const elsewhere = await Lab.open({ seed });
  const [lan] = elsewhere.simulator.world.lans;
  await elsewhere.close();
  if (!lan) throw new Error("there is no LAN");
  return lan;
};
