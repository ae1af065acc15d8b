import { randomUUID } from "node:crypto";
import { alice, bob, labNodes } from "../../simulator";
import { Lab } from "./lab";
import { Renter } from "./renter";

describe("who may", () => {
  let lab: Lab;
  const stranger = new Renter("//Bob");
  const refused = (reason: string) => `check authority failed: ${reason}`;
  beforeEach(async () => {
    lab = await Lab.start();
  });
  afterEach(() => lab.close());

  test("a nonce counts once at each node, and only after a good signature (h2)", async () => {
    const nonce = randomUUID();
    const auth = lab.alice.auth(nonce);
    expect(await lab.ask("/tasks", {}, { auth: { ...auth, sign: "00".repeat(64) } })).toBe(
      refused("nonce check failed"),
    );
    expect(await lab.ask("/tasks", {}, { auth })).toEqual([]);
    expect(await lab.ask("/tasks", {}, { auth })).toBe(refused("nonce check failed"));
    expect(await lab.ask("/tasks", {}, { auth, node: labNodes.alice2 })).toEqual([]);
    // A node that restarts has forgotten it.
    await lab.simulator.restartMiner(lab.node);
    expect(await lab.ask("/tasks", {}, { auth })).toEqual([]);
  });

  test("signatures are verified: another key, another text, wrapped or raw (h2)", async () => {
    const nonce = randomUUID();
    for (const auth of [
      { ...lab.alice.auth(nonce), sign: stranger.sign(nonce) },
      { ...lab.alice.auth(nonce), sign: lab.alice.sign(`<Bytes>${nonce}</Bytes>`) },
      { ...lab.alice.auth(nonce), sign: lab.alice.sign(`${nonce} `) },
    ])
      expect(await lab.ask("/tasks", {}, { auth })).toBe(refused("nonce check failed"));
    expect(await lab.ask("/tasks", {}, { auth: stranger.auth() })).toBe(refused("wallet not rented"));
  });

  test("a session is one for a node and a wallet, survives a restart, and is signed by its renter (h2)", async () => {
    const session = async (node = lab.node) =>
      `${(await lab.ask("/mining_nodes/session_id", {}, { node }))?.session_id}`;
    const id = await session();
    expect(await session()).toBe(id);
    expect(await session(labNodes.alice2)).not.toBe(id);
    await lab.simulator.restartMiner(lab.node);
    expect(await session()).toBe(id);
    const auth = lab.alice.session(id);
    expect(await lab.ask("/tasks", {}, { auth })).toEqual([]);
    expect(await lab.ask("/tasks", {}, { auth })).toEqual([]);
    expect(await lab.ask("/tasks", {}, { auth: stranger.session(id) })).toBe(
      refused("session_id is invalid"),
    );
    expect(await lab.ask("/tasks", {}, { auth, node: labNodes.alice2 })).toBe(
      refused("session_id is invalid"),
    );
    const only = await lab.answer("/mining_nodes/session_id", {}, { auth });
    expect([only.status, only.message]).toEqual([400, "wallet_sign and multisig_wallets all invalid"]);
  });

  test("an order's number opens what it rents, and nothing else (h2)", async () => {
    await lab.simulator.rent(labNodes.unrented, { renter: alice, order: "77", gpuIndexes: [0, 1] });
    const node = labNodes.unrented;
    expect(await lab.ask("/tasks", {}, { node })).toBe(refused("wallet not rented"));
    expect(await lab.ask("/tasks", {}, { node, rentOrder: "78" })).toBe(refused("wallet not rented"));
    expect(await lab.ask("/tasks", {}, { node, rentOrder: "77" })).toEqual([]);
    const { session_id } = (await lab.ask("/mining_nodes/session_id", {}, { node, rentOrder: "77" })) ?? {};
    const auth = lab.alice.session(`${session_id}`);
    expect(await lab.ask("/tasks", {}, { node, auth })).toBe(refused("machine has already expired"));
    // Part of a machine: exactly the GPUs that the order has.
    const create = (gpus: string) =>
      lab.create({ gpu_count: gpus, cpu_cores: "1", mem_size: "1" }, { node, rentOrder: "77" });
    await lab.simulator.addImage(node, { name: "ubuntu.qcow2", sizeGib: 1, virtualGib: 10 });
    expect(await create("3")).toBe("gpu_count exceeds number of leases");
    expect(await create("1")).toBe("only use the number what you exactly rented");
    expect(await create("2")).toMatch(/^[1-9A-Za-z]{15,}$/);
  });

  test("what the chain says comes first (h2)", async () => {
    expect(await lab.ask("/tasks", {}, { node: labNodes.unrented })).toBe(
      refused("machine is not be rented"),
    );
    await lab.simulator.setNode(lab.node, { machineStatus: "unknown" });
    expect(await lab.ask("/tasks")).toBe(refused("query machine_status failed"));
    await lab.simulator.setNode(lab.node, { machineStatus: "verifying" });
    expect(await lab.ask("/tasks")).toBe(refused("not in verify time"));
  });

  test("a VM is its wallet's in lists, and anybody's who may at all in verbs (h2)", async () => {
    const id = await lab.running();
    await lab.simulator.rent(lab.node, { renter: bob, order: "5" });
    const auth = () => ({ auth: stranger.auth(), rentOrder: "5" });
    expect(await lab.ask("/tasks", {}, auth())).toEqual([]);
    expect(await lab.ask(`/tasks/${id}`, {}, auth())).toBe("task_id not exist");
    expect(await lab.ask(`/tasks/poweroff/${id}`, {}, auth())).toBe("ok");
  });
});
