import { Lab } from "./lab";
import { plainVm, post } from "./renter";

describe("the answers", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.start();
  });
  afterEach(() => lab.close());

  test("of a node are compact, with HTTP 200 whatever they say, and end with a line end (h1)", async () => {
    const refused = await lab.answer("/tasks/start", {});
    expect([refused.status, refused.text]).toEqual([
      200,
      '{"errcode":1, "message":"image_name is empty"}\r\n',
    ]);
    const unknown = await lab.answer("/tasks/nope");
    expect([unknown.status, unknown.text]).toEqual([
      200,
      '{"errcode":-3, "message":"task_id not exist"}\r\n',
    ]);
    const list = await lab.answer("/tasks");
    expect([list.status, list.text]).toEqual([200, '{"errcode":0, "message":[]}\r\n']);
  });

  test("of the client node are pretty, with an HTTP status that says so (h1)", async () => {
    const { simulator } = lab;
    const pretty = (errcode: number, message: string) =>
      `{\n    "errcode": ${errcode},\n    "message": "${message}"\n}\r\n`;
    const cases = [
      ["/tasks", "", 400, -25, "http request body is empty"],
      ["/tasks", "{", 400, -25, "json parse error: Missing a name for object member.(1)"],
      ["/tasks", "[]", 400, -25, "invalid json"],
      ["/nope", "{}", 404, -32601, "not support uri:/api/v1/nope"],
      ["/tasks/a/b/c", "{}", 400, -32600, "invalid requests uri"],
      ["/tasks/frob/x", "{}", 500, -32701, "Unhandled request"],
      ["/stat", "{}", 500, -32701, "Unhandled request"],
    ] as const;
    for (const [path, body, status, errcode, message] of cases) {
      const answer = await post(simulator, path, body);
      expect([answer.status, answer.text]).toEqual([status, pretty(errcode, message)]);
    }
    const far = await lab.answer("/tasks", {}, { node: "ee".repeat(32) });
    expect([far.status, far.text]).toEqual([400, pretty(-32701, "create node request failed")]);
  });

  test("of a request that nobody foresaw follow the node's order of checks (h1)", async () => {
    const ask = async (path: string, body: object) =>
      (await post(lab.simulator, path, JSON.stringify(body))).message;
    const node = { peer_nodes_list: [lab.node] };
    // method, path, body, JSON, object, fields, node, credentials, the route's own, the node
    expect(await (await fetch(`${lab.simulator.url}/api/v1/snapshot/list/x`)).json()).toMatchObject({
      message: "only support POST request",
    });
    expect(await ask("/snapshot/create/x", { additional: {} })).toBe("has no peer_nodes_list");
    expect(await ask("/snapshot/create/x", { ...node, additional: 1 })).toBe("additional is not object");
    expect(await ask("/snapshot/create/x", { ...node, additional: {}, rent_order: 7 })).toBe(
      "rent_order is not string",
    );
    expect(await ask("/bare_metal/power", { ...node, additional: { command: "explode" } })).toBe(
      "wallet_sign and multisig_wallets all invalid",
    );
    expect(await lab.ask("/bare_metal/power", { command: "explode" })).toBe("invalid command");
    expect(await lab.ask("/bare_metal/power", { command: "on" })).toBe("Not supported");
    expect(await lab.ask("/monitor/set", { servers: ["a:1", "b:2", "c:3"] })).toBe(
      "can not enter more than two servers",
    );
  });

  test("name an image by a key with a colon (h8)", async () => {
    const { text } = await lab.answer("/images");
    expect(text).toContain('{"image_name:":"ubuntu.qcow2","image_size":"4.5G"}');
    const info = await lab.ask("/mining_nodes");
    expect(info?.images).toContainEqual({ image_name: "ubuntu.qcow2", image_size: "4.5G" });
  });

  test("break at a quotation mark in a description: the VM is made, and the wallet's list is lost (h8)", async () => {
    const id = "AAAAAAAAAABBBBBBBBBB";
    const created = await lab.answer("/tasks/start", { ...plainVm, task_id: id, desc: 'my "own"' });
    expect([created.status, created.message]).toEqual([500, "response parse error"]);
    await lab.seconds(5);
    expect(lab.simulator.requireNode(lab.node).tasks[id]).toMatchObject({ status: "running" });
    expect((await lab.answer("/tasks")).message).toBe("response parse error");
    expect((await lab.answer(`/tasks/${id}`)).message).toBe("response parse error");
    // It can still be deleted, which brings the list back.
    expect(await lab.ask(`/tasks/delete/${id}`)).toBe("ok");
    await lab.seconds(2);
    expect(await lab.ask("/tasks")).toEqual([]);
  });

  test("tell a description that the client node has changed (h8)", async () => {
    const id = await lab.create({ desc: "win" });
    expect(await lab.ask(`/tasks/${id}`)).toMatchObject({ desc: "windows" });
  });
});
