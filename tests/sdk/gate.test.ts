/** The gate in front of every registration, as a user's own unit tests meet it: with Pulumi's mocks. */
import * as pulumi from "@pulumi/pulumi";
import * as dbc from "../../sdk";

const registered: string[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, type, inputs, id }) => {
      registered.push(`${type.split(":").at(-1)} ${name}`);
      return { id: id || `${name}-id`, state: { ...inputs, sshCommand: "ssh box" } };
    },
    call: () => ({}),
  });
});
beforeEach(() => registered.splice(0));

const NODE = "a1".repeat(32);
const args: dbc.VmArgs = {
  nodeId: NODE,
  image: "ubuntu.qcow2",
  cpuCores: 4,
  memoryGib: 16,
  dataDiskGib: 50,
  sshPort: 20_022,
  vncPort: 5_901,
};

/** What an output comes to, or why it does not. */
const end = <T>(output: pulumi.Output<T>): Promise<T> =>
  (output as unknown as { promise(): Promise<T> }).promise();

test("what is right is registered, with its outputs", async () => {
  const box = new dbc.Vm("box", args);
  expect(await end(box.sshCommand)).toBe("ssh box");
  expect(await end(box.id)).toBe("box-id");
  expect(registered).toEqual(["VmKey box", "Vm box"]);
  // one and the same whenever it is read: what stands on a VM finds it by it
  expect(box.id).toBe(box.id);
});

test("a value that only comes later is not waited for", async () => {
  const slow = new Promise<number>((resolve) => setTimeout(resolve, 5, 4));
  expect(await end(new dbc.Vm("late", { ...args, cpuCores: slow }).id)).toBe("late-id");
});

test("what is looked up has nothing to judge", async () => {
  const seen = dbc.Vm.get("seen", `${NODE}/task`);
  expect(await end(seen.sshCommand)).toBe("ssh box");
});

test("a function wants settings that are known", async () => {
  pulumi.runtime.setAllConfig({});
  const provider = new dbc.Provider("later", {
    endpoint: pulumi.output(unknownValue()) as pulumi.Output<string>,
  });
  await expect(dbc.getNodes({ provider })).rejects.toThrow(
    "the provider's settings are only known after an up: use the function's …Output form.",
  );
});

/** An output that only an up would tell. */
const unknownValue = (): pulumi.Output<unknown> => {
  const { Output } = pulumi as unknown as {
    Output: new (...parts: unknown[]) => pulumi.Output<unknown>;
  };
  const known = Promise.resolve(false);
  return new Output([], Promise.resolve(undefined), known, known, Promise.resolve([]));
};
