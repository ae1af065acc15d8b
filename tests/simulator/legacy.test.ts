import { defaultWorld } from "../../simulator/world/default-world";
import { Lab } from "./lab";
import { post } from "./renter";

const nodes = (defaultWorld.nodes ?? []).map((node) =>
  node.id === "a1".repeat(32) ? { ...node, version: "0.3.7.9" } : node,
);
const CURRENT = { node: "a2".repeat(32) };
const SEVEN = {
  ssh_port: "20001",
  image_name: "ubuntu.qcow2",
  gpu_count: "0",
  cpu_cores: "4",
  mem_size: "8",
  disk_size: "10",
  vnc_port: "5904",
};

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.start({ seed: { ...defaultWorld, nodes } });
});
afterEach(() => lab.close());

/** A VM on the older node, which runs. */
const older = async (): Promise<string> => {
  const message = await lab.ask("/tasks/start", SEVEN);
  await lab.seconds(5);
  return `${message?.task_id}`;
};

test.each([
  ["/disk/list/x", 404, "not support uri:/api/v1/disk/list/x"],
  ["/lan/create", 404, "not support uri:/api/v1/lan/create"],
  ["/rent_orders", 404, "not support uri:/api/v1/rent_orders"],
  ["/tasks/poweroff/x", 500, "Unhandled request"],
  ["/tasks/modify/x", 500, "Unhandled request"],
  ["/images/servers", 400, "invalid requests uri"],
  ["/snapshot/x/y/z", 400, "invalid uri, please use /snapshot/<task_id>"],
])("to an older node, %s is unknown", async (path, status, message) => {
  expect(await lab.answer(path)).toMatchObject({ status, message });
});

test.each([
  ["/snapshot/x", "invalid uri"],
  ["/snapshot/x/create", "invalid uri"],
  ["/images/download/ubuntu.qcow2", "invalid requests uri"],
])("to a current node, %s is of the past", async (path, message) => {
  expect(await lab.answer(path, {}, CURRENT)).toMatchObject({ status: 400, message });
});

test.each([
  [{ ssh_port: "" }, "ssh_port is invalid"],
  [{ vnc_port: "" }, "vnc port is not specified"],
  [{ vnc_port: "6001" }, "vnc port out of range, it should be between 5900 and 6000"],
  [{ image_name: "x" }, "image_name is empty or image_name is invalid"],
  [{ image_name: "x.qcow2" }, "image does not exist"],
  [{ cpu_cores: "0" }, "cpu_cores is invalid"],
  [{ gpu_count: "9" }, "allocate gpu failed"],
])("a create with %j is refused", async (wish, message) => {
  expect(await lab.answer("/tasks/start", { ...SEVEN, ...wish })).toMatchObject({
    status: 200,
    errcode: -3,
    message,
  });
});

test("nobody looks whether two VMs ask for the same ports", async () => {
  const [one, two] = [await older(), await older()];
  expect(one).not.toBe(two);
  expect([await lab.status(one), await lab.status(two)]).toEqual(["running", "running"]);
});

test("whoever looks at a VM whose guest switched itself off has it started again", async () => {
  const id = await older();
  await lab.simulator.setDomain(lab.node, id, "shutoff");
  expect(await lab.status(id)).toBe("running");
  await lab.seconds(5);
  expect(lab.simulator.requireTask(lab.node, id).domain).toBe("running");
});

test("a snapshot of a running VM leaves it off", async () => {
  const id = await older();
  await lab.ask(`/snapshot/${id}/create`, { snapshot_name: "s", description: "d" });
  expect(await lab.status(id)).toBe("creating snapshot");
  expect(await lab.answer(`/snapshot/${id}/create`, { snapshot_name: "t", description: "d" })).toMatchObject({
    errcode: -3,
    message: "task snapshot is busy, please wait a moment",
  });
  await lab.seconds(60);
  expect(await lab.status(id)).toBe("closed");
  expect(await lab.ask(`/snapshot/${id}/s`)).toMatchObject({ snapshot_name: "s", state: "disk-snapshot" });
  expect(await lab.ask(`/snapshot/${id}/create`, { snapshot_name: "t" })).toBe(
    "snapshot description is not specified",
  );
});

test("a client node of that time lists the image centre without being told a node, as seed 003 asks", async () => {
  const body = JSON.stringify({ peer_nodes_list: [], additional: {} });
  expect(await post(lab.simulator, "/images", body)).toMatchObject({ message: "image_server not exist" });
  lab.simulator.world.client.version = "0.3.7.9";
  expect((await post(lab.simulator, "/images", body)).message).toContain("pytorch.qcow2");
});
