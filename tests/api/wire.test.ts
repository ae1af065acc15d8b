/// <reference types="jest" />
import { toGib } from "../../provider/api/dbc/domain";
import { clientOf, failure, NODE, ok, recordingSend, TASK } from "./fakes";

const client = (message: unknown) => clientOf(recordingSend(() => ok(message)).send);

const DETAIL = {
  task_id: TASK,
  create_time: "",
  desc: "",
  status: "running",
  cpu_cores: 8,
  gpu_count: 1,
  mem_size: "8G",
};
const NODE_INFO = {
  version: "0.4.1.8",
  node_type: "1",
  ip: "*.51.*.142",
  os: "Ubuntu",
  cpu: { type: "Xeon", hz: "2600MHz", cores: "62", used_usage: "3.2%", physical_cpus: "2" },
  gpu: { gpu_count: "4", gpu_used: "1" },
  mem: { size: "31T", free: "512M", used_usage: "3%" },
  disk_system: { type: "SSD", size: "350G" },
  disk_data: [{ path: "/data", type: "SSD", size: "600G", free: "0K", used_usage: "0%" }],
  images: [
    { image_name: "a.qcow2", image_size: "1G" },
    { "image_name:": "b.qcow2", image_size: "2G" },
  ],
};

test.each([
  ["8G", 8],
  ["7.81G", 7.81],
  ["512M", 0.5],
  ["192K", 192 / 1024 / 1024],
  ["31T", 31 * 1024],
  ["1P", 1024 * 1024],
  ["0K", 0],
  ["1048576", 1],
])("%s is %p GiB", (size, gib) => {
  expect(toGib(size)).toBeCloseTo(gib, 10);
});

test("a node's numbers are texts, and its images come under either key", async () => {
  expect(await client(NODE_INFO).getNode(NODE)).toMatchObject({
    cpu: { cores: 62, sockets: 2, usedPercent: 3.2 },
    gpu: { count: 4, used: 1 },
    memory: { sizeGib: 31 * 1024, freeGib: 0.5 },
    disks: [{ path: "/data", sizeGib: 600, freeGib: 0 }],
    images: [
      { name: "a.qcow2", size: "1G" },
      { name: "b.qcow2", size: "2G" },
    ],
  });
});

test("what the node calls null, N/A or nothing is nothing", async () => {
  const nodes = [
    { node_id: NODE, name: "null", version: "N/A" },
    { node_id: NODE, name: "", version: "0.4.1.8", more: 1 },
    { node_id: NODE },
  ];
  expect(await client({ mining_nodes: nodes }).listNodes()).toEqual([
    { nodeId: NODE, name: undefined, version: undefined },
    { nodeId: NODE, name: undefined, version: "0.4.1.8" },
    { nodeId: NODE, name: undefined, version: undefined },
  ]);
  const absent = {
    user_name: "N/A",
    login_password: "N/A",
    ssh_ip: "",
    ssh_port: "0",
    vnc_port: "N/A",
    rdp_port: "",
  };
  expect(await client({ ...DETAIL, ...absent }).getTask(NODE, TASK)).toMatchObject({
    user: undefined,
    password: undefined,
    address: undefined,
    sshPort: undefined,
    rdpPort: undefined,
    vncPort: undefined,
  });
});

test("a detail with everything in it is mapped whole, and no field is handed on unseen", async () => {
  const detail = await client({
    ...DETAIL,
    os: "windows",
    ssh_ip: "203.0.113.7",
    rdp_port: "3389",
    user_name: "Administrator",
    login_password: "p",
    vnc_port: 5900,
    vnc_password: "v",
    network_name: "office1",
    rent_order: "12",
    local_address: ["10.0.0.2"],
    network_filters: ["in,tcp,22,0.0.0.0/0,accept"],
    interface: [{ name: "brlan", type: "virtio", mac_address: "52:54:00:00:00:01" }],
    surprise: { a: 1 },
  }).getTask(NODE, TASK);
  expect(detail).toMatchObject({
    os: "windows",
    address: "203.0.113.7",
    rdpPort: 3389,
    user: "Administrator",
    password: "p",
    vncPort: 5900,
    vncPassword: "v",
    networkName: "office1",
    rentOrder: "12",
    localAddresses: ["10.0.0.2"],
    networkFilters: ["in,tcp,22,0.0.0.0/0,accept"],
    interfaces: [{ name: "brlan", model: "virtio", macAddress: "52:54:00:00:00:01" }],
    cpuCores: 8,
    memoryGib: 8,
  });
  expect(detail).not.toHaveProperty("surprise");
});

test("the list of an older node, with whole resources and without descriptions, is read", async () => {
  const line = { task_id: TASK, status: "running", cpu_cores: "8", disk_data: "100G" };
  expect(await client([line]).listTasks(NODE)).toEqual([
    { taskId: TASK, status: "running", description: "", createdAt: "" },
  ]);
});

test.each([
  ["a port beyond all ports", { ssh_port: "65536" }],
  ["a port that is none", { vnc_port: "canary" }],
  ["a size without digits", { mem_size: "canary" }],
  ["half a core", { cpu_cores: 1.5 }],
  ["an id that is a path", { task_id: "../x" }],
  ["addresses that are one text", { local_address: "10.0.0.2" }],
])("a detail with %s is not believed", async (_, change) => {
  const error = await failure(client({ ...DETAIL, ...change }).getTask(NODE, TASK));
  expect(error.outcome).toBe("unavailable");
  expect(error.message).toContain(`unexpected shape at message.${Object.keys(change)[0]}`);
  expect(error.message).not.toContain("canary");
});

test("a list without end is not believed", async () => {
  const line = { task_id: TASK, status: "running" };
  expect((await failure(client(Array(10_001).fill(line)).listTasks(NODE))).outcome).toBe("unavailable");
  expect(await client(Array(10_000).fill(line)).listTasks(NODE)).toHaveLength(10_000);
});

test("orders, logs, disks and LANs are mapped", async () => {
  const order = {
    id: "1",
    renter: "5G",
    rent_end: "999",
    rent_status: "renting",
    gpu_nums: "2",
    gpu_index: [0, 1],
  };
  expect(await client({ rent_orders: [order] }).listRentOrders(NODE)).toEqual([
    { id: "1", renter: "5G", endBlock: "999", status: "renting", gpuCount: 2, gpuIndexes: [0, 1] },
  ]);
  expect(await client({ task_id: TASK, log_content: ["a", "b"] }).getTaskLogs(NODE, TASK)).toEqual([
    "a",
    "b",
  ]);
  const disk = { name: "vda", file: "/data/a.qcow2", size: "350G", other: 1 };
  expect(await client([disk]).listDisks(NODE, TASK)).toEqual([
    { name: "vda", file: "/data/a.qcow2", size: "350G", sizeGib: 350 },
  ]);
  const lan = {
    network_name: "office1",
    ip_cidr: "10.0.0.0/24",
    rent_wallet: "5G",
    lastUseTime: "1",
    members: [TASK],
  };
  expect(await client(lan).getLan(NODE, "office1")).toEqual({
    name: "office1",
    cidr: "10.0.0.0/24",
    members: [TASK],
    renter: "5G",
    lastUsed: "1",
  });
  expect((await failure(client({ ...lan, network_name: "office2" }).getLan(NODE, "office1"))).outcome).toBe(
    "unavailable",
  );
});
