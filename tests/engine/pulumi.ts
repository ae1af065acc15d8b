import { delimiter, dirname } from "node:path";
import { z } from "zod";
import { type Finished, type Running, run, start } from "./command";
import type { Engine } from "./engine";

/** Where a stack lives, and what its commands run in. */
export interface StackPlace {
  readonly engine: Engine;
  /** The folder of Pulumi.yaml. */
  readonly project: string;
  readonly stack: string;
  /** The whole environment of every command. */
  readonly env: NodeJS.ProcessEnv;
}

const Resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});

const Exported = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(Resource).nullish(),
    pending_operations: z.array(z.looseObject({ type: z.string() })).nullish(),
  }),
});

/** A resource as the state holds it; secrets are encrypted. */
export type StateResource = z.infer<typeof Resource>;

/** A stack's state. */
export interface State {
  readonly resources: readonly StateResource[];
  /** How many operations a killed engine has left open. */
  readonly pending: number;
  /** All of it, as text. */
  readonly text: string;
}

/** The options that every command needs where there is nobody to ask. */
export const UNATTENDED = ["--non-interactive", "--color", "never"] as const;

/** The environment that makes `pulumi` keep to `home` and `state`, on top of `base`. */
export const pulumiEnvironment = (
  engine: Engine,
  base: NodeJS.ProcessEnv,
  folders: { readonly home: string; readonly state: string },
): NodeJS.ProcessEnv => ({
  ...base,
  // The language host and the dynamic provider's launcher look for `node` on PATH: it must be this one.
  PATH: [engine.bin, dirname(process.execPath), base.PATH ?? ""].join(delimiter),
  PULUMI_HOME: folders.home,
  PULUMI_BACKEND_URL: `file://${folders.state}`,
  PULUMI_SKIP_UPDATE_CHECK: "true",
});

/** The real `pulumi`, run on one stack. A command that fails is an answer, not an error. */
export class PulumiStack {
  constructor(readonly place: StackPlace) {}

  /** Makes the stack unless it is there; safe to repeat. */
  async select(): Promise<void> {
    const done = await this.run(["stack", "select", "--create", this.place.stack]);
    if (done.code !== 0)
      throw new Error(`pulumi could not make the stack ${this.place.stack}: ${done.output}`);
  }

  async preview(...options: string[]): Promise<Finished> {
    return this.run(["preview", "--suppress-progress", ...options]);
  }

  async up(...options: string[]): Promise<Finished> {
    return this.startUp(...options).finished;
  }

  /** As {@link up}, but answers at once, for a test that interrupts it. */
  startUp(...options: string[]): Running {
    return this.start(["up", "--yes", "--skip-preview", "--suppress-progress", ...options]);
  }

  async refresh(...options: string[]): Promise<Finished> {
    return this.run(["refresh", "--yes", "--skip-preview", "--suppress-progress", ...options]);
  }

  async destroy(...options: string[]): Promise<Finished> {
    return this.run(["destroy", "--yes", "--skip-preview", "--suppress-progress", ...options]);
  }

  /** Removes every lock of the stack, whoever holds it. */
  async cancel(): Promise<Finished> {
    return this.run(["cancel", "--yes"]);
  }

  async state(): Promise<State> {
    const text = await this.#answer(["stack", "export"]);
    const { deployment } = Exported.parse(JSON.parse(text));
    return {
      resources: deployment.resources ?? [],
      pending: deployment.pending_operations?.length ?? 0,
      text,
    };
  }

  async outputs(options: { readonly showSecrets?: boolean } = {}): Promise<Record<string, unknown>> {
    const shown = options.showSecrets ? ["--show-secrets"] : [];
    const text = await this.#answer(["stack", "output", "--json", ...shown]);
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  }

  async run(args: readonly string[]): Promise<Finished> {
    return run(this.place.engine.command, [...args, ...UNATTENDED], this.#where());
  }

  /** Runs a command for somebody to watch: it writes straight to the terminal, and a Ctrl-C there is its own. */
  async watch(args: readonly string[]): Promise<Finished> {
    const how = process.stdout.isTTY ? [] : [...UNATTENDED, "--suppress-progress"];
    const ignore = () => undefined;
    process.on("SIGINT", ignore);
    try {
      return await run(this.place.engine.command, [...args, ...how], { ...this.#where(), inherit: true });
    } finally {
      process.off("SIGINT", ignore);
    }
  }

  start(args: readonly string[]): Running {
    return start(this.place.engine.command, [...args, ...UNATTENDED], this.#where());
  }

  #where() {
    return { cwd: this.place.project, env: { ...this.place.env, PULUMI_STACK: this.place.stack } };
  }

  async #answer(args: readonly string[]): Promise<string> {
    const done = await this.run(args);
    if (done.code !== 0) throw new Error(`pulumi ${args.join(" ")} failed: ${done.output}`);
    return done.stdout;
  }
}
