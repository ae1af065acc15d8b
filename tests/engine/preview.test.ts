import { labNodes } from "../../simulator";
import type { PulumiStack } from "./pulumi";
import { VmLab, vmArgs } from "./vm-lab";

jest.setTimeout(600_000); // each step is a run of a real program, on a machine of any speed

const PASSWORD = "C4nary-of-the-login";

let lab: VmLab;
let stack: PulumiStack;
beforeAll(async () => {
  lab = await VmLab.open();
  stack = await lab.workspace.stack();
  await lab.declare({ box: { args: vmArgs() } });
  await lab.up(stack);
});
afterAll(() => lab?.close());
beforeEach(() => lab.simulator.clearRequests());

const preview = async (more: object): Promise<string> => {
  await lab.declare({ box: { args: vmArgs(0, { ...more }) } });
  const { output } = await stack.preview();
  expect(lab.writes()).toEqual([]);
  return output;
};

/** The lines about the VM, in the diagnostics: what scrolls away is not enough. */
const about = (output: string): string => output.split("Diagnostics:")[1] ?? "";

test("says what a change costs, by field", async () => {
  const login = { username: "dbc", password: PASSWORD };
  const output = await preview({ gpuCount: 2, sshPort: 20_122, description: "mine", allowStop: true, login });
  expect(about(output)).toContain(
    'gpuCount 1 → 2: power-off, change, start; sshPort 20022 → 20122, login changed: changed while it runs; description none → "mine", allowStop false → true: only recorded, no call',
  );
  expect(output).toMatch(/~ .*dbc:Vm box update/);
  expect(output).not.toContain(PASSWORD);
});

test("says why a replacement is one, and names the disk files that go", async () => {
  const [vm] = lab.vms();
  const files = lab.simulator.requireTask(labNodes.alice1, vm?.taskId ?? "").disks.map(({ file }) => file);
  expect(files).toHaveLength(2);
  const output = await preview({ image: "ubuntu-22.04.qcow2" });
  expect(about(output)).toContain(
    'warning: image "ubuntu.qcow2" → "ubuntu-22.04.qcow2": replaced: deleted, then made anew; ',
  );
  expect(about(output)).toContain(`${files.join(" and ")} are deleted with it`);
});

test("refuses what would stop it without consent, with both remedies", async () => {
  const output = await preview({ gpuCount: 2 });
  expect(about(output)).toContain(
    "a change of gpuCount needs a hard power-off, and the VM is running: set allowStop: true on it, or consent for this run with DBC_ALLOW_STOP=1.",
  );
});

test("refuses ports that another VM of one's own holds, and names one that is free", async () => {
  await lab.declare({ other: { args: vmArgs(0, { cpuCores: 2 }) } });
  const { code, output } = await stack.preview();
  expect(code).not.toBe(0);
  const [vm] = lab.vms();
  expect(output).toContain(
    `sshPort: port 20022 of node a1a1a1a1… is taken by your VM ${vm?.taskId} (sshPort): use another, such as 20023, or, if this program no longer declares that VM, delete it in an up of its own first.`,
  );
  expect(output).toContain("vncPort: port 5901 of node a1a1a1a1… is taken");
});

test("is silent about what does not change", async () => {
  const output = await preview({});
  expect(about(output)).toBe("");
  expect(output).toMatch(/unchanged/);
});
