import { labNodes, type Simulator, startSimulator } from "../../simulator";
import type { Finished } from "./command";
import { aliceAt } from "./site";
import { Workspace } from "./workspace";

jest.setTimeout(600_000); // each test runs a real program or several, on a machine of any speed

const SPEED = 60;
const SECRET = "hunter2 of the canary";

/** What each program begins with: `vm(name, more, opts)` declares a VM that is right but for `more`. */
const HEAD = `
const pulumi = require("@pulumi/pulumi");
const dbc = require("pulumi-dbc");
const { alice1, alice2, bob } = ${JSON.stringify(labNodes)};
let n = 0;
const vm = (name, more = {}, opts = {}) => {
  n += 1;
  const args = { nodeId: alice1, image: "ubuntu.qcow2", cpuCores: 4, memoryGib: 16, gpuCount: 1, dataDiskGib: 50 };
  return new dbc.Vm(name, { ...args, sshPort: 20_021 + n, vncPort: 5_900 + n, ...more }, opts);
};
class Pair extends pulumi.ComponentResource {
  constructor(name, more, opts) {
    super("test:index:Pair", name, {}, opts);
    for (const one of ["left", "right"]) vm(name + "-" + one, more, { parent: this });
    this.registerOutputs({});
  }
}
`;

let simulator: Simulator;
let workspace: Workspace;

beforeAll(async () => {
  simulator = await startSimulator({ speed: SPEED });
  workspace = await Workspace.create({ files: { "index.js": "" }, env: aliceAt(simulator, SPEED) });
});
afterAll(async () => {
  await workspace?.dispose();
  await simulator?.close();
});

const preview = async (program: string, env: Readonly<Record<string, string>> = {}): Promise<Finished> => {
  await workspace.write({ "index.js": `${HEAD}${program}` });
  return (await workspace.stack("test", env)).preview();
};

const times = (text: string, part: string): number => text.split(part).length - 1;

describe("mistakes that show without a node", () => {
  test("are all told in one preview, with all that it takes to mend them, and nothing is registered", async () => {
    const { code, output } = await preview(`
      const a = vm("a", { cpuCores: 0, sshPort: 70_000, gpus: 2 });
      const site = new dbc.Provider("site", { endpoint: "http://127.0.0.1:1", colour: "blue" });
      vm("b", { image: "x" }, { provider: site });
      vm("c", { vncPort: pulumi.secret(12), login: { username: "me", password: pulumi.secret("${SECRET}") } });
      vm("d", { memoryGib: pulumi.output(0) }, { dependsOn: a, deleteBeforeReplace: false });
      vm("e"), vm("f", { sshPort: 20_025 + 1 });
      new dbc.DataDisk("disk", { vmId: a.id, sizeGib: 0 });
      new dbc.Lan("lan", { nodeId: alice1, cidr: "10.0.0.1/24" });
      new Pair("pair", { os: "beos" });
      const never = { deleteBeforeReplace: false };
      new dbc.Lan("never", { nodeId: alice2, cidr: "10.0.0.0/24" }, never);
      new dbc.Snapshot("never", { vmId: a.id, name: "golden", imageServer: "lab" }, never);
      new dbc.ContainerTask("never", {}, never);
      new dbc.Lab("lab", { nodes: [], image: "x", vm: {} });
      exports.address = a.address;
    `);
    expect(code).not.toBe(0);
    for (const mistake of [
      'Vm "a": cpuCores must be a whole number from 1 to 1024, not 0.',
      'Vm "a": sshPort must be a whole number from 1 to 65535, not 70000.',
      'Vm "a": there is no field "gpus".',
      'Provider "site": there is no setting "colour"',
      'Vm "b": image must be the name of a .qcow2 file, without a folder, not "x".',
      'Vm "c": vncPort must be a whole number from 5900 to 65535.',
      'Vm "c": login.password must be 1 to 128 printable characters without spaces',
      'Vm "d": memoryGib must be a whole number from 1 to 65536 (GiB), not 0.',
      'Vm "d": deleteBeforeReplace can\'t be false, because the old VM holds the GPUs, ports and key that the new one needs.',
      'Lan "never": deleteBeforeReplace can\'t be false, because a machine room has only one LAN of a name.',
      "Snapshot \"never\": deleteBeforeReplace can't be false, because a node can't tell two snapshots of one name apart.",
      "ContainerTask \"never\": deleteBeforeReplace can't be false, because the new task bears the old one's name.",
      'ContainerTask "never": taskType is missing',
      'Lab "lab": nodes is empty: name at least one rented node.',
      'Vm "f": sshPort asks for port 20026 of the node, which sshPort of the Vm "e" asks for too: give each its own.',
      'DataDisk "disk": sizeGib must be a whole number from 1 to 1048576 (GiB), not 0.',
      'Lan "lan": cidr must begin with its first address: 10.0.0.0/24, not 10.0.0.1/24.',
      'Vm "pair-left": os must be "linux" or "windows", not "beos".',
      'Vm "pair-right": os must be "linux" or "windows", not "beos".',
    ])
      expect(output).toContain(mistake);
    // in the diagnostics, and nowhere else
    expect(times(output, 'Vm "pair-right"')).toBe(1);
    expect(output).toMatch(/error: \d\d mistakes in this program:/);
    expect(output).not.toContain(SECRET);
    expect(output).not.toMatch(/dbc:\w+ .* create/);
  });

  test("are left to what is registered in the end, where the program transforms it", async () => {
    const mend =
      "({ type, props, opts }) => type.endsWith('dbc:Vm') ? { props: { ...props, image: 'ubuntu.qcow2' }, opts } : undefined";
    const { code, output } = await preview(`
      vm("a", { image: "x" }, { transformations: [${mend}] });
      vm("b", { image: "x" }, { transforms: [async ${mend}] });
      new Pair("pair", { image: "x" }, { transforms: [async ${mend}] });
      vm("c", {}, { ignoreChanges: ["image"] });
    `);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(times(output, "dbc:Vm ")).toBe(5);
  });

  test("do not hide the program's own error, nor those that it comes to later", async () => {
    const { code, output } = await preview(`
      (async () => {
        vm("a", { cpuCores: 0 });
        await new Promise((resolve) => setTimeout(resolve, 100));
        vm("b", { cpuCores: 0 });
        throw new Error("the program's own");
      })();
    `);
    expect(code).not.toBe(0);
    expect(output).toContain("the program's own");
    for (const name of ["a", "b"]) expect(output).toContain(`Vm "${name}": cpuCores must be`);
  });

  test("are told without what Node says of outputs that are asked for late", async () => {
    const { code, output } = await preview(`
      for (const name of ["a", "b", "c", "d"]) {
        const { taskId, status, sshCommand, password, vncPassword } = vm(name, { cpuCores: name === "a" ? 0 : 4 });
        exports[name] = { taskId, status, sshCommand, password, vncPassword };
      }
    `);
    expect(code).not.toBe(0);
    expect(output).toContain('a mistake in this program: Vm "a": cpuCores must be');
    expect(output).not.toContain("Warning");
  });

  test("are secrets that stand in clear in the configuration, before the state has them", async () => {
    await workspace.write({ "index.js": `${HEAD} vm("box");` });
    const stack = await workspace.stack("clear");
    const set = async (...words: string[]) =>
      expect(await stack.run(["config", "set", ...words])).toMatchObject({ code: 0 });
    await set("dbc:walletSeed", SECRET);
    await set("dbc:proxy", `http://me:${SECRET.replaceAll(" ", "-")}@127.0.0.1:1`);
    await set("dbc:rentOrder", "1");
    const { code, output } = await stack.up();
    expect(code).not.toBe(0);
    expect(output).toContain("2 mistakes in this program:");
    for (const [name, variable] of [
      ["walletSeed", "DBC_WALLET_SEED"],
      ["proxy", "DBC_PROXY"],
    ])
      expect(output).toContain(
        `dbc:${name} stands in clear in the stack's configuration, and would in its state: set it again with \`pulumi config set --secret dbc:${name}\`, or give ${variable} in the environment.`,
      );
    expect(output).not.toContain("hunter2");
    expect((await stack.state()).text).not.toContain("hunter2");

    await set("--secret", "dbc:walletSeed", SECRET);
    await set("dbc:proxy", "http://127.0.0.1:1"); // nothing secret in it
    expect((await stack.preview()).output).not.toContain("in clear");
  });

  test("fail one inline program, and neither the next nor the process that runs both", async () => {
    await workspace.write({
      "automation.js": `${HEAD}
        const { LocalWorkspace } = require("@pulumi/pulumi/automation");
        const stack = (stackName, more) => LocalWorkspace.createOrSelectStack({
          stackName,
          projectName: "inline",
          program: async () => {
            const box = vm("box", more);
            new dbc.DataDisk("disk", { vmId: box.id, sizeGib: 5 });
            const after = new pulumi.ComponentResource("test:index:After", "after", {}, { dependsOn: box });
            return { address: box.address, urn: after.urn };
          },
        });
        (async () => {
          const stacks = [await stack("right", {}), await stack("wrong", { cpuCores: 0 })];
          const ends = [];
          // one after the other: the SDK tells every inline program that runs of any other's unhandled failure
          for (const one of [...stacks].reverse()) ends.unshift(...(await Promise.allSettled([one.preview()])));
          console.log(JSON.stringify(ends.map((end) => end.value?.changeSummary ?? end.reason.message)));
        })();
      `,
    });
    const { code, stdout } = await workspace.node("automation.js");
    expect(code).toBe(0);
    const [right, wrong] = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as unknown[];
    expect(right).toEqual({ create: expect.any(Number) });
    expect(wrong).toContain(
      'a mistake in this program: Vm "box": cpuCores must be a whole number from 1 to 1024, not 0.',
    );
  });
});

describe("what the node would refuse later", () => {
  test("is a mistake now, with what would work instead", async () => {
    const { code, output } = await preview(`
      vm("a", { gpuCount: 9, cpuCores: 65, memoryGib: 600, dataDiskGib: 90_000, image: "none.qcow2", lan: "nolan1" });
      vm("b", { nodeId: alice2 });
    `);
    expect(code).not.toBe(0);
    for (const mistake of [
      "gpuCount: 9 is more than node a1a1a1a1… has free (8 GPUs): ask for at most 8 here",
      "cpuCores: 65 is more than node a1a1a1a1… has free (64 cores): ask for at most 64 here",
      "memoryGib: 600 is more than node a1a1a1a1… has free (512 GiB of memory): ask for at most 512 here",
      /dataDiskGib: 90000 is more than node a1a1a1a1… has free in \/data \(\d+ GiB\)/,
      'image: node a1a1a1a1… has no image "none.qcow2" (it has "ubuntu.qcow2",',
      'lan: node a1a1a1a1… knows no LAN "nolan1"',
    ])
      expect(output).toEqual(
        typeof mistake === "string" ? expect.stringContaining(mistake) : expect.stringMatching(mistake),
      );
    expect(simulator.requests.filter(({ write }) => write)).toEqual([]);
  });

  test("counts together what the program asks of one node, and names another that has room", async () => {
    const { code, output } = await preview(`
      for (const name of ["a", "b", "c"]) vm(name, { gpuCount: 3 });
      vm("d", { nodeId: alice2 });
    `);
    expect(code).not.toBe(0);
    expect(output).toMatch(
      /gpuCount: the VMs of this program ask node a1a1a1a1… for 9 GPUs together \(("[abc]" 3(, )?){3}\), and it has 8 free: ask for at most 2 here; this VM would fit on node a2a2a2a2… \([78] GPUs free\)/,
    );
  });

  test("is told of somebody else's node, and let be with DBC_PREFLIGHT=0", async () => {
    const { code, output } = await preview(`vm("a", { nodeId: bob });`);
    expect(code).not.toBe(0);
    expect(output).toContain("the machine is rented, but not by this account");
    expect((await preview(`vm("a", { nodeId: bob, gpuCount: 9 });`, { DBC_PREFLIGHT: "0" })).code).toBe(0);
  });

  test("stays open while the node can't be reached: the preview goes on, with one note", async () => {
    const { code, output } = await preview(`for (const name of ["a", "b", "c"]) vm(name, { gpuCount: 9 });`, {
      DBC_ENDPOINT: "http://127.0.0.1:1",
    });
    expect(code).toBe(0);
    const [, diagnostics = ""] = output.split("Diagnostics:");
    expect(times(diagnostics, "could not be asked whether it would take this plan")).toBe(1);
    expect(output).toMatch(/\+ 7 to create/);
  });
});
