/** Habits of the node that have no test of a user's view elsewhere; the list of them all is in simulator/README.md. */
import { vm } from "../../provider/resources/vm";
import { ALICE, Lab, NODE } from "./lab";
import { args } from "./vm-args";

let lab: Lab;
afterEach(() => lab.close());

test("a data file is given only by who says that the node deletes it with the VM", async () => {
  lab = await Lab.open();
  const node = lab.simulator.requireNode(NODE);
  node.files.push({ name: "mine.qcow2", sizeBytes: 1, virtualGib: 10 });
  const file = { dataDiskGib: undefined, dataFile: { name: "mine.qcow2" } };
  const { reasons } = await lab.check(vm, {}, args(file));
  expect(reasons.join()).toMatch(/deletedWithVm/);
  const made = await lab.create(
    vm,
    args({ dataDiskGib: undefined, dataFile: { name: "mine.qcow2", deletedWithVm: true } }),
  );
  expect(made.state).toMatchObject({ phase: "ready" });
  await lab.delete(vm, made);
  expect(node.files).toEqual([]);
});

test.each([
  [6, 16],
  [8, 8],
])("the VNC password is the one that the node tells, with libvirt %i", async (libvirtMajor, length) => {
  const renter = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
  const node = { id: NODE, libvirtMajor, images: ["ubuntu.qcow2"], rentals: [{ renter }] };
  lab = await Lab.open({ seed: { nodes: [node] } }, ALICE);
  const { state } = await lab.create(vm, args());
  expect(`${state.vncPassword}`).toHaveLength(length);
  expect(`${state.password}`.slice(0, length)).toBe(state.vncPassword);
});
