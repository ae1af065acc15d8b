import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { type FaultKind, faultKinds } from "../../simulator";
import { Lab } from "./lab";
import { plainVm } from "./renter";

const id = "AAAAAAAAAABBBBBBBBBB";

/** What a create gets under a fault: status and text, or that nothing comes; and whether there is a VM in the end. */
interface Outcome {
  readonly kind: FaultKind;
  readonly answer: readonly [number, string | RegExp] | "cut" | "nothing";
  readonly isMade: boolean;
}

const outcomes: readonly Outcome[] = [
  { kind: "lost-answer", answer: "cut", isMade: true },
  { kind: "cut-answer", answer: "cut", isMade: true },
  { kind: "late-effect", answer: [500, "create task timeout"], isMade: true },
  { kind: "timeout", answer: [500, "create task timeout"], isMade: false },
  { kind: "no-answer", answer: "nothing", isMade: false },
  { kind: "slow-answer", answer: [500, "create task timeout"], isMade: true },
  { kind: "unknown-node", answer: [400, "create node request failed"], isMade: false },
  { kind: "refusal", answer: [200, /^\{"errcode":1, "message":"refused by a fault"\}\r\n$/], isMade: false },
  { kind: "http-error", answer: [500, "failed by a fault"], isMade: false },
  { kind: "broken-json", answer: [200, /^\{"errcode":0, "message":\{"task_id":"A+[^}]*$/], isMade: true },
  { kind: "html-body", answer: [200, /^<html>/], isMade: true },
  { kind: "wrong-shape", answer: [200, /"surprise"/], isMade: true },
  { kind: "huge-body", answer: [200, /^\{"errcode":0, "message":"x{10000}/], isMade: true },
  { kind: "redirect", answer: [302, /^$/], isMade: true },
  { kind: "unparsable-answer", answer: [500, "response parse error"], isMade: true },
  { kind: "crash", answer: "cut", isMade: false },
  {
    kind: "chain-unreachable",
    answer: [200, "check authority failed: query machine_status failed"],
    isMade: false,
  },
  {
    kind: "foreign-domain",
    answer: [200, "create task failed, please try again in a minute"],
    isMade: false,
  },
];

/** Kinds that show elsewhere than in the answer to a create: each has its test in one of these. */
const others = ["vm-life", "disks", "transfers", "faults"];

describe("faults", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.start();
  });
  afterEach(() => lab.close());

  const post = async () => {
    const body = {
      peer_nodes_list: [lab.node],
      additional: { ...plainVm, task_id: id },
      ...lab.alice.auth(),
    };
    const response = await fetch(`${lab.simulator.url}/api/v1/tasks/start`, {
      method: "POST",
      body: JSON.stringify(body),
      redirect: "manual",
    });
    return [response.status, await response.text()] as const;
  };

  test.each(outcomes)("$kind of a create (h15)", async ({ kind, answer, isMade }) => {
    lab.simulator.arm({ kind, operation: "tasks.create" });
    const state: { answer?: readonly [number, string] | "cut" } = {};
    post()
      .then((value) => Object.assign(state, { answer: value }))
      .catch(() => Object.assign(state, { answer: "cut" }));
    await lab.seconds(90);
    // Much of an answer takes real time.
    while (answer !== "nothing" && state.answer === undefined) await pause(5);
    if (typeof answer === "string") expect(state.answer ?? "nothing").toBe(answer);
    else {
      const [status, text] = answer;
      expect(state.answer?.[0]).toBe(status);
      if (typeof text === "string")
        expect(JSON.parse(`${state.answer?.[1]}`)).toMatchObject({ message: text });
      else expect(text.test(`${state.answer?.[1]}`)).toBe(true);
    }
    lab.simulator.restartClient();
    expect(lab.simulator.requireNode(lab.node).tasks[id]?.status).toBe(isMade ? "running" : undefined);
    // It struck once; the next create meets nothing.
    expect(lab.simulator.faults).toEqual([]);
    expect((await post())[1]).toContain(isMade ? "task id already existed" : '"status":"creating"');
  });

  test("every kind of fault has its test (h15)", () => {
    const texts = others.map((name) => readFileSync(`tests/simulator/${name}.test.ts`, "utf8")).join("\n");
    const shown = new Set(outcomes.map(({ kind }) => kind));
    expect(
      faultKinds.filter((kind) => !shown.has(kind) && !new RegExp(`"(fault-)?${kind}"`).test(texts)),
    ).toEqual([]);
  });

  test("a crash is of the whole client node, until it is restarted (h15)", async () => {
    lab.simulator.arm({ kind: "crash" });
    await expect(lab.answer("/tasks")).rejects.toThrow();
    await expect(lab.answer("/tasks")).rejects.toThrow();
    lab.simulator.restartClient();
    expect(await lab.ask("/tasks")).toEqual([]);
  });

  test.each(["libvirt-outage", "task-not-exist"] as const)("%s of a verb (h14, h15)", async (kind) => {
    const vm = await lab.running();
    lab.simulator.arm({ kind, operation: "tasks.poweroff" });
    expect(await lab.ask(`/tasks/poweroff/${vm}`)).toBe("task not exist");
    expect(await lab.ask(`/tasks/poweroff/${vm}`)).toBe("ok");
  });

  test("a transfer that stalls stands still, and ends without the file (h15)", async () => {
    lab.simulator.arm({ kind: "transfer-stall", seconds: 100 });
    const additional = { image_server: "lab", image_filename: "pytorch.qcow2", local_dir: "/data" };
    await lab.ask("/images/download", additional);
    const progress = () => lab.ask("/images/downloadprogress", { image_filename: "pytorch.qcow2" });
    await lab.seconds(20);
    expect(await progress()).toEqual({ status: "downloading", progress: "50%" });
    await lab.seconds(60);
    expect(await progress()).toEqual({ status: "downloading", progress: "50%" });
    await lab.seconds(60);
    expect(await progress()).toEqual({ status: "done", progress: "100%" });
    expect(JSON.stringify(await lab.ask("/images"))).not.toContain("pytorch");
  });

  test("a LAN whose bridge can't be made is refused after all checks, and is not there (h15)", async () => {
    lab.simulator.arm({ kind: "lan-error" });
    expect(await lab.ask("/lan/create", { network_name: "office1" })).toBe("ip cidr can not be empty");
    const create = () => lab.ask("/lan/create", { network_name: "office1", ip_cidr: "10.1.0.0/24" });
    expect(await create()).toBe("create vxlan failed");
    expect(await lab.ask("/lan/office1")).toBe("network name not exist");
    expect(await create()).toBe("ok");
  });

  test("a fault strikes what it names, after what it lets pass, as often as it says (h15)", async () => {
    lab.simulator.arm({ kind: "refusal", operation: "tasks", after: 1, times: 2, message: "no" });
    expect(await lab.ask("/mining_nodes")).toMatchObject({ node_type: "1" });
    const said = [];
    for (let n = 0; n < 4; n++) said.push(await lab.ask("/tasks"));
    expect(said).toEqual([[], "no", "no", []]);
    const fault = lab.simulator.arm({ kind: "refusal", nodeId: "a2".repeat(32), times: null });
    expect(await lab.ask("/tasks")).toEqual([]);
    expect(await lab.ask("/tasks", {}, { node: "a2".repeat(32) })).toBe("refused by a fault");
    lab.simulator.disarm(fault);
    expect(await lab.ask("/tasks", {}, { node: "a2".repeat(32) })).toEqual([]);
  });

  test("a word in the description or the image's name does the same (h15)", async () => {
    await expect(lab.create({ task_id: id, desc: "fault-lost-answer" })).rejects.toThrow();
    await lab.seconds(3);
    expect(await lab.status(id)).toBe("running");
    const vm = await lab.create({ image_name: "fault-boot-error.qcow2", ssh_port: "2", vnc_port: "6002" });
    await lab.seconds(3);
    expect(await lab.status(vm)).toBe("create error");
  });

  test("a node's restart forgets what only its process held (h15)", async () => {
    const first = await lab.create();
    await lab.simulator.restartMiner(lab.node);
    expect(await lab.status(first)).toBeUndefined();
    const second = await lab.running();
    await lab.ask(`/tasks/poweroff/${second}`);
    await lab.simulator.restartMiner(lab.node);
    await lab.seconds(10);
    expect(await lab.status(second)).toBe("running");
  });
});
