/** `make test-matrix`: the packed provider in new projects, as people install and run it. Minutes; needs the registry. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labNodes, type Simulator, startSimulator } from "../../simulator";
import { run, succeeded } from "../engine/command";
import { ensureEngine } from "../engine/engine";
import { ENGINE_VERSION, OLDEST_USABLE, repositoryRoot } from "../engine/pins";
import { PulumiStack, pulumiEnvironment } from "../engine/pulumi";
import { aliceAt } from "../engine/site";
import { pack } from "./pack";
import {
  copyTemplate,
  KINDS,
  type KindOfProgram,
  MANAGERS,
  type Manager,
  makeProject,
  type Pair,
  Tools,
  withFirst,
} from "./projects";

const SPEED = 60;
const sayLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

interface Verdict {
  readonly row: readonly string[];
  readonly wrong: string | undefined;
}

/** What all rows share. */
interface Bench {
  readonly root: string;
  readonly archive: string;
  readonly tools: Tools;
  readonly simulator: Simulator;
  readonly env: NodeJS.ProcessEnv;
  readonly stackOf: (project: string, name: string, env: NodeJS.ProcessEnv) => PulumiStack;
}

const verdicts: Verdict[] = [];
const judge = async (row: readonly string[], work: () => Promise<unknown>): Promise<void> => {
  const begun = Date.now();
  const wrong = await work().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const cells = [
    ...row,
    wrong === undefined ? `ok, ${Math.round((Date.now() - begun) / 1_000)} s` : "FAILED",
  ];
  verdicts.push({ row: cells, wrong });
  sayLine(`| ${cells.join(" | ")} |`);
};

/** Up, nothing more to do, destroy; the simulated node must agree. */
const live = async (bench: Bench, stack: PulumiStack): Promise<void> => {
  const tasks = () => Object.keys(bench.simulator.requireNode(labNodes.alice1).tasks).length;
  await stack.select();
  await succeeded(stack.up());
  if (tasks() !== 1) throw new Error(`${tasks()} VMs after up`);
  const { login, ssh = login } = await stack.outputs();
  if (!/^ssh -p 20022 dbc@/.test(String(ssh))) throw new Error(`the login is ${String(ssh)}`);
  await succeeded(stack.up("--expect-no-changes"));
  await succeeded(stack.destroy());
  if (tasks() !== 0) throw new Error(`${tasks()} VMs after destroy`);
};

const programs = async (bench: Bench, manager: Manager, pair: Pair): Promise<void> => {
  const { tools, root, archive } = bench;
  const node = pair.node ?? process.versions.node;
  const title = [manager, node, pair.sdk] as const;
  const folder = join(root, `${manager}-${node}-${pair.sdk}`);
  const env = withFirst(bench.env, tools.binOf(pair));
  await makeProject(folder, archive, pair);
  await judge([...title, "install, types with skipLibCheck: false"], async () => {
    await succeeded(tools.manage(manager, ["install"], folder, env));
    await succeeded(run("node", ["node_modules/typescript/bin/tsc", "-p", "."], { cwd: folder, env }));
  });
  for (const [kind, main] of Object.entries(KINDS) as [KindOfProgram, string][])
    await judge([...title, `${kind}: up, up again, destroy`], async () => {
      await writeFile(join(folder, "Pulumi.yaml"), `name: matrix\nruntime: nodejs\nmain: ${main}\n`);
      await live(bench, bench.stackOf(folder, kind.replaceAll(/[^a-z]+/gi, "-"), env));
    });
};

/** `pulumi new` from the template, installed and brought up as it tells. */
const quickstart = async (bench: Bench): Promise<void> => {
  const folder = join(bench.root, "quickstart");
  await mkdir(folder);
  const stack = bench.stackOf(folder, "dev", bench.env);
  const template = await copyTemplate(bench.root);
  const words = ["new", template, "--yes", "--generate-only", "--force", "--name", "quickstart"];
  await succeeded(
    run(bench.stackOf(folder, "dev", bench.env).place.engine.command, words, { cwd: folder, env: bench.env }),
  );
  await succeeded(
    run("npm", ["install", "--no-audit", "--no-fund", bench.archive], { cwd: folder, env: bench.env }),
  );
  await stack.select();
  await succeeded(stack.run(["config", "set", "nodeId", labNodes.alice1]));
  await live(bench, stack);
};

/** Without `node_modules` the provider process could not find this package: said before anything is made. */
const plugAndPlay = async (bench: Bench): Promise<void> => {
  const folder = join(bench.root, "plug-n-play");
  await makeProject(
    folder,
    bench.archive,
    { sdk: ENGINE_VERSION },
    { ".yarnrc.yml": "enableTelemetry: false\nenableImmutableInstalls: false\n" },
  );
  await succeeded(bench.tools.manage("yarn", ["install"], folder, bench.env));
  const { code, output } = await bench.tools.manage("yarn", ["node", "plain.js"], folder, bench.env);
  if (code === 0 || !output.includes("set `nodeLinker: node-modules` in .yarnrc.yml"))
    throw new Error(`it said: ${output.slice(-500)}`);
};

/** Known weaknesses of what is installed at run time; not every registry can be asked. */
const audit = async (bench: Bench): Promise<void> => {
  const row = ["npm", process.versions.node, ENGINE_VERSION] as const;
  const { code, output } = await run("npm", ["audit", "--omit=dev"], { cwd: repositoryRoot, env: bench.env });
  if (/audit endpoint returned an error/.test(output))
    sayLine(`| ${row.join(" | ")} | npm audit --omit=dev | not asked: this registry has no audit endpoint |`);
  else
    await judge([...row, "npm audit --omit=dev"], async () => {
      if (code !== 0) throw new Error(output.slice(-2_000));
    });
};

const main = async (): Promise<void> => {
  const engine = await ensureEngine();
  const root = await mkdtemp(join(tmpdir(), "pulumi-dbc-matrix-"));
  const simulator = await startSimulator({ speed: SPEED });
  try {
    const newest = async (name: string) => (await succeeded(run("npm", ["view", name, "version"]))).trim();
    const pairs: readonly Pair[] = [
      { sdk: ENGINE_VERSION },
      { sdk: OLDEST_USABLE },
      { node: await newest("node"), sdk: await newest("@pulumi/pulumi") },
    ];
    const { file: archive, paths, sizeBytes } = await pack();
    sayLine(`${paths.length} files, ${Math.round(sizeBytes / 1_024)} KiB packed`);
    const tools = await Tools.install(
      join(root, "tools"),
      pairs.flatMap(({ node }) => node ?? []),
    );
    const home = join(root, "home");
    const folders = { home: join(root, "pulumi"), state: join(root, "state") };
    for (const folder of [home, folders.home, folders.state]) await mkdir(folder);
    const env: NodeJS.ProcessEnv = {
      ...pulumiEnvironment(engine, { PATH: process.env.PATH, HOME: home }, folders),
      PULUMI_CONFIG_PASSPHRASE: "only for tests",
      NODE_ID: labNodes.alice1,
      ...registryOf(process.env),
      ...aliceAt(simulator, SPEED),
    };
    const stackOf: Bench["stackOf"] = (project, stack, own) =>
      new PulumiStack({ engine, project, stack, env: own });
    const bench: Bench = { root, archive, tools, simulator, env, stackOf };
    sayLine("| manager | Node | SDK | what | result |\n| --- | --- | --- | --- | --- |");
    const only = process.argv[2];
    for (const pair of pairs)
      for (const manager of MANAGERS)
        if (only === undefined || `${manager}-${pair.sdk}`.startsWith(only))
          await programs(bench, manager, pair);
    const here = [process.versions.node, ENGINE_VERSION] as const;
    const wanted = (name: string): boolean => only === undefined || name.startsWith(only);
    if (wanted("quickstart"))
      await judge(["npm", ...here, "`pulumi new` from examples/quickstart: up, up again, destroy"], () =>
        quickstart(bench),
      );
    if (wanted("plug-n-play"))
      await judge(["yarn", ...here, "Plug'n'Play is refused in one sentence"], () => plugAndPlay(bench));
    if (wanted("audit")) await audit(bench);
  } finally {
    await simulator.close();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
  for (const { row, wrong } of verdicts) if (wrong !== undefined) sayLine(`\n${row.join(", ")}\n${wrong}`);
  const failed = verdicts.filter(({ wrong }) => wrong !== undefined).length;
  sayLine(`${verdicts.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || verdicts.length === 0 ? 1 : 0;
};

/** What the package managers need of this machine's settings: where the registry is, and whom to trust. */
const registryOf = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const server = env.npm_config_registry ?? env.NPM_CONFIG_REGISTRY;
  return {
    ...(server && { npm_config_registry: server, YARN_NPM_REGISTRY_SERVER: server }),
    ...(env.NODE_EXTRA_CA_CERTS && { NODE_EXTRA_CA_CERTS: env.NODE_EXTRA_CA_CERTS }),
  };
};

void main();
