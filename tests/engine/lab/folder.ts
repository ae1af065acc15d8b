import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../engine";
import { pulumiEnvironment } from "../pulumi";

/** The project's name in Pulumi.yaml. */
export const PROJECT = "pulumi-dbc-lab";

/** Variables of the user's that mean the same in the lab; others of Pulumi's or ours are about other stacks. */
const KEPT = ["DBC_ALLOW_STOP", "DBC_PREFLIGHT"];

/** The folder `.lab`, where everything of the lab is but the engine. */
export class LabFolder {
  /** Pulumi's home and backend. */
  readonly home: string;
  readonly state: string;
  readonly simulatorState: string;
  readonly simulatorRecord: string;
  readonly simulatorLog: string;
  readonly lock: string;
  readonly envFile: string;

  constructor(readonly root: string) {
    this.home = join(root, "pulumi");
    this.state = join(root, "state");
    this.simulatorState = join(root, "simulator");
    this.simulatorRecord = join(root, "simulator.json");
    this.simulatorLog = join(root, "simulator.log");
    this.lock = join(root, "lock");
    this.envFile = join(root, "env");
  }

  /** The stacks that were made here and not removed since. */
  stacks(): string[] {
    const folder = join(this.state, ".pulumi", "stacks", PROJECT);
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((name) => /^(.*)\.json$/.exec(name)?.[1] ?? []);
  }

  /** Where Pulumi keeps the locks of a stack. */
  locksOf(stack: string): string {
    return join(this.state, ".pulumi", "locks", "organization", PROJECT, stack);
  }

  /** Writes what a shell sources to use `pulumi` by hand on this lab. */
  writeEnv(engine: Engine, stack: string, variables: NodeJS.ProcessEnv): void {
    const { PATH, ...settings } = pulumiEnvironment(engine, {}, this);
    const all = {
      ...settings,
      PULUMI_CONFIG_PASSPHRASE_FILE: this.passphrase(),
      PULUMI_STACK: stack,
      ...variables,
    };
    const lines = [
      `# For use by hand: source .lab/env && pulumi stack output`,
      "unset PULUMI_CONFIG_PASSPHRASE",
      `case ":$PATH:" in *:${quote(engine.bin)}:*) ;; *) export PATH=${quote(engine.bin)}:"$PATH" ;; esac`,
      ...Object.entries(all).map(([name, value]) => `export ${name}=${quote(value ?? "")}`),
    ];
    writeFileSync(this.envFile, `${lines.join("\n")}\n`, { mode: 0o600 });
  }

  removeEnv(): void {
    rmSync(this.envFile, { force: true });
  }

  /** The file with the passphrase of the lab's secrets, made once. */
  passphrase(): string {
    const file = join(this.root, "passphrase");
    if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
    return file;
  }
}

/** The caller's environment without what would lead the lab to another stack, backend or account. */
export const neutral = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => KEPT.includes(name) || !/^(PULUMI|DBC)_/.test(name)),
  );

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
