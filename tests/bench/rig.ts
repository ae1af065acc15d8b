/** One way of declaring machines, on the real engine and a simulated site, with a stopwatch. */
import { symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { kinds } from "../../provider/kinds";
import { developmentPhrase, type Profile, type Simulator, startSimulator } from "../../simulator";
import type { Finished } from "../engine/command";
import type { PulumiStack } from "../engine/pulumi";
import { Workspace } from "../engine/workspace";
import { post, Renter } from "../simulator/renter";
import { worldOf } from "./fleet";
import { nodeIdOf, vmInputs } from "./fleet-inputs";
import { PROGRAMS, type Way } from "./programs";

export interface Load {
  readonly nodes: number;
  readonly vmsPerNode: number;
  readonly profile: Profile;
  /** How long a create takes on a node, which makes one after another. */
  readonly createMs: number;
  /** Resources beside the VMs that declare nothing; for the floor. */
  readonly blanks?: number;
}

/** A site with nothing on it and a stack that declares the load. */
export class Rig {
  private constructor(
    readonly way: Way,
    readonly simulator: Simulator,
    readonly workspace: Workspace,
    readonly stack: PulumiStack,
  ) {}

  static async open(way: Way, load: Load): Promise<Rig> {
    // the provider's clock and the simulator's run at the world's own rate
    const simulator = await startSimulator({ seed: worldOf(load.nodes), speed: 1, profile: load.profile });
    const env = { DBC_ENDPOINT: simulator.url, DBC_WALLET_SEED: `${developmentPhrase}//Alice` };
    const workspace = await Workspace.create({ files: PROGRAMS[way], env });
    const axios = dirname(require.resolve("axios/package.json"));
    await symlink(axios, join(workspace.program, "node_modules/axios"));
    await workspace.write({ "plan.json": JSON.stringify(await planOf(simulator, load)) });
    return new Rig(way, simulator, workspace, await workspace.stack());
  }

  async close(): Promise<void> {
    await this.workspace.dispose();
    await this.simulator.close();
  }

  up(): Promise<number> {
    return this.#timed(() => this.stack.up("--parallel", "64"));
  }

  noop(): Promise<number> {
    return this.#timed(() => this.stack.up("--parallel", "64", "--expect-no-changes"));
  }

  refresh(): Promise<number> {
    return this.#timed(() => this.stack.refresh("--parallel", "64"));
  }

  async stateBytes(): Promise<number> {
    return Buffer.byteLength((await this.stack.state()).text);
  }

  /** Seconds that a command takes, which must end well. */
  async #timed(command: () => Promise<Finished>): Promise<number> {
    const began = performance.now();
    const { code, output } = await command();
    const seconds = (performance.now() - began) / 1_000;
    if (code !== 0) throw new Error(`${this.way}: pulumi ended with ${code}: ${output.slice(-2_000)}`);
    return seconds;
  }
}

/** What the program declares; those that poll get a session of each node, because they can't sign. */
const planOf = async (
  simulator: Simulator,
  { nodes, vmsPerNode, createMs, blanks = 0 }: Load,
): Promise<object> => {
  const renter = new Renter();
  const sessions: Record<string, object> = {};
  const vms: object[] = [];
  for (let node = 0; node < nodes; node++) {
    const nodeId = nodeIdOf(node);
    const ask = { peer_nodes_list: [nodeId], additional: {}, ...renter.auth() };
    const { message } = await post(simulator, "/mining_nodes/session_id", JSON.stringify(ask));
    sessions[nodeId] = renter.session(String(message?.session_id));
    for (let index = 0; index < vmsPerNode; index++)
      vms.push({
        name: `vm-${node}-${index}`,
        args: vmInputs(nodeId, index),
        readyMs: createMs * (index + 1),
      });
  }
  return { endpoint: simulator.url, sessions, vms, blanks, outputs: kinds.vm.outputs };
};
