import { dataDisk } from "../../provider/resources/data-disk";
import { lan } from "../../provider/resources/lan";
import { vm } from "../../provider/resources/vm";
import { type Lab, NODE } from "./lab";
import { args, openLegacy } from "./legacy-lab";
import { sentenceOf } from "./vm-args";

let lab: Lab;
beforeEach(async () => {
  lab = await openLegacy();
});
afterEach(() => lab.close());

const OLDER = "node a1a1a1a1… is of the older generation of the API (before 0.3.9.8)";
const FIXED = `${OLDER}, where a VM stays as it was made; replace it (pulumi up --replace <urn>), which deletes its disks, or take the change back.`;

/** A field that only current nodes know, and what the preview says of it. */
const REFUSED: readonly (readonly [field: string, value: unknown, also: object, reason: string])[] = [
  ["lan", "office1", {}, `lan can't be used here: ${OLDER}; it has no LANs.`],
  [
    "multicast",
    ["230.0.0.1:5558"],
    {},
    `multicast can't be used here: ${OLDER}; it has no multicast groups.`,
  ],
  [
    "dataFile",
    { name: "x.qcow2", deletedWithVm: true },
    { dataDiskGib: undefined },
    `dataFile can't be used here: ${OLDER}; give dataDiskGib, and it makes the data disk.`,
  ],
  [
    "portMaps",
    [{ protocol: "tcp", host: 8_080 }],
    {},
    `portMaps can't be used here: ${OLDER}; reach further ports through an SSH tunnel.`,
  ],
  [
    "publicIp",
    "203.0.113.7",
    {},
    `publicIp can't be used here: ${OLDER}; its VMs are reached by its own address and sshPort.`,
  ],
  [
    "networkFilters",
    [{ direction: "in", protocol: "tcp", port: 22, cidr: "0.0.0.0/0", action: "accept" }],
    {},
    `networkFilters can't be used here: ${OLDER}; set up a firewall in the guest.`,
  ],
  [
    "login",
    { username: "me", password: "secret-word" },
    {},
    `login can't be used here: ${OLDER}; it sets a password of its own, an output of the Vm.`,
  ],
  ["rentOrder", "42", {}, `rentOrder can't be used here: ${OLDER}; such a node is rented as a whole.`],
  ["bios", "uefi", {}, `bios must be "legacy" here: ${OLDER}, and it knows no other firmware.`],
  [
    "interfaceModel",
    "e1000",
    {},
    `interfaceModel must be "virtio" here: ${OLDER}, and it knows no other network card.`,
  ],
  ["vncPort", 6_001, {}, `vncPort must be from 5900 to 6000 here, not 6001: ${OLDER}.`],
  [
    "restartMode",
    "force",
    {},
    `restartMode must be "guest" or "reset" here: ${OLDER}, and can't force a restart.`,
  ],
];

describe("preview", () => {
  test.each(REFUSED)(
    "%s is a mistake that names field and generation",
    async (field, value, also, reason) => {
      const news = args({ ...also, [field]: value });
      expect((await lab.check(vm, {}, news)).reasons).toEqual([reason]);
      expect(lab.writes()).toEqual([]);
    },
  );

  test("a Windows VM names all that stands in its way", async () => {
    const news = args({ os: "windows", sshPort: undefined, rdpPort: 20_022 });
    expect((await lab.check(vm, {}, news)).reasons).toEqual([
      `rdpPort can't be used here: ${OLDER}; it makes Linux VMs only, reached by sshPort.`,
      `os must be "linux" here: ${OLDER}, and it makes Linux VMs (\`ubuntu\`) only.`,
      `bios must be "legacy" here: ${OLDER}, and it knows no other firmware.`,
    ]);
  });

  test("what a node of the current generation takes is no mistake there", async () => {
    for (const [field, value, also] of REFUSED.filter(([name]) => name !== "rentOrder" && name !== "lan")) {
      const news = args({ ...also, [field]: value, nodeId: "a2".repeat(32) });
      expect([field, (await lab.check(vm, {}, news)).reasons]).toEqual([field, []]);
    }
  });

  test.each(["cpuCores", "memoryGib", "gpuCount", "vncPort", "sshPort", "dataDiskGib"])(
    "a change of %s can't be made in place",
    async (field) => {
      const made = await lab.create(vm, args());
      await lab.update(vm, made, args({ powerState: "stopped" }));
      const news = args({ powerState: "stopped", allowStop: true, [field]: Number(args()[field] ?? 0) + 2 });
      const { reasons } = await lab.check(vm, made.inputs, news);
      expect(reasons).toEqual([`${field} can't be changed here: ${FIXED}`]);
    },
  );

  test("nothing is said while the client node can't be reached", async () => {
    lab.simulator.arm({ kind: "http-error", operation: "mining_nodes.list", times: null });
    lab.simulator.arm({ kind: "http-error", operation: "mining_nodes.info", times: null });
    expect((await lab.check(vm, {}, args({ lan: "office1" }))).reasons).toEqual([]);
  });
});

test("disks and LANs are mistakes there", async () => {
  const disk = { vmId: `${NODE}/${"x".repeat(22)}`, sizeGib: 10, __claim: {} };
  expect((await lab.check(dataDisk, {}, disk)).reasons).toEqual([
    `a DataDisk can't be made here (vmId): ${OLDER}, which has no calls for it.`,
  ]);
  const net = { nodeId: NODE, name: "office1", cidr: "10.0.0.0/24" };
  expect((await lab.check(lan, {}, net)).reasons).toEqual([
    `a Lan can't be made here (nodeId): ${OLDER}, which has no calls for it.`,
  ]);
  expect((await lab.check(lan, {}, { ...net, nodeId: "a2".repeat(32) })).reasons).toEqual([]);
});

test("a create that slipped past the preview is refused before anything is sent", async () => {
  const { inputs } = await lab.check(vm, {}, args());
  const site = lab.site;
  await expect(
    lab.run(
      vm.create(lab.context(inputs), { ...(inputs as Parameters<typeof vm.create>[1]), lan: "office1" }),
    ),
  ).rejects.toThrow("lan can't be used here");
  await expect(
    lab.run(
      site.client.createTask(NODE, {
        taskId: "pd1aaaaaaaaaaaaaaaaaaa",
        image: "ubuntu.qcow2",
        gpuCount: 0,
        cpuCores: 4,
        memoryGib: 8,
        diskGib: 10,
        sshPort: 20_022,
        vncPort: 5_901,
        os: "windows",
        networkName: "office1",
      }),
    ),
  ).rejects.toThrow(
    "could not create a VM on node a1a1a1a1…: a node of the older generation of the API does not take taskId, networkName, os",
  );
  expect(lab.writes()).toEqual([]);
});

test("while no version can be had, nothing is sent", async () => {
  lab.simulator.arm({ kind: "http-error", operation: "mining_nodes.list", times: null });
  lab.simulator.arm({ kind: "http-error", operation: "mining_nodes.info", times: null });
  expect(await sentenceOf(lab, lab.create(vm, args()))).toContain("could not list the nodes");
  expect(lab.writes()).toEqual([]);
});
