/** What the classes add to a user's arguments, each of which is kept in state and takes the engine's time. */
import * as pulumi from "@pulumi/pulumi";
import * as dbc from "../../sdk";

const registered: Record<string, string[]> = {};

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, type, inputs, id }) => {
      registered[`${type.split(":").at(-1)} ${name}`] = Object.keys(inputs)
        .filter((input) => input.startsWith("__"))
        .sort();
      return { id: id || `${name}-id`, state: inputs };
    },
    call: () => ({}),
  });
});

const args: dbc.VmArgs = {
  nodeId: "a1".repeat(32),
  image: "ubuntu.qcow2",
  cpuCores: 4,
  memoryGib: 16,
  dataDiskGib: 50,
  sshPort: 20_022,
  vncPort: 5_901,
};

/** Waits until a VM is registered. */
const made = (vm: dbc.Vm): Promise<unknown> => (vm.id as unknown as { promise(): Promise<string> }).promise();

test("a VM's URN is kept with the VM, and not once more with its key", async () => {
  await made(new dbc.Vm("box", args));
  expect(registered["VmKey box"]).toEqual(["__provider"]);
  expect(registered["Vm box"]).toEqual(["__key", "__provider", "__urn"]);
});

test("which arguments are secret is only told of those that are", async () => {
  await made(
    new dbc.Vm("safe", { ...args, sshPort: 20_023, vncPort: 5_902, image: pulumi.secret("a.qcow2") }),
  );
  expect(registered["Vm safe"]).toContain("__secret");
});
