/// <reference types="jest" />
import { harmlessDescription } from "../../provider/api/dbc/fields";
import { seal } from "../../provider/api/dbc/requests";
import { listTasks } from "../../provider/api/dbc/tasks";
import type { CreateTask, DbcClient, ModifyTask } from "../../provider/api/dbc/types";
import { CALL_NAMES, CALLS, clientOf, failure, NEW_TASK, NODE, ok, recordingSend, TASK } from "./fakes";

/** What a call sends: path and parameters. The answer is one that fits no call, so that any may fail afterwards. */
const sent = async (call: (client: DbcClient) => Promise<unknown>) => {
  const { send, requests } = recordingSend(() => ok("ok"));
  await call(clientOf(send)).catch(() => undefined);
  expect(requests).toHaveLength(1);
  const [only] = requests;
  return {
    path: only?.request.url.replace("http://127.0.0.1:5002/api/v1", ""),
    additional: only?.body.additional,
    peers: only?.body.peer_nodes_list,
    request: only?.request,
    body: only?.body,
  };
};

const EXACT: readonly (readonly [string, string, unknown, (client: DbcClient) => Promise<unknown>])[] = [
  ["version", "/", {}, (client) => client.version()],
  ["listNodes", "/mining_nodes", {}, (client) => client.listNodes()],
  ["getNode", "/mining_nodes", {}, (client) => client.getNode(NODE)],
  [
    "getNode with an image server",
    "/mining_nodes",
    { image_server: "ID_1" },
    (client) => client.getNode(NODE, { imageServer: "ID_1" }),
  ],
  ["listRentOrders", "/rent_orders", {}, (client) => client.listRentOrders(NODE)],
  ["listTasks", "/tasks", {}, (client) => client.listTasks(NODE)],
  ["getTask", `/tasks/${TASK}`, {}, (client) => client.getTask(NODE, TASK)],
  ["startTask", `/tasks/start/${TASK}`, {}, (client) => client.startTask(NODE, TASK)],
  ["shutdownTask", `/tasks/shutdown/${TASK}`, {}, (client) => client.shutdownTask(NODE, TASK)],
  ["poweroffTask", `/tasks/poweroff/${TASK}`, {}, (client) => client.poweroffTask(NODE, TASK)],
  ["restartTask", `/tasks/restart/${TASK}`, {}, (client) => client.restartTask(NODE, TASK)],
  [
    "restartTask by force",
    `/tasks/restart/${TASK}?force_reboot=true`,
    {},
    (client) => client.restartTask(NODE, TASK, { force: true }),
  ],
  ["resetTask", `/tasks/reset/${TASK}`, {}, (client) => client.resetTask(NODE, TASK)],
  ["deleteTask", `/tasks/delete/${TASK}`, {}, (client) => client.deleteTask(NODE, TASK)],
  [
    "setPassword",
    `/tasks/passwd/${TASK}`,
    { username: "dbc", password: "s3cret" },
    (client) => client.setPassword(NODE, TASK, { username: "dbc", password: "s3cret" }),
  ],
  [
    "getTaskLogs",
    `/tasks/logs/${TASK}?flag=tail&line_num=100`,
    {},
    (client) => client.getTaskLogs(NODE, TASK),
  ],
  [
    "getTaskLogs from the head",
    `/tasks/logs/${TASK}?flag=head&line_num=3`,
    {},
    (client) => client.getTaskLogs(NODE, TASK, { from: "head", lines: 3 }),
  ],
  ["listDisks", `/disk/list/${TASK}`, {}, (client) => client.listDisks(NODE, TASK)],
  [
    "growDisk",
    `/disk/resize/${TASK}`,
    { disk: "vdb", size: 20 },
    (client) => client.growDisk(NODE, TASK, "vdb", 20),
  ],
  [
    "addDisk",
    `/disk/add/${TASK}`,
    { size: 500, mount_dir: "/data" },
    (client) => client.addDisk(NODE, TASK, { sizeGib: 500, directory: "/data" }),
  ],
  ["deleteDisk", `/disk/delete/${TASK}`, { disk: "vdc" }, (client) => client.deleteDisk(NODE, TASK, "vdc")],
  ["getLan", "/lan/office1", {}, (client) => client.getLan(NODE, "office1")],
  ["listLans", "/lan", {}, (client) => client.listLans(NODE)],
  [
    "createLan",
    "/lan/create",
    { network_name: "office1", ip_cidr: "10.0.0.0/24" },
    (client) => client.createLan(NODE, { name: "office1", cidr: "10.0.0.0/24" }),
  ],
  ["deleteLan", "/lan/delete/office1", {}, (client) => client.deleteLan(NODE, "office1")],
  ["getMonitorServers", "/monitor", {}, (client) => client.getMonitorServers(NODE)],
  [
    "setMonitorServers",
    "/monitor/set",
    { servers: ["zabbix.example.com:10051", "192.0.2.7:10051"] },
    (client) => client.setMonitorServers(NODE, ["zabbix.example.com:10051", "192.0.2.7:10051"]),
  ],
  [
    "setMonitorServers to none",
    "/monitor/set",
    { servers: [] },
    (client) => client.setMonitorServers(NODE, []),
  ],
];

describe("the request of", () => {
  test.each(EXACT)("%s is exactly as the node reads it", async (name, path, additional, call) => {
    const { body, request, ...rest } = await sent(call);
    expect(rest).toEqual({ path, additional, peers: ["version", "listNodes"].includes(name) ? [] : [NODE] });
    expect(Object.keys(body ?? {}).slice(0, 2)).toEqual(["peer_nodes_list", "additional"]);
    expect(request?.headers["content-type"]).toBe("application/json");
    expect(request?.deadlineMs).toBe(40_000);
  });

  test("createTask has texts only", async () => {
    const { additional, path } = await sent((client) =>
      client.createTask(NODE, {
        ...NEW_TASK,
        os: "linux",
        bios: "legacy",
        description: 'a "test"',
        rdpPort: 3389,
        publicIp: "203.0.113.7",
        customPorts: ["tcp,80", "udp,8080:80", "tcp,8000-8009:9000-9009"],
        dataFile: "old-data.qcow2",
        networkName: "office1",
        multicast: ["224.0.0.5:5000"],
        networkFilters: ["in,tcp,22,0.0.0.0/0,accept", "out,all,all,0.0.0.0/0,drop"],
        interfaceModel: "e1000",
      }),
    );
    expect(path).toBe("/tasks/start");
    expect(additional).toEqual({
      task_id: "pd1aaaaaaaaaaaaaaaaaaa",
      image_name: "ubuntu.qcow2",
      operation_system: "linux",
      bios_mode: "legacy",
      desc: "a 'test'",
      gpu_count: "1",
      cpu_cores: "8",
      mem_size: "16",
      disk_size: "100",
      ssh_port: "5684",
      rdp_port: "3389",
      vnc_port: "5904",
      public_ip: "203.0.113.7",
      custom_port: ["tcp,80", "udp,8080:80", "tcp,8000-8009:9000-9009"],
      data_file_name: "old-data.qcow2",
      network_name: "office1",
      multicast: ["224.0.0.5:5000"],
      network_filters: ["in,tcp,22,0.0.0.0/0,accept", "out,all,all,0.0.0.0/0,drop"],
      interface_model_type: "e1000",
    });
  });

  test("createTask leaves out what is not given", async () => {
    const { additional } = await sent((client) => client.createTask(NODE, NEW_TASK));
    expect(Object.keys(additional as object).sort()).toEqual(
      [
        "cpu_cores",
        "disk_size",
        "gpu_count",
        "image_name",
        "mem_size",
        "ssh_port",
        "task_id",
        "vnc_port",
      ].sort(),
    );
  });

  test("modifyTask has texts only, and the public address whenever there is one", async () => {
    const all = await sent((client) =>
      client.modifyTask(NODE, TASK, {
        publicIp: "203.0.113.7",
        sshPort: 22,
        rdpPort: 3389,
        vncPort: 5905,
        customPorts: [],
        networkFilters: ["in,tcp,22,0.0.0.0/0,accept"],
        gpuCount: 0,
        cpuCores: 2,
        memoryGib: 4,
      }),
    );
    expect(all.path).toBe(`/tasks/modify/${TASK}`);
    expect(all.additional).toEqual({
      new_public_ip: "203.0.113.7",
      new_ssh_port: "22",
      new_rdp_port: "3389",
      new_vnc_port: "5905",
      new_custom_port: [],
      new_network_filters: ["in,tcp,22,0.0.0.0/0,accept"],
      new_gpu_count: "0",
      new_cpu_cores: "2",
      new_mem_size: "4",
    });
    const kept = await sent((client) => client.modifyTask(NODE, TASK, { publicIp: "::1" }));
    expect(kept.additional).toEqual({ new_public_ip: "::1" });
    const none = await sent((client) => client.modifyTask(NODE, TASK, { publicIp: undefined }));
    expect(none.additional).toEqual({});
  });

  test.each(CALL_NAMES)("%s goes over a connection of its own exactly if it is a write", async (name) => {
    const { request } = await sent(CALLS[name].call);
    expect(request?.freshConnection).toBe(CALLS[name].write);
  });

  test("a node's call names the rental order, one of the client node does not", async () => {
    const { body } = await sent((client) => client.getNode(NODE, { rentOrder: "77" }));
    expect(body?.rent_order).toBe("77");
    const { body: local } = await sent((client) => client.listNodes({ rentOrder: "77" }));
    expect(local).not.toHaveProperty("rent_order");
  });

  test("a node named in capitals goes to the same node", async () => {
    const { peers } = await sent((client) => client.listTasks(NODE.toUpperCase()));
    expect(peers).toEqual([NODE]);
  });
});

/** What a caller without types might pass. */
const loose = <Value>(value: unknown): Value => value as Value;

describe("nothing is sent", () => {
  const refused = async (call: (client: DbcClient) => Promise<unknown>, says: RegExp) => {
    const { send, requests } = recordingSend(() => ok("ok"));
    const error = await failure(call(clientOf(send)));
    expect(error.outcome).toBe("not-sent");
    expect(error.message).toMatch(says);
    expect(error.message).not.toContain("canary");
    expect(requests).toHaveLength(0);
  };

  // each of these ends the client node's process or reaches another endpoint when it is sent
  test.each([
    ["a number", 5],
    ["nothing", null],
    ["an object", {}],
    ["a list", [NODE]],
    ["an empty text", ""],
    ["63 digits", NODE.slice(1)],
    ["65 digits", `${NODE}a`],
    ["another letter", `g${NODE.slice(1)}`],
    ["a line's end", `${NODE}\n`],
    ["a path", `../${NODE.slice(3)}`],
  ])("for a node id that is %s", async (_, id) => {
    for (const name of ["listTasks", "getNode", "listRentOrders", "session", "fingerprint"] as const)
      await refused((client) => client[name](loose(id)), /nodeId must be/);
    await refused((client) => client.createTask(loose(id), NEW_TASK), /nodeId must be/);
    await refused((client) => client.getLan(loose(id), "office1"), /nodeId must be/);
    await refused((client) => client.growDisk(loose(id), TASK, "vdb", 1), /nodeId must be/);
  });

  test.each([
    ["empty", ""],
    ["a path", "../images/delete"],
    ["a longer path", "start/x"],
    ["with a query", "a?force_reboot=true"],
    ["with an escape", "a%2Fb"],
    ["with a line's end", "abc\n"],
    ["too long", "a".repeat(65)],
    ["a number", 5],
    ["missing", undefined],
  ])("for a task id that is %s", async (_, id) => {
    const names = [
      "getTask",
      "startTask",
      "shutdownTask",
      "poweroffTask",
      "restartTask",
      "resetTask",
      "deleteTask",
      "getTaskLogs",
      "listDisks",
    ] as const;
    for (const name of names) await refused((client) => client[name](NODE, loose(id)), /taskId must be/);
    await refused((client) => client.modifyTask(NODE, loose(id), { publicIp: undefined }), /taskId must be/);
  });

  const BAD: readonly (readonly [keyof CreateTask, unknown, RegExp])[] = [
    ["taskId", "short", /taskId must be 20 to 22/],
    ["taskId", "a".repeat(23), /taskId must be 20 to 22/],
    ["taskId", "pd1aaaaaaaaaaaaaaaa_aa", /taskId must be 20 to 22/],
    ["image", "", /image must not be empty/],
    ["image", "canary", /image must end in \.qcow2/],
    ["image", 'can"ary.qcow2', /image must not hold quotes/],
    ["image", "../canary.qcow2", /image must be a file's name/],
    ["image", "/data/canary.qcow2", /image must be a file's name/],
    ["os", "beos", /os must be linux or windows/],
    ["os", 'linux"', /os must be/],
    ["bios", "efi", /bios must be legacy, uefi or pxe/],
    ["description", "a".repeat(501), /description must be at most 500/],
    ["gpuCount", -1, /gpuCount must be at least 0/],
    ["gpuCount", "1", /gpuCount must be a whole number/],
    ["gpuCount", Number.NaN, /gpuCount must be a whole number/],
    ["cpuCores", 0, /cpuCores must be at least 1/],
    ["cpuCores", 1.5, /cpuCores must be a whole number/],
    ["memoryGib", 8.5, /memoryGib must be a whole number/],
    ["memoryGib", 2 ** 40, /memoryGib must be at most/],
    ["memoryGib", Number.POSITIVE_INFINITY, /memoryGib must be/],
    ["diskGib", 0, /diskGib must be at least 1/],
    ["sshPort", 0, /sshPort must be at least 1/],
    ["sshPort", 65_536, /sshPort must be at most 65535/],
    ["sshPort", 22.5, /sshPort must be a whole number/],
    ["rdpPort", 65_536, /rdpPort must be at most/],
    ["vncPort", 5899, /vncPort must be at least 5900/],
    ["vncPort", 65_536 + 5900, /vncPort must be at most/],
    ["publicIp", "host.example", /publicIp must be an IPv4 or IPv6 address/],
    ["publicIp", "203.0.113.07", /publicIp must be/],
    ["publicIp", "fe80::1%eth0", /publicIp must be/],
    ["customPorts", ["tcp/udp,80"], /customPorts\.0 must be like/],
    ["customPorts", ["tcp,80", "tcp,0"], /customPorts\.1 must be like/],
    ["customPorts", ["tcp,70000"], /customPorts\.0 must be like/],
    ["customPorts", ["tcp,9-8"], /customPorts\.0 must be like/],
    ["customPorts", ["tcp,8000-8009:9000-9001"], /customPorts\.0 must be like/],
    ["customPorts", ["tcp,8000-8009:9000"], /customPorts\.0 must be like/],
    ["customPorts", [80], /customPorts\.0 must be text/],
    ["customPorts", "tcp,80", /customPorts/],
    ["customPorts", Array(257).fill("tcp,80"), /customPorts must be at most 256/],
    ["dataFile", "../canary", /dataFile must be a file's name/],
    ["dataFile", "windows", /dataFile must be a file's name/],
    ["networkName", "lan", /networkName must be 6 to 10/],
    ["networkName", "ubuntu", /networkName must not be the name of an operating system/],
    ["multicast", ["canary:5000"], /multicast\.0 must be a multicast/],
    ["multicast", ["223.0.0.1:5000"], /multicast\.0 must be/],
    ["multicast", ["240.0.0.1:5000"], /multicast\.0 must be/],
    ["multicast", ["224.0.0.256:5000"], /multicast\.0 must be/],
    ["multicast", ["224.0.0.1"], /multicast\.0 must be/],
    ["multicast", ["224.0.0.1:0"], /multicast\.0 must have a port/],
    ["multicast", ["224.0.0.1:65536"], /multicast\.0 must have a port/],
    ["networkFilters", ["in,tcp,22,accept"], /networkFilters\.0 must be direction/],
    ["networkFilters", ["both,tcp,22,0.0.0.0/0,accept"], /networkFilters\.0 must be/],
    ["networkFilters", ["in,tcp,22,0.0.0.0/33,accept"], /networkFilters\.0 must be/],
    ["interfaceModel", "virtio", /interfaceModel must be e1000 or rtl8139/],
  ];

  test.each(BAD)("for a VM whose %s is %j", async (name, value, says) => {
    await refused((client) => client.createTask(NODE, loose({ ...NEW_TASK, [name]: value })), says);
  });

  const inModify = new Set<string>([
    "gpuCount",
    "cpuCores",
    "memoryGib",
    "sshPort",
    "rdpPort",
    "vncPort",
    "publicIp",
    "customPorts",
    "networkFilters",
  ]);
  test.each(BAD.filter(([name]) => inModify.has(name)))(
    "for a change of %s to %j",
    async (name, value, says) => {
      const changes = loose<ModifyTask>({ publicIp: undefined, [name]: value });
      await refused((client) => client.modifyTask(NODE, TASK, changes), says);
    },
  );

  test.each([
    ["no password", { username: "dbc", password: "" }, /password must not be empty/],
    [
      "a password that would break the node's JSON",
      { username: "dbc", password: 'canary"' },
      /password must not hold quotes/,
    ],
    ["a password with a backslash", { username: "dbc", password: "canary\\" }, /password must not hold/],
    ["a password with a line's end", { username: "dbc", password: "canary\n" }, /password must not hold/],
    ["half a character", { username: "dbc", password: "canary\ud800" }, /password must not hold/],
    ["no user", { username: "", password: "canary" }, /username must not be empty/],
    ["nothing", {}, /username must be text, password must be text/],
  ])("for a login with %s", async (_, login, says) => {
    await refused((client) => client.setPassword(NODE, TASK, loose(login)), says);
  });

  test.each([0, -1, 1.5, "2", undefined, null, 2 ** 31])("for a disk that grows by %p", async (growth) => {
    await refused((client) => client.growDisk(NODE, TASK, "vdb", loose(growth)), /growGib must be/);
  });

  test("for a disk, a LAN, a range of lines or an order of no such name", async () => {
    await refused((client) => client.growDisk(NODE, TASK, "sda; rm", 1), /disk must be like vdb/);
    await refused((client) => client.getLan(NODE, "../tasks"), /name must be 6 to 10/);
    await refused((client) => client.deleteLan(NODE, "../tasks"), /name must be 6 to 10/);
    await refused((client) => client.deleteDisk(NODE, TASK, "sda; rm"), /disk must be like vdb/);
    for (const directory of ["data", "/data/", "/data/../etc", '/da"ta', ""])
      await refused((client) => client.addDisk(NODE, TASK, { sizeGib: 1, directory }), /directory must/);
    for (const sizeGib of [0, 1.5, loose<number>("50"), loose<number>(undefined)])
      await refused(
        (client) => client.addDisk(NODE, TASK, { sizeGib, directory: "/data" }),
        /sizeGib must be/,
      );
    // what is no address ends the node's process
    for (const cidr of ["office", "10.0.0.0", "10.0.0.256/24", "10.0.0.0/33", "fd00::/64", "10.0.0.0/24 "])
      await refused((client) => client.createLan(NODE, { name: "office1", cidr }), /cidr must be a range/);
    await refused((client) => client.getTaskLogs(NODE, TASK, { lines: 101 }), /lines must be at most 100/);
    await refused(
      (client) => client.getTaskLogs(NODE, TASK, { from: loose("canary") }),
      /from must be head or tail/,
    );
    await refused((client) => client.listTasks(NODE, { rentOrder: loose(5) }), /rent_order must be/);
    await refused((client) => client.getNode(NODE, { imageServer: "a b" }), /imageServer must be/);
  });

  test("that has the shape that ends the client node's process, whoever builds it", () => {
    const call = listTasks(NODE);
    const bad: readonly unknown[] = [
      {
        multisig_accounts: { wallets: [1], threshold: "1", signs: [{ wallet: "a", nonce: "b", sign: "c" }] },
      },
      { multisig_accounts: { wallets: ["a"], threshold: "1", signs: [{}] } },
      { multisig_accounts: { wallets: ["a"], threshold: "1", signs: [5] } },
      { multisig_accounts: { wallets: ["a"], threshold: "1", signs: [{ wallet: "a", nonce: "b" }] } },
      {
        multisig_accounts: { wallets: ["a"], threshold: 1, signs: [{ wallet: "a", nonce: "b", sign: "c" }] },
      },
      { multisig_accounts: { wallets: [], threshold: "1", signs: [] } },
      {
        multisig_accounts: {
          wallets: ["a"],
          threshold: "1",
          signs: [{ wallet: "a", nonce: "b", sign: "c", extra: {} }],
        },
      },
      { session_id: 5 },
      { unknown_field: "x" },
    ];
    for (const authority of bad)
      expect(() => seal(call, loose(authority), undefined)).toThrow(/could not list the VMs/);
    for (const nodeId of [5, null, {}])
      expect(() => seal({ ...call, nodeId: loose(nodeId) }, {}, undefined)).toThrow();
    expect(() => seal({ ...call, additional: { a: loose([5]) } }, {}, undefined)).toThrow();
    expect(() => seal({ ...call, additional: { a: 1.5 } }, {}, undefined)).toThrow();
  });
});

describe("a description", () => {
  test.each([
    ['say "hi"', "say 'hi'"],
    ["a\\b", "a/b"],
    ["one\ntwo\ttab\u0000nul", "one two tab nul"],
    ["ubuntu", "ubuntu "],
    ["win", "win "],
    ["linux", "linux "],
    ["windows", "windows "],
    ["my ubuntu", "my ubuntu"],
    ["half \ud800", "half \ufffd"],
    ["", ""],
    ["训练", "训练"],
  ])("%j leaves as %j", async (text, harmless) => {
    expect(harmlessDescription(text)).toBe(harmless);
    const { additional } = await sent((client) =>
      client.createTask(NODE, { ...NEW_TASK, description: text }),
    );
    expect(additional).toMatchObject({ desc: harmless });
  });
});
