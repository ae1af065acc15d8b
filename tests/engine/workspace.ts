import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Finished, run } from "./command";
import { type Engine, findEngine } from "./engine";
import { repositoryRoot } from "./pins";
import { processesWith, signalProcess } from "./processes";
import { PulumiStack, pulumiEnvironment } from "./pulumi";

/** A program to try on the real engine. */
export interface WorkspaceOptions {
  /** The program's files, by name; `index.js` is its main unless `main` says otherwise. */
  readonly files: Readonly<Record<string, string>>;
  readonly main?: string;
  /** What the program and its provider see beside PATH, HOME and Pulumi's own settings. */
  readonly env?: Readonly<Record<string, string>>;
  /** The engine, if not the one that is there. */
  readonly engine?: Engine;
}

/**
 * A temporary folder with a program of its own, a state of its own and a sparse environment, in which the real
 * engine runs. The program sees this repository as the package `pulumi-dbc`, and the same one copy of
 * `@pulumi/pulumi` as that package does.
 */
export class Workspace {
  private constructor(
    /** Everything is in here. */
    readonly folder: string,
    private readonly engine: Engine,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async create(options: WorkspaceOptions): Promise<Workspace> {
    const engine = options.engine ?? (await findEngine());
    // Paths are compared as text here and there, and some systems' temporary folder is a link.
    const folder = await realpath(await mkdtemp(join(tmpdir(), "pulumi-dbc-")));
    const folders = { home: join(folder, "pulumi"), state: join(folder, "state") };
    const home = join(folder, "home");
    const env = {
      ...pulumiEnvironment(engine, { PATH: process.env.PATH, HOME: home }, folders),
      PULUMI_CONFIG_PASSPHRASE: "only for tests",
      // Deep stacks of a failing program end in frames of the SDK's own, over which some Node 20 releases spend
      // 20 s and 2 GB (nodejs/node#64011).
      NODE_OPTIONS: "--stack-trace-limit=4",
      ...options.env,
    };
    for (const made of [home, folders.home, folders.state]) await mkdir(made);
    const workspace = new Workspace(folder, engine, env);
    await workspace.write({
      "package.json": '{ "name": "program", "private": true }\n',
      "Pulumi.yaml": `name: test\nruntime: nodejs\nmain: ${options.main ?? "index.js"}\n`,
      ...options.files,
    });
    await linkPackages(workspace.program);
    return workspace;
  }

  /** The folder of the program. */
  get program(): string {
    return join(this.folder, "program");
  }

  /** Writes or replaces files of the program. */
  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(this.program, name)), { recursive: true });
      await writeFile(join(this.program, name), text);
    }
  }

  /** The text of a file of the program. */
  read(name: string): Promise<string> {
    return readFile(join(this.program, name), "utf8");
  }

  /** A stack of this program, made if it isn't there; its commands also see `env`. */
  async stack(name = "test", env: Readonly<Record<string, string>> = {}): Promise<PulumiStack> {
    const place = { engine: this.engine, project: this.program, stack: name, env: { ...this.env, ...env } };
    const stack = new PulumiStack(place);
    await stack.select();
    return stack;
  }

  /** Runs a file of the program by itself, as one does that drives Pulumi by its Automation API; it also sees `env`. */
  node(
    file: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Finished> {
    return run(process.execPath, [file, ...args], { cwd: this.program, env: { ...this.env, ...env } });
  }

  /** The engine's processes that are alive here, such as the providers of an engine that was killed. */
  processes(): number[] {
    return processesWith(`PULUMI_HOME=${this.env.PULUMI_HOME}`);
  }

  /** Ends what still runs in here and removes the folder. */
  async dispose(): Promise<void> {
    for (let alive = this.processes(); alive.length > 0; alive = this.processes()) {
      for (const pid of alive) signalProcess(pid, "SIGKILL");
      await sleep(20);
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Resolves as soon as `condition` holds; it is the test's own time limit that ends a wait in vain. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await sleep(20);
};

/**
 * Links, not copies: Node takes a link's real path, so that the program and our package load one and the same
 * `@pulumi/pulumi`. Only `dist` is linked, because a language host walks through all that it finds here.
 */
const linkPackages = async (program: string): Promise<void> => {
  const modules = join(program, "node_modules");
  await mkdir(join(modules, "pulumi-dbc"), { recursive: true });
  await mkdir(join(modules, "@pulumi"));
  const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));
  await symlink(sdk, join(modules, "@pulumi/pulumi"));
  for (const name of ["package.json", "dist"]) {
    await symlink(join(repositoryRoot, name), join(modules, "pulumi-dbc", name));
  }
};
