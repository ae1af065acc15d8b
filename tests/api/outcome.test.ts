/// <reference types="jest" />
import { TransportError, type TransportFault } from "../../provider/core/effects";
import type { Outcome } from "../../provider/core/errors";
import {
  CALL_NAMES,
  CALLS,
  type CallName,
  clientOf,
  failure,
  NEW_TASK,
  NODE,
  ok,
  recordingSend,
  refusal,
  reply,
  TASK,
} from "./fakes";

const outcomeOf = async (name: CallName, send: Parameters<typeof recordingSend>[0]) =>
  failure(CALLS[name].call(clientOf(recordingSend(send).send)));

/** Outcome of a text for every read and for every write, where the call itself makes no difference. */
type Row = readonly [errcode: number, text: string, read: Outcome, write: Outcome, remedy?: RegExp];
const both = (outcome: Outcome, errcode: number, texts: readonly string[], remedy?: RegExp): Row[] =>
  texts.map(
    (text): Row => (remedy ? [errcode, text, outcome, outcome, remedy] : [errcode, text, outcome, outcome]),
  );

const NODE_SAYS: readonly Row[] = [
  ...both(
    "unavailable",
    -3,
    ["check authority failed: query machine_status failed"],
    /can't reach the chain; try again/,
  ),
  ...both("unavailable", -3, [
    "check authority failed: unknown machine status",
    "create task failed, please try again in a minute",
    "start task failed, please try again in a minute",
    "restart task failed, please try again in a minute",
    "no session id",
    "request no pub_key",
    "pub_key or priv_key is empty",
  ]),
  ...both(
    "rental-over",
    -3,
    ["check authority failed: machine is not be rented"],
    /nobody rents this machine now/,
  ),
  ...both(
    "rental-over",
    -3,
    ["check authority failed: wallet not rented"],
    /rented, but not by this account/,
  ),
  ...both("rental-over", -3, ["check authority failed: machine has already expired"], /rental has ended/),
  ...both("unauthorised", -3, ["check authority failed: nonce check failed"], /seed/),
  ...both(
    "unauthorised",
    -3,
    ["check authority failed: session_id is invalid"],
    /session id and signature belong/,
  ),
  ...both("unauthorised", -3, [
    "check authority failed: not in verify time",
    "check authority failed: ",
    "check authority failed",
    "check authority failed: some new reason",
  ]),
  ...both("refused", -3, ["bare metal nodes are not supported"], /bare-metal server/),
  ...both("refused", 1, [
    "wrong task id length",
    "task id requires a combination of letters or numbers",
    "task id already existed",
    "gpu_count is invalid (usage: gpu_count >= 0)",
    "get gpu info failed",
    "unsupported operation system: beos (usage: 'linux' 'windows')",
    "unsupported bios mode: zz (usage: 'legacy(default)'、'uefi'、'pxe')",
    "image_name is empty",
    "ssh_port is not digit",
    "rdp_port is not digit",
    "vnc_port is not digit",
    "cpu_cores is invalid",
    "mem_size is invalid",
    "disk_size is invalid (usage: disk_size > 0)",
    "invalid network info",
    "multicast format: ip:port",
    "address is not a multicast address",
    "invalid multicast port",
    "invalid interface model type",
    "task is shut_off",
    "task is being shutdown",
    "task is paused",
    "get cpu tune failed",
    "additional parse failed",
    "password can not be empty",
    "user name can not be empty",
  ]),
  ...both("refused", 1, ["order gpu index is empty", "gpu rent order is empty"], /set rentOrder/),
  ...both("refused", 1, ["gpu_count exceeds number of leases"], /no more GPUs than you rent/),
  ...both("refused", 1, ["only use the number what you exactly rented"], /set gpuCount/),
  ...both("refused", 1, ["allocate gpu failed", "check gpu failed"], /fewer GPUs/),
  ...both("refused", 1, ["'image_name' extension name is invalid"], /\.qcow2/),
  ...both("refused", 1, ["'image_name' is not exist (path:/data/zz.qcow2)"], /getNode lists them/),
  ...both(
    "refused",
    1,
    ["'image_name':a.qcow2 in downloading or uploading, please try again later"],
    /transfer's end/,
  ),
  ...both("refused", 1, ["image backfile not exist: /data/base.qcow2"], /based on/),
  ...both("refused", 1, ["invalid public ip"], /plain IPv4 or IPv6/),
  ...both("refused", 1, ["public ip being used"], /has this address/),
  ...both("refused", 1, ["ssh_port is empty"], /set sshPort/),
  ...both("refused", 1, ["rdp_port is empty"], /set rdpPort/),
  ...both("refused", 1, ["vnc_port is empty"], /set vncPort/),
  ...both("refused", 1, ["vnc_port is invalid (usage: [5900, 65535])"], /5900 to 65535/),
  ...both(
    "refused",
    1,
    ["port conflict, exist ssh_port = 20001", "port conflict, exist vnc_port = 5904"],
    /no other VM/,
  ),
  ...both("refused", 1, ["allocate cpu failed", "cpu count exceeds the maximum"], /fewer cores/),
  ...both(
    "refused",
    1,
    ["allocate mem failed", "allocate memory failed", "check memory failed"],
    /less memory/,
  ),
  ...both("refused", 1, ["allocate disk failed"], /smaller data disk/),
  ...both("refused", 1, ["data_file_name is not exist, path: /data/X"], /dataFile/),
  ...both("refused", 1, ["can not find network info"], /doesn't know this LAN/),
  ...both("refused", 1, ["task is running"], /the VM runs/),
  ...both("refused", 1, ["check cpu failed"], /multiple of the machine's sockets/),
  ...both(
    "refused",
    1,
    ["check ssh_port failed", "check rdp_port failed", "check vnc_port failed"],
    /took its port/,
  ),
  ...both("refused", 1, ["Only the running task can change the password"], /start the VM first/),
  ...both(
    "refused",
    1,
    ["Guest agent is not responding: QEMU guest agent is not connected"],
    /qemu-guest-agent/,
  ),
  ...both("not-found", 1, ["task log not exist", "task have no disk:vdb", "task have no disk"]),
  ...both("refused", -3, [
    "parse xml failed",
    "'disk' is empty",
    "'size' is invalid",
    "pxe not support disk",
  ]),
  ...both("not-found", 1, ["task no disk"]),
  ...both("refused", 1, ["please close task first and try again"], /power the VM off first/),
  ...both("refused", 1, ["can not allowed to delete disk:'vda'"], /goes with its VM/),
  ...both("refused", 1, ["mount directory:/data have no enough space"], /another directory, or free space/),
  ...both("refused", 1, ["not exist mount directory: /x"], /a directory that the node has/),
  ...both("refused", -3, ["/nowhere is not exist"], /a directory that the node has/),
  ...both("refused", -3, [
    "network name can not be empty",
    "network name requires a combination of 6 to 10 letters or numbers",
    "ip cidr can not be empty",
    "invalid ip cidr",
    "invalid additional param",
  ]),
  ...both("refused", -3, ["network name already existed"], /choose another/),
  ...both("refused", -3, ["network vni is full"], /delete one/),
  ...both("refused", -3, ["ip cidr already exist"], /choose another range/),
  ...both(
    "refused",
    -3,
    ["wallet error, you are not the owner of the network"],
    /only the account that made it/,
  ),
  ...both(
    "refused",
    -3,
    ["network is in used, please delete task in the network first"],
    /delete the VMs that use it first/,
  ),
  ...both("refused", -3, ["bare metal node has no machine info for now"], /manager of bare-metal servers/),
  ...both("refused", 1, [
    "can not find iptable info when modify public ip",
    "can not find iptable info when modify ssh port",
    "can not find iptable info when modify rdp port",
    "can not find iptable info when modify custom port",
    "new_ssh_port and new_rdp_port are the same!",
    "modify network filter error",
    "new gpu count is invalid",
  ]),
  ...both(
    "refused",
    1,
    [
      "new_ssh_port 0 is invalid! (usage: > 0)",
      "new_rdp_port 9 has been used!",
      "new_vnc_port 5900 has been used!",
    ],
    /no other VM/,
  ),
  ...both(
    "refused",
    1,
    ["can not modify gpu count", "can not modify cpu cores", "can not modify mem size"],
    /rental of/,
  ),
  // what nobody knows may have been done
  ...[
    "some new words",
    "",
    "Guest agent is not responding: not available for now",
    "defineXML failed: x",
    "task not exist either",
    "task id already existed!",
    "create task timeout",
    "open log file error",
  ].map((text): Row => [1, text, "unavailable", "unknown"]),
];

const CLIENT_NODE_SAYS: readonly (readonly [status: number, ...row: Row])[] = [
  [400, -25, "peer_nodeid is empty", "refused", "refused"],
  [400, -25, "json parse error: Invalid value.(5)", "refused", "refused"],
  [400, -25, "parse request params failed: has no peer_nodes_list", "refused", "refused"],
  [400, -25, "image_server not exist", "refused", "refused", /getImageServers/],
  [
    400,
    -25,
    "wallet_sign and multisig_wallets all invalid",
    "unauthorised",
    "unauthorised",
    /DBC_WALLET_SEED/,
  ],
  [400, -25, "session_id and wallet all invalid", "unauthorised", "unauthorised", /DBC_SESSION_ID/],
  [400, -32600, "only support POST request", "refused", "refused"],
  [400, -32600, "invalid requests uri", "refused", "refused"],
  [400, -32701, "create node request failed", "unavailable", "unavailable", /check nodeId/],
  [400, -32701, "create request session failed", "unavailable", "unavailable", /too many requests/],
  [400, -32701, "broadcast request failed", "unavailable", "unavailable", /not connected to the network/],
  [400, -32701, "network name not exist", "not-found", "not-found"],
  [400, -32701, "new words", "unavailable", "unknown"],
  [400, -1, "new words", "unavailable", "unknown"],
  [404, -32601, "not support uri:/api/v1/nope", "refused", "refused", /too old/],
  [404, -25, "new words", "unavailable", "unknown"],
  [500, -1, "create task timeout", "unavailable", "unknown", /slow or off line/],
  [500, -1, "response parse error", "unavailable", "unknown", /breaks the node's JSON/],
  [500, -1, "http response parse error", "unavailable", "unknown", /breaks the node's JSON/],
  [500, -1, "rsp decrypt error1", "unavailable", "unknown"],
  [500, -1, "pub_key or priv_key is empty", "unavailable", "unknown"],
  [500, -32701, "Unhandled request", "unavailable", "unknown", /too old/],
  [500, -25, "peer_nodeid is empty", "unavailable", "unknown"],
  [503, -25, "peer_nodeid is empty", "unavailable", "unknown"],
];

const READS = CALL_NAMES.filter((name) => !CALLS[name].write);
const WRITES = CALL_NAMES.filter((name) => CALLS[name].write);

/** Matches every message: not each text has a remedy. */
const ANY = /^/;

describe("the mining node's", () => {
  const rows = NODE_SAYS.map(
    ([errcode, text, read, write, remedy = ANY]) => [errcode, text, read, write, remedy] as const,
  );
  test.each(rows)("errcode %p with %j", async (errcode, text, read, write, remedy) => {
    for (const name of CALL_NAMES) {
      const error = await outcomeOf(name, () => refusal(errcode, text));
      expect([name, error.outcome]).toEqual([name, CALLS[name].write ? write : read]);
      expect(error.said).toBe(text.trim());
      if (text.trim() !== "") expect(error.message).toContain(`the node said "${text.trim()}"`);
      expect(error.message).toMatch(remedy);
    }
  });
});

describe("the client node's", () => {
  const rows = CLIENT_NODE_SAYS.map(
    ([status, errcode, text, read, write, remedy = ANY]) =>
      [status, errcode, text, read, write, remedy] as const,
  );
  test.each(rows)("HTTP %i, errcode %i with %j", async (status, errcode, text, read, write, remedy) => {
    for (const name of CALL_NAMES) {
      const error = await outcomeOf(name, () => refusal(errcode, text, status));
      expect([name, error.outcome]).toEqual([name, CALLS[name].write ? write : read]);
      expect(error.said).toBe(text);
      expect(error.message).toContain(`the client node at http://127.0.0.1:5002 said "${text}"`);
      expect(error.message).toMatch(remedy);
    }
  });
});

describe("absence", () => {
  test("of a VM is proven only by the detail, with its exact words and code", async () => {
    const ends = async (errcode: number, text: string, status = 200) =>
      (await outcomeOf("getTask", () => refusal(errcode, text, status))).outcome;
    expect(await ends(-3, "task_id not exist")).toBe("not-found");
    expect(await ends(1, "task_id not exist")).toBe("unavailable");
    expect(await ends(-3, "task not exist")).toBe("unavailable");
    expect(await ends(-3, "task_id not exist.")).toBe("unavailable");
    expect(await ends(-3, "Task_id not exist")).toBe("unavailable");
    expect(await ends(-3, "task_id not exist", 500)).toBe("unavailable");
    expect(await ends(-3, "network name not exist")).toBe("unavailable");
  });

  test.each([...WRITES.filter((name) => name !== "createTask"), "getTaskLogs", "listDisks"] as const)(
    "is what %s calls it when the node says task not exist, and keeps the words",
    async (name) => {
      for (const errcode of [1, -3]) {
        const error = await outcomeOf(name, () => refusal(errcode, "task not exist"));
        expect([error.outcome, error.said]).toEqual(["not-found", "task not exist"]);
      }
      const error = await outcomeOf(name, () => refusal(-3, "task_id not exist"));
      expect(error.outcome).toBe(CALLS[name].write ? "unknown" : "unavailable");
    },
  );

  test("of a VM that is being created can't be", async () => {
    expect((await outcomeOf("createTask", () => refusal(1, "task not exist"))).outcome).toBe("unknown");
  });

  test("of a LAN is the node's word for it", async () => {
    expect((await outcomeOf("getLan", () => refusal(-3, "network name not exist"))).outcome).toBe(
      "not-found",
    );
    expect((await outcomeOf("listTasks", () => refusal(-3, "network name not exist"))).outcome).toBe(
      "unavailable",
    );
  });
});

describe("a body", () => {
  test.each([
    ["nothing", "", 200, /an empty answer/],
    ["spaces", " \r\n", 200, /an empty answer/],
    ["cut JSON", '{"errcode":0,"mess', 200, /text that is not JSON/],
    [
      "an HTML page",
      "<HTML><BODY>canary</BODY></HTML>",
      200,
      /HTTP 200 with an HTML page; check that DBC_ENDPOINT/,
    ],
    ["an HTML page of a proxy", "<html>canary</html>", 502, /HTTP 502 with an HTML page/],
    ["plain text", "canary", 500, /HTTP 500 with text that is not JSON/],
    ["a list", "[]", 200, /JSON of an unexpected shape/],
    ["null", "null", 200, /JSON of an unexpected shape/],
    ["no errcode", '{"message":"ok"}', 200, /JSON of an unexpected shape/],
    ["errcode as text", '{"errcode":"0","message":"ok"}', 200, /JSON of an unexpected shape/],
    ["errcode as a fraction", '{"errcode":0.5,"message":"ok"}', 200, /JSON of an unexpected shape/],
    ["errcode beyond all numbers", '{"errcode":1e400,"message":"ok"}', 200, /JSON of an unexpected shape/],
    ["errcode null", '{"errcode":null,"message":"ok"}', 200, /JSON of an unexpected shape/],
    ["a deep nest", `{"errcode":0,"message":${"[".repeat(33)}${"]".repeat(33)}}`, 200, /nested more than 32/],
    ["a very deep nest", "[".repeat(100_000), 200, /nested more than 32/],
    ["success with a failing status", '{"errcode":0,"message":"ok"}', 500, /HTTP 500 with a success code/],
    ["success of the wrong kind", '{"errcode":0,"message":5}', 200, /unexpected shape at message/],
    [
      "success that is 20 deep",
      `{"errcode":0,"message":${"[".repeat(20)}${"]".repeat(20)}}`,
      200,
      /unexpected shape/,
    ],
    ["success without a message", '{"errcode":0}', 200, /of an unexpected shape/],
  ])("of %s is unavailable for reads and unknown for writes", async (_, body, status, says) => {
    for (const name of CALL_NAMES) {
      const error = await outcomeOf(name, () => reply(body, status));
      expect([name, error.outcome]).toEqual([name, CALLS[name].write ? "unknown" : "unavailable"]);
      expect(error.message).toMatch(says);
      expect(error.message).not.toContain("canary");
    }
  });

  test("that names another VM than ours proves nothing", async () => {
    const answer = { task_id: "pd1bbbbbbbbbbbbbbbbbbb", create_time: "", desc: "", status: "creating" };
    expect((await outcomeOf("createTask", () => ok(answer))).outcome).toBe("unknown");
    const detail = { ...answer, cpu_cores: 1, gpu_count: 0, mem_size: "1G" };
    expect((await outcomeOf("getTask", () => ok(detail))).outcome).toBe("unavailable");
  });

  test("whose list has one bad line is not taken in part: what is left out would look gone", async () => {
    const line = { task_id: TASK, create_time: "", desc: "", status: "running" };
    const client = clientOf(recordingSend(() => ok([line, { ...line, status: 5 }])).send);
    const error = await failure(client.listTasks(NODE));
    expect(error.outcome).toBe("unavailable");
    expect(error.message).toContain("unexpected shape at message.1.status");
  });

  test("that is the short form of a bare-metal server says so", async () => {
    const answer = { version: "0.4.1.8", node_type: "2", ip: "*", os: "x" };
    const error = await outcomeOf("getNode", () => ok(answer));
    expect(error.outcome).toBe("refused");
    expect(error.message).toContain("bare-metal server");
  });
});

describe("something in front of the client node", () => {
  test.each([401, 403, 407])("that answers %i wants credentials of its own", async (status) => {
    for (const name of CALL_NAMES)
      expect((await outcomeOf(name, () => reply("<html>", status))).outcome).toBe("unauthorised");
  });

  test.each([301, 302, 307, 308])(
    "that redirects by %i is not followed, and only its host is named",
    async (status) => {
      const location = "https://user:canary@elsewhere.example/canary?token=canary";
      for (const name of CALL_NAMES) {
        const error = await outcomeOf(name, () => ({ status, headers: { location }, body: "" }));
        expect(error.outcome).toBe("refused");
        expect(error.message).toContain("redirects to elsewhere.example");
        expect(error.message).not.toContain("canary");
      }
    },
  );

  test("that redirects nowhere is no surprise", async () => {
    for (const headers of [{}, { location: "http://[" }])
      expect((await outcomeOf("listTasks", () => ({ status: 302, headers, body: "" }))).outcome).toBe(
        "refused",
      );
  });
});

describe("a fault on the way", () => {
  const FAULTS: readonly (readonly [TransportFault, boolean, Outcome, Outcome])[] = [
    ["no-connection", false, "unavailable", "not-sent"],
    ["deadline", false, "unavailable", "not-sent"],
    ["aborted", false, "unavailable", "not-sent"],
    ["broken", true, "unavailable", "unknown"],
    ["deadline", true, "unavailable", "unknown"],
    ["aborted", true, "unavailable", "unknown"],
    ["bad-reply", true, "unavailable", "unknown"],
  ];
  test.each(FAULTS)(
    "(%s, may have been sent: %p) is %s for reads and %s for writes",
    async (fault, sent, read, write) => {
      for (const name of CALL_NAMES) {
        const error = await outcomeOf(name, () => {
          throw new TransportError("some reason", sent, fault);
        });
        expect([name, error.outcome]).toEqual([name, CALLS[name].write ? write : read]);
        expect(error.message).toContain("some reason");
        expect(error.said).toBe("");
      }
    },
  );

  test("that is a mistake of the wire itself is of unknown outcome and not shown", async () => {
    const error = await outcomeOf("startTask", () => {
      throw new Error("canary");
    });
    expect(error.outcome).toBe("unknown");
    expect(error.message).not.toContain("canary");
  });

  test("is tried again for reads only, and only where the connection failed", async () => {
    const times = async (name: CallName, fault: TransportFault) => {
      const { send, requests } = recordingSend(() => {
        throw new TransportError("x", fault !== "no-connection", fault);
      });
      await failure(CALLS[name].call(clientOf(send)));
      return requests.length;
    };
    for (const name of READS) {
      expect(await times(name, "no-connection")).toBe(3);
      expect(await times(name, "broken")).toBe(3);
      expect(await times(name, "deadline")).toBe(1);
      expect(await times(name, "aborted")).toBe(1);
      expect(await times(name, "bad-reply")).toBe(1);
    }
    for (const name of WRITES)
      for (const fault of ["no-connection", "broken", "deadline", "aborted"] as const)
        expect([name, fault, await times(name, fault)]).toEqual([name, fault, 1]);
  });

  test("ends well when a read succeeds the third time", async () => {
    let attempts = 0;
    const { send } = recordingSend(() => {
      attempts += 1;
      if (attempts < 3) throw new TransportError("x", true);
      return ok([]);
    });
    expect(await clientOf(send).listTasks(NODE)).toEqual([]);
  });

  test("at the default address says that it is the default and how to set another", async () => {
    const call = (endpointIsDefault: boolean) =>
      failure(
        clientOf(
          recordingSend(() => {
            throw new TransportError("the connection was refused", false);
          }).send,
          { endpointIsDefault },
        ).createTask(NODE, NEW_TASK),
      );
    const unset = (await call(true)).message;
    expect(unset).toContain("no DBC client answers at http://127.0.0.1:5002 (the connection was refused)");
    expect(unset).toContain("the DBC client's default address");
    expect(unset).toContain("set DBC_ENDPOINT or dbc:endpoint");
    const set = (await call(false)).message;
    expect(set).toContain("no DBC client answers at http://127.0.0.1:5002");
    expect(set).not.toContain("default");
    expect(set).toContain("check that DBC_ENDPOINT or dbc:endpoint");
  });
});

describe("a modify that stops half way", () => {
  const modify = (changes: Parameters<ReturnType<typeof clientOf>["modifyTask"]>[2], text: string) =>
    failure(clientOf(recordingSend(() => refusal(1, text)).send).modifyTask(NODE, TASK, changes));

  test("is refused when nothing comes before the field that was refused", async () => {
    const error = await modify({ publicIp: "203.0.113.7", gpuCount: 4 }, "allocate gpu failed");
    expect(error.outcome).toBe("refused");
    expect(
      (await modify({ publicIp: undefined, sshPort: 22, gpuCount: 4 }, "new_ssh_port 22 has been used!"))
        .outcome,
    ).toBe("refused");
    expect((await modify({ publicIp: "203.0.113.7", sshPort: 22 }, "public ip being used")).outcome).toBe(
      "refused",
    );
  });

  test.each([
    ["allocate gpu failed", { sshPort: 22, gpuCount: 4 }],
    ["allocate cpu failed", { gpuCount: 1, cpuCores: 4 }],
    ["allocate memory failed", { cpuCores: 4, memoryGib: 4 }],
    ["new_rdp_port 22 has been used!", { sshPort: 21, rdpPort: 22 }],
    ["new_ssh_port and new_rdp_port are the same!", { sshPort: 22, rdpPort: 22 }],
    ["new_vnc_port 5900 has been used!", { networkFilters: [], vncPort: 5900 }],
    ["modify network filter error", { customPorts: [], networkFilters: [] }],
    ["can not modify mem size", { cpuCores: 1, memoryGib: 4 }],
    ["defineXML failed: x", { memoryGib: 4 }],
  ])("at %j is unknown when another field was applied before", async (text, changes) => {
    const error = await modify({ publicIp: undefined, ...changes }, text);
    expect(error.outcome).toBe("unknown");
    expect(error.said).toBe(text);
  });
});

test("messages are one sentence that says what was tried, on what, what was said and what to do", async () => {
  const refused = await outcomeOf("createTask", () =>
    refusal(1, "'image_name' is not exist (path:/data/ubuntu.qcow2)"),
  );
  expect(refused.message).toBe(
    `could not create VM pd1aaaaaaaaaaaaaaaaaaa on node 8ebced8f…: the node said "'image_name' is not exist (path:/data/ubuntu.qcow2)"; choose an image that the node has (getNode lists them), or download it to the node first`,
  );
  const lost = await outcomeOf("deleteTask", () => refusal(-1, "delete task timeout", 500));
  expect(lost.message).toBe(
    `could not learn whether the order to delete VM ${TASK} of node 8ebced8f… took effect: the client node at http://127.0.0.1:5002 said "delete task timeout"; the node is slow or off line: check that its machine is up, then try again`,
  );
});

test("what the remote system said is cleaned before it is shown", async () => {
  const error = await outcomeOf("startTask", () => refusal(1, "a\u001b[31mb\u202ec<{%fg 1%}>\nd"));
  expect(error.said).toBe("a [31mb c< {%fg 1%}> d");
  expect(error.message).toContain(`"a [31mb c< {%fg 1%}> d"`);
});

test("a success is handed on", async () => {
  const modified = (words: string) =>
    clientOf(recordingSend(() => ok(words)).send).modifyTask(NODE, TASK, {
      publicIp: undefined,
      cpuCores: 2,
    });
  expect(await modified("ok")).toEqual({ atNextBoot: false });
  expect(await modified("some changes will take effect on the next boot")).toEqual({ atNextBoot: true });
  expect(await clientOf(recordingSend(() => ok("ok")).send).startTask(NODE, TASK)).toBeUndefined();
});
