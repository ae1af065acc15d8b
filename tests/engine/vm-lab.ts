import type { Values } from "../../provider/core/check";
import { type LoggedRequest, labNodes, type Simulator, startSimulator } from "../../simulator";
import { succeeded } from "./command";
import type { PulumiStack } from "./pulumi";
import { aliceAt } from "./site";
import { Workspace } from "./workspace";

/** How much faster than the world simulator and provider run: a create takes seconds, and a deadline of an hour a minute. */
const SPEED = 60;

/** What a VM needs at least; its ports are those of machine number `n` on its node. */
export const vmArgs = (n = 0, more: Values = {}): Values => ({
  nodeId: labNodes.alice1,
  image: "ubuntu.qcow2",
  cpuCores: 4,
  memoryGib: 16,
  gpuCount: 1,
  dataDiskGib: 50,
  sshPort: 20_022 + n,
  vncPort: 5_901 + n,
  ...more,
});

/** A VM of the program: its arguments, and options among which `provider` and `get` are spelt out in the program. */
export interface Declared {
  readonly args?: Values;
  readonly opts?: Values;
  /** Name of the explicit provider. */
  readonly provider?: string;
  /** Looks this id up instead. */
  readonly get?: string;
}

/** A program that declares what `lab.json` says, as a user's loop would. */
const PROGRAM = `
const dbc = require("pulumi-dbc");
const { providers = {}, vms } = JSON.parse(require("node:fs").readFileSync("lab.json", "utf8"));
const sites = {};
for (const [name, args] of Object.entries(providers)) sites[name] = new dbc.Provider(name, args);
for (const [name, vm] of Object.entries(vms)) {
  const opts = { ...vm.opts, ...(vm.provider && { provider: sites[vm.provider] }) };
  const made = vm.get ? dbc.Vm.get(name, vm.get, opts) : new dbc.Vm(name, vm.args, opts);
  exports[name] = {
    taskId: made.taskId,
    status: made.status,
    ssh: made.sshCommand,
    password: made.password,
    vnc: made.vncPassword,
  };
}
`;

/** A simulated site and a program whose VMs can be declared anew before each run. */
export class VmLab {
  private constructor(
    readonly simulator: Simulator,
    readonly workspace: Workspace,
  ) {}

  static async open(): Promise<VmLab> {
    const simulator = await startSimulator({ speed: SPEED });
    const env = aliceAt(simulator, SPEED);
    return new VmLab(simulator, await Workspace.create({ files: { "index.js": PROGRAM }, env }));
  }

  async close(): Promise<void> {
    await this.workspace.dispose();
    await this.simulator.close();
  }

  /** Says what the next run of the program declares. */
  async declare(
    vms: Readonly<Record<string, Declared>>,
    providers: Readonly<Record<string, Values>> = {},
  ): Promise<void> {
    await this.workspace.write({ "lab.json": JSON.stringify({ providers, vms }) });
  }

  /** The VMs that a node holds, as `<task id> <status>`. */
  vms(nodeId: string = labNodes.alice1): { readonly taskId: string; readonly status: string }[] {
    return Object.entries(this.simulator.requireNode(nodeId).tasks).map(([taskId, { status }]) => ({
      taskId,
      status,
    }));
  }

  /** The requests for a change since the log was cleared. */
  writes(): string[] {
    return this.simulator.requests
      .filter(({ write }) => write)
      .map(({ operation }: LoggedRequest) => operation);
  }

  /** Runs `pulumi up` and expects it to end well. */
  up(stack: PulumiStack, ...options: string[]): Promise<string> {
    return succeeded(stack.up(...options));
  }
}
