import { developmentPhrase, labNodes } from "../../simulator";
import { VmLab, vmArgs } from "./vm-lab";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

const BOB = `${developmentPhrase}//Bob`;

let lab: VmLab;

beforeAll(async () => {
  lab = await VmLab.open();
});

afterAll(() => lab.close());

test("one program works with two accounts, each on its own node", async () => {
  const stack = await lab.workspace.stack("accounts");
  const mine = { args: vmArgs() };
  const theirs = { args: vmArgs(0, { nodeId: labNodes.bob }), provider: "bob" };
  await lab.declare({ mine, theirs }, { bob: { walletSeed: BOB } });
  await lab.up(stack);
  expect(lab.vms(labNodes.alice1)).toHaveLength(1);
  expect(lab.vms(labNodes.bob)).toHaveLength(1);
  expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
  const refreshed = await stack.refresh("--expect-no-changes");
  expect(refreshed).toMatchObject({ code: 0 });

  const { text } = await stack.state();
  expect(text.includes("bottom drive obey lake")).toBe(false);
  expect((await stack.run(["stack", "export", "--show-secrets"])).stdout.includes(BOB)).toBe(true);

  // a VM that is Bob's can't be judged through Alice's account, and so is not lost
  await lab.declare({ mine, theirs: { args: theirs.args } }, { bob: { walletSeed: BOB } });
  await lab.up(stack); // the engine moves a resource to another provider without a word to anybody
  const judged = await stack.refresh();
  expect(judged.code).not.toBe(0);
  expect(judged.output).toContain("account");
  expect((await stack.state()).resources.map(({ urn }) => urn)).toContainEqual(
    expect.stringMatching(/dbc:Vm::theirs$/),
  );
  expect(lab.vms(labNodes.bob)).toHaveLength(1);

  await lab.declare({ mine, theirs }, { bob: { walletSeed: BOB } });
  await lab.up(stack); // destroy goes by what the state says
  expect(await stack.destroy()).toMatchObject({ code: 0 });
  expect([...lab.vms(labNodes.alice1), ...lab.vms(labNodes.bob)]).toEqual([]);
});

/** Two stacks with one program each, at the same time in one process. */
const AUTOMATION = `
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const dbc = require("pulumi-dbc");
const args = ${JSON.stringify([vmArgs(), vmArgs(0, { nodeId: labNodes.alice2 })])};
const open = (n) =>
  LocalWorkspace.createOrSelectStack(
    {
      stackName: "side-" + n,
      projectName: "test",
      program: async () => {
        const vm = new dbc.Vm("box", args[n]);
        return { taskId: vm.taskId, node: vm.nodeId };
      },
    },
    { workDir: process.cwd() },
  );
(async () => {
  const stacks = await Promise.all([open(0), open(1)]);
  const ups = await Promise.all(stacks.map((stack) => stack.up()));
  const found = ups.map(({ outputs }) => ({ node: outputs.node.value, taskId: outputs.taskId.value }));
  const again = await Promise.all(stacks.map((stack) => stack.up()));
  const changes = again.map(({ summary }) => Object.keys(summary.resourceChanges));
  require("node:fs").writeFileSync("found.json", JSON.stringify({ found, changes }));
  await Promise.all(stacks.map((stack) => stack.destroy()));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
`;

test("two stacks in one process, by the Automation API, keep to themselves", async () => {
  for (const { taskId } of lab.vms()) await lab.simulator.deleteVm(labNodes.alice1, taskId); // of a test that failed
  lab.simulator.clearRequests();
  await lab.workspace.write({ "both.js": AUTOMATION });
  const done = await lab.workspace.node("both.js");
  expect(done).toMatchObject({ code: 0 });
  const { found, changes } = JSON.parse(await lab.workspace.read("found.json"));
  expect(found.map(({ node }: { node: string }) => node)).toEqual([labNodes.alice1, labNodes.alice2]);
  expect(changes).toEqual([["same"], ["same"]]);
  const ids = found.map(({ taskId }: { taskId: string }) => taskId);
  expect(new Set(ids).size).toBe(2);
  expect(lab.writes().sort()).toEqual(["tasks.create", "tasks.create", "tasks.delete", "tasks.delete"]);
  expect([...lab.vms(labNodes.alice1), ...lab.vms(labNodes.alice2)]).toEqual([]);
});
