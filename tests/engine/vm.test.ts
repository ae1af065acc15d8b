import { labNodes } from "../../simulator";
import type { PulumiStack } from "./pulumi";
import { VmLab, vmArgs } from "./vm-lab";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

/** Said by the user and stored encrypted; must never be seen in clear. */
const LOGIN = "C4nary-of-the-login";

describe("the life of a VM on the real engine", () => {
  let lab: VmLab;
  let stack: PulumiStack;
  const said: string[] = [];

  /** Runs `work` and keeps what was said, for the search at the end. */
  const heard = async <T extends { readonly output: string }>(work: Promise<T>): Promise<T> => {
    const done = await work;
    said.push(done.output);
    return done;
  };

  beforeAll(async () => {
    lab = await VmLab.open();
    stack = await lab.workspace.stack();
  });

  afterAll(() => lab.close());
  beforeEach(() => lab.simulator.clearRequests());

  /** The only machine there is. */
  const only = (): { readonly taskId: string; readonly status: string } => {
    const [vm, ...others] = lab.vms();
    expect(others).toEqual([]);
    if (!vm) throw new Error("there is no VM");
    return vm;
  };

  test("every mistake is shown by the preview, and nothing is sent", async () => {
    const wrong = { ...vmArgs(), cpuCores: 0, image: "ubuntu.img", sshPort: 70_000, gpus: 1 };
    await lab.declare({ box: { args: wrong } });
    const done = await heard(stack.preview());
    expect(done.code).not.toBe(0);
    for (const mistake of ["cpuCores", "image", "sshPort", "gpus"]) expect(done.output).toContain(mistake);
    expect(lab.writes()).toEqual([]);
  });

  test("a preview of a new VM sends nothing", async () => {
    await lab.declare({ box: { args: vmArgs() } });
    expect(await heard(stack.preview())).toMatchObject({ code: 0 });
    expect(lab.writes()).toEqual([]);
  });

  test("up makes it", async () => {
    expect(await heard(stack.up())).toMatchObject({ code: 0 });
    expect(lab.writes()).toEqual(["tasks.create"]);
    const { taskId, status } = only();
    expect(status).toBe("running");
    const outputs = await stack.outputs({ showSecrets: true });
    expect(outputs.box).toMatchObject({
      taskId,
      status: "running",
      ssh: expect.stringMatching(/^ssh .*20022/),
    });
    expect(outputs.box).toMatchObject({
      password: expect.stringMatching(/./),
      vnc: expect.stringMatching(/./),
    });
  });

  test("up again changes nothing and sends nothing that writes", async () => {
    expect(await heard(stack.up("--expect-no-changes"))).toMatchObject({ code: 0 });
    expect(lab.writes()).toEqual([]);
  });

  test("what is only in the state changes without a call", async () => {
    const { taskId } = only();
    await lab.declare({
      box: { args: vmArgs(0, { description: "for the course", deletionProtection: true }) },
    });
    expect((await heard(stack.preview())).output).toMatch(/~ .*box update \[diff: [~+]de/);
    expect(await heard(stack.up())).toMatchObject({ code: 0 });
    expect(lab.simulator.requests.filter(({ taskId: of }) => of === taskId)).toEqual([]);
  });

  test("what is protected is neither replaced nor deleted", async () => {
    const { taskId } = only();
    await lab.declare({
      box: { args: vmArgs(0, { deletionProtection: true, image: "ubuntu-22.04.qcow2" }) },
    });
    expect((await heard(stack.preview())).output).toContain("which deletionProtection forbids");
    const done = await heard(stack.destroy());
    expect(done.code).not.toBe(0);
    expect(done.output).toContain("deletionProtection");
    expect(only().taskId).toBe(taskId);
    expect(lab.writes()).toEqual([]);
  });

  test("what can be changed while it runs is, without a stop", async () => {
    const { taskId } = only();
    const login = { username: "dbc", password: LOGIN };
    await lab.declare({ box: { args: vmArgs(0, { sshPort: 20_122, login }) } });
    expect(await heard(stack.up())).toMatchObject({ code: 0 });
    expect(lab.writes().sort()).toEqual(["tasks.modify", "tasks.passwd"]);
    expect(only()).toEqual({ taskId, status: "running" });
    expect(await stack.outputs()).toMatchObject({ box: { ssh: expect.stringContaining("20122") } });
  });

  test("what needs a stop is refused at preview, with both remedies", async () => {
    await lab.declare({ box: { args: vmArgs(0, { sshPort: 20_122, gpuCount: 2 }) } });
    for (const done of [await heard(stack.preview()), await heard(stack.up())]) {
      expect(done.code).not.toBe(0);
      expect(done.output).toContain("allowStop: true");
      expect(done.output).toContain("DBC_ALLOW_STOP=1");
    }
    expect(lab.writes()).toEqual([]);
  });

  test("with consent it is stopped, changed and started, once", async () => {
    const { taskId } = only();
    await lab.declare({ box: { args: vmArgs(0, { sshPort: 20_122, gpuCount: 2, allowStop: true }) } });
    expect(await heard(stack.up())).toMatchObject({ code: 0 });
    expect(lab.writes()).toEqual(["tasks.modify", "tasks.poweroff", "tasks.start"]);
    expect(only()).toEqual({ taskId, status: "running" });
    expect(lab.simulator.requireTask(labNodes.alice1, taskId).gpus).toHaveLength(2);
  });

  test("refresh sees a stop behind our back, and up leaves the power alone unless told", async () => {
    const { taskId } = only();
    await lab.simulator.setTask(labNodes.alice1, taskId, { status: "closed" });
    await lab.simulator.setDomain(labNodes.alice1, taskId, "shutoff");
    expect(await heard(stack.refresh())).toMatchObject({ code: 0 });
    expect(await stack.outputs()).toMatchObject({ box: { status: "running" } }); // outputs are the program's, of the last up
    await lab.declare({ box: { args: vmArgs(0, { sshPort: 20_122, gpuCount: 2, allowStop: true }) } });
    expect(await heard(stack.up("--expect-no-changes"))).toMatchObject({ code: 0 });
    expect(lab.writes()).toEqual([]);
    expect(await stack.outputs()).toMatchObject({ box: { status: "closed" } });

    const running = { sshPort: 20_122, gpuCount: 2, allowStop: true, powerState: "running" };
    await lab.declare({ box: { args: vmArgs(0, running) } });
    expect(await heard(stack.up())).toMatchObject({ code: 0 });
    expect(lab.writes()).toEqual(["tasks.start"]);
    expect(only()).toEqual({ taskId, status: "running" });
  });

  test("a replacement deletes first, because ports and GPUs are the same", async () => {
    const { taskId } = only();
    const replaced = { sshPort: 20_122, gpuCount: 2, image: "ubuntu-22.04.qcow2" };
    await lab.declare({ box: { args: vmArgs(0, replaced) } });
    expect((await heard(stack.preview())).output).toMatch(/replace.*image/);
    expect(await heard(stack.up())).toMatchObject({ code: 0 });
    expect(lab.writes()).toEqual(["tasks.delete", "tasks.create"]);
    // the same key: the node has forgotten it
    expect(only()).toEqual({ taskId, status: "running" });
  });

  test("Vm.get reads it in another stack, and never touches it", async () => {
    const { taskId } = only();
    const declared = JSON.stringify({ vms: { seen: { get: `${labNodes.alice1}/${taskId}` } } });
    const mine = await lab.workspace.read("lab.json");
    await lab.workspace.write({ "lab.json": declared });
    const other = await lab.workspace.stack("other");
    expect(await heard(other.up())).toMatchObject({ code: 0 });
    expect(await other.outputs()).toMatchObject({ seen: { taskId, status: "running" } });
    expect(await heard(other.destroy())).toMatchObject({ code: 0 });
    await lab.workspace.write({
      "lab.json": JSON.stringify({ vms: { seen: { get: `${labNodes.alice1}/nothing` } } }),
    });
    expect((await heard(other.up())).output).toContain(
      `there is no Vm with the id ${labNodes.alice1}/nothing`,
    );
    await lab.workspace.write({ "lab.json": mine });
    expect(lab.writes()).toEqual([]);
    expect(only().taskId).toBe(taskId);
  });

  test("one that vanished is made again", async () => {
    await lab.simulator.deleteVm(labNodes.alice1, only().taskId);
    const done = await heard(stack.refresh());
    expect(done).toMatchObject({ code: 0 });
    expect((await stack.state()).resources.map(({ type }) => type)).not.toContain(
      "pulumi-nodejs:dynamic/dbc:Vm",
    );
    await lab.declare({ box: { args: vmArgs(0, { login: { username: "dbc", password: LOGIN } }) } });
    expect(await heard(stack.up())).toMatchObject({ code: 0 });
    expect(only().status).toBe("running");
  });

  test("its secrets are encrypted in the state, also after a refresh, and seen nowhere else", async () => {
    expect(await heard(stack.refresh())).toMatchObject({ code: 0 });
    const { text, resources } = await stack.state();
    const shown = (await stack.outputs({ showSecrets: true })) as { box: { password: string; vnc: string } };
    const secrets = [LOGIN, shown.box.password, shown.box.vnc, "bottom drive obey lake"];
    const clear = (await stack.run(["stack", "export", "--show-secrets"])).stdout;
    for (const secret of secrets.slice(0, 3)) expect(clear.includes(secret)).toBe(true);
    expect(clear.includes("bottom drive obey lake")).toBe(false);
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(5);
      expect(text.includes(secret)).toBe(false);
      expect(said.join("\n").includes(secret)).toBe(false);
    }
    const providers = resources.flatMap(({ inputs }) =>
      inputs.__provider ? [String(inputs.__provider)] : [],
    );
    expect(providers.length).toBeGreaterThan(1);
    for (const provider of providers) expect(Buffer.byteLength(provider)).toBeLessThanOrEqual(128);
    expect(await heard(stack.up("--expect-no-changes"))).toMatchObject({ code: 0 });
  });

  test("destroy leaves nothing", async () => {
    expect(await heard(stack.destroy())).toMatchObject({ code: 0 });
    expect(lab.vms()).toEqual([]);
    expect((await stack.state()).resources).toEqual([]);
  });
});
