import { type ContainerSimulator, startContainerSimulator } from "../../simulator/container/simulator";
import type { Account } from "../../simulator/container/world";
import { type Finished, succeeded } from "./command";
import type { PulumiStack } from "./pulumi";
import { Workspace } from "./workspace";

/** How much faster than the world simulator and provider run: an hour is a minute. */
const SPEED = 60;

/** An image that the simulated platform has. */
export const IMAGE = "10.0.35.26:5000/gpu/admin/base/jupyter:4.4-py3.7-gpu";

/** A simulated container platform, a program, and the real engine. */
export class ContainerEngineLab {
  /** All that the engine has printed. */
  readonly #said: string[] = [];

  private constructor(
    readonly platform: ContainerSimulator,
    readonly workspace: Workspace,
    readonly stack: PulumiStack,
  ) {}

  static async open(
    program: string,
    config: Readonly<Record<string, string>> = {},
  ): Promise<ContainerEngineLab> {
    const platform = await startContainerSimulator({ speed: SPEED });
    const { user, accessKey, secretKey } = accountOf(platform);
    const workspace = await Workspace.create({
      files: { "index.js": program },
      env: {
        DBC_CONTAINER_ENDPOINT: platform.url,
        DBC_CONTAINER_LOGIN_ENDPOINT: platform.url,
        DBC_CONTAINER_REGION: "华东一区",
        DBC_CONTAINER_USER: user,
        DBC_CONTAINER_ACCESS_KEY: accessKey,
        DBC_CONTAINER_SECRET_KEY: secretKey,
        DBC_CLOCK_SPEED: String(SPEED),
      },
    });
    const lab = new ContainerEngineLab(platform, workspace, await workspace.stack());
    await lab.configure(config);
    return lab;
  }

  async close(): Promise<void> {
    await this.workspace.dispose();
    await this.platform.close();
  }

  /** Expects a command to end well; what it printed. */
  done(running: Promise<Finished>): Promise<string> {
    return succeeded(this.ended(running));
  }

  async ended(running: Promise<Finished>): Promise<Finished> {
    const finished = await running;
    this.#said.push(finished.output);
    return finished;
  }

  async configure(config: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(config))
      await this.done(this.stack.run(["config", "set", name, value]));
  }

  /** The requests that asked for a change, by operation. */
  writes(): string[] {
    return this.platform.requests.filter(({ write }) => write).map(({ operation }) => operation);
  }

  /** Fills nodes of the group with other people's work. */
  busy(nodes: number): unknown {
    return this.platform.commands["busy-nodes"]?.({ group: "TeslaM40", nodes });
  }

  /** Neither what the engine has printed, nor the state, tells a token, a key, or an address that holds a token. */
  async expectNothingInClear(): Promise<void> {
    const { text } = await this.stack.state();
    const shown = [...this.#said, text, JSON.stringify(await this.stack.outputs())].join("\n");
    const { accessKey, secretKey } = accountOf(this.platform);
    const tokens = this.platform.tasks.map(({ token }) => token);
    for (const secret of [...tokens, "sothisai_", "eyJ", secretKey, accessKey])
      expect(shown).not.toContain(secret);
  }

  /** Destroys the stack; nothing is left of it, neither in its state nor on the platform. */
  async expectDestroyed(): Promise<void> {
    await this.done(this.stack.destroy());
    expect(this.platform.tasks).toEqual([]);
    expect((await this.stack.state()).resources).toEqual([]);
  }
}

const accountOf = (platform: ContainerSimulator): Account => {
  const [account] = platform.world.accounts;
  if (!account) throw new Error("there is no account");
  return account;
};
