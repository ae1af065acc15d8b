import { cp, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { run, succeeded } from "../engine/command";
import { repositoryRoot } from "../engine/pins";

/** A Node and an SDK that are to work together. */
export interface Pair {
  /** Version of the npm package `node`; the Node that runs this when there is none. */
  readonly node?: string;
  readonly sdk: string;
}

/** One way of installing and running. */
export const MANAGERS = ["npm", "pnpm", "yarn"] as const;
export type Manager = (typeof MANAGERS)[number];

/** How a program may be written, and its main file. */
export const KINDS = {
  "TypeScript, CommonJS": "index.ts",
  "TypeScript, ES module": "out/module.mjs",
  "JavaScript, CommonJS": "plain.js",
  "JavaScript, ES module": "plain.mjs",
} as const;
export type KindOfProgram = keyof typeof KINDS;

const VM = `new dbc.Vm("box", {
  nodeId: process.env.NODE_ID ?? "",
  image: "ubuntu.qcow2",
  cpuCores: 4,
  memoryGib: 16,
  dataDiskGib: 50,
  sshPort: 20_022,
  vncPort: 5_901,
})`;

/** One VM in each style, types and names imported in the ways that people do. */
const FILES: Readonly<Record<string, string>> = {
  "index.ts": `import * as dbc from "pulumi-dbc";\n\nconst box: dbc.Vm = ${VM};\nexport const login = box.sshCommand;\n`,
  "module.mts": `import * as dbc from "pulumi-dbc";\nimport { Vm, type VmArgs } from "pulumi-dbc";\n\nexport type Args = VmArgs;\nconst box: Vm = ${VM};\nexport const login = box.sshCommand;\n`,
  "plain.js": `const dbc = require("pulumi-dbc");\n\nexports.login = ${VM}.sshCommand;\n`,
  "plain.mjs": `import * as dbc from "pulumi-dbc";\nimport { Vm } from "pulumi-dbc";\n\nif (Vm !== dbc.Vm) throw new Error("two classes");\nexport const login = ${VM}.sshCommand;\n`,
  "tsconfig.json": `${JSON.stringify({
    compilerOptions: {
      target: "ES2022",
      lib: ["ES2022"],
      module: "node16",
      moduleResolution: "node16",
      strict: true,
      exactOptionalPropertyTypes: true,
      // the declarations of this package and of all that they import are to be right as well
      skipLibCheck: false,
      types: ["node"],
      outDir: "out",
    },
    files: ["index.ts", "module.mts"],
  })}\n`,
  ".yarnrc.yml": "nodeLinker: node-modules\nenableTelemetry: false\nenableImmutableInstalls: false\n",
  // pnpm refuses to go on until told what to think of install scripts; none of these needs to run
  "pnpm-workspace.yaml": "allowBuilds:\n  classic-level: false\n  protobufjs: false\n",
  ".npmrc": "fund=false\naudit=false\nupdate-notifier=false\n",
};

/** The command that calls a package manager's own program with the Node that runs this. */
const PROGRAMS: Readonly<Record<Manager, readonly string[]>> = {
  npm: ["npm"],
  pnpm: ["node_modules/pnpm/bin/pnpm.mjs", "node_modules/pnpm/bin/pnpm.cjs"],
  yarn: ["node_modules/@yarnpkg/cli-dist/bin/yarn.js"],
};

/** What is installed once, from the npm registry alone, and used by all projects. */
export class Tools {
  constructor(readonly folder: string) {}

  static async install(folder: string, nodes: readonly string[]): Promise<Tools> {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "package.json"), '{ "private": true }\n');
    const packages = ["pnpm@latest", "@yarnpkg/cli-dist@latest"];
    await succeeded(
      run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...packages], { cwd: folder }),
    );
    for (const version of nodes) {
      const place = join(folder, `node-${version}`);
      await mkdir(place, { recursive: true });
      await writeFile(join(place, "package.json"), '{ "private": true }\n');
      // its install script puts the program of this platform, another package of the registry, in place
      await succeeded(run("npm", ["install", "--no-audit", "--no-fund", `node@${version}`], { cwd: place }));
    }
    return new Tools(folder);
  }

  /** The folder of a Node's program, to put first on PATH. */
  binOf({ node }: Pair): string | undefined {
    return node === undefined ? undefined : join(this.folder, `node-${node}`, "node_modules/node/bin");
  }

  async manage(manager: Manager, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
    if (manager === "npm") return run("npm", args, { cwd, env });
    for (const program of PROGRAMS[manager]) {
      const done = await run(process.execPath, [join(this.folder, program), ...args], { cwd, env });
      if (!done.output.includes("MODULE_NOT_FOUND") || done.code === 0) return done;
    }
    throw new Error(`${manager} is not where it is looked for`);
  }
}

/** A new project with the packed provider as its dependency; what it prints is not kept. */
export const makeProject = async (
  folder: string,
  archive: string,
  { sdk }: Pair,
  more: Readonly<Record<string, string>> = {},
): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const manifest = {
    name: "program",
    version: "1.0.0",
    private: true,
    dependencies: { "@pulumi/pulumi": sdk, "pulumi-dbc": `file:${archive}` },
    devDependencies: { "@types/node": "^20.0.0", typescript: "^5.9.0" },
  };
  const files = { ...FILES, "package.json": `${JSON.stringify(manifest, undefined, 2)}\n`, ...more };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  // without it, Yarn takes a project in a temporary folder for a part of one above
  await writeFile(join(folder, "yarn.lock"), "");
};

/** The template as `pulumi new` takes it. */
export const copyTemplate = async (folder: string): Promise<string> => {
  const template = join(folder, "template");
  await cp(join(repositoryRoot, "examples/quickstart"), template, { recursive: true });
  return template;
};

/** `env` with a folder first on its PATH. */
export const withFirst = (env: NodeJS.ProcessEnv, bin: string | undefined): NodeJS.ProcessEnv =>
  bin === undefined ? env : { ...env, PATH: [bin, env.PATH ?? ""].join(delimiter) };
