import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type Finished, run } from "../engine/command";
import { OLDEST_USABLE, repositoryRoot } from "../engine/pins";
import { expectedPaths, type Package, pack } from "./pack";

jest.setTimeout(300_000); // it packs and unpacks, on a machine of any speed

const Manifest = z.looseObject({
  name: z.string(),
  license: z.string(),
  publishConfig: z.object({ access: z.literal("public"), provenance: z.literal(true) }),
  exports: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])),
  bin: z.record(z.string(), z.string()),
  engines: z.object({ node: z.string() }),
  dependencies: z.record(z.string(), z.string()),
  peerDependencies: z.record(z.string(), z.string()),
});
const manifest = Manifest.parse(JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")));

let folder: string;
let packed: Package;

/** A project with what was packed, and beside it what this repository has installed. */
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "pulumi-dbc-unpacked-")));
  packed = await pack();
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, "pulumi-dbc"), { recursive: true });
  await mkdir(join(modules, "@types"));
  await mkdir(join(modules, "@pulumi"));
  const unpacked = ["-xzf", packed.file, "--strip-components=1", "-C", join(modules, "pulumi-dbc")];
  expect(await run("tar", unpacked)).toMatchObject({ code: 0 });
  for (const name of [...Object.keys(manifest.dependencies), "@pulumi/pulumi", "@types/node"]) {
    const place = join(modules, name);
    await mkdir(join(place, ".."), { recursive: true });
    await symlink(join(repositoryRoot, "node_modules", name), place);
  }
  await writeFile(join(folder, "package.json"), '{ "name": "program", "private": true }\n');
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(join(packed.file, ".."), { recursive: true, force: true });
});

/** Runs a program of the project. */
const program = async (file: string, text: string): Promise<Finished> => {
  await writeFile(join(folder, file), text);
  return run(process.execPath, [file], { cwd: folder, env: { PATH: process.env.PATH } });
};

test("it holds the code and the types of every published source, four texts, and nothing else", () => {
  expect(packed.paths).toEqual(expectedPaths());
});

test("it is small", () => {
  expect(packed.sizeBytes).toBeLessThan(512 * 1_024);
  expect(packed.unpackedBytes).toBeLessThan(2 * 1_024 * 1_024);
});

test("it is published for everyone, with a proof of where it was built", () => {
  expect(manifest.publishConfig).toEqual({ access: "public", provenance: true });
});

test("its licence and those of its run-time dependencies let anybody use it", () => {
  const own = join(folder, "node_modules/pulumi-dbc");
  expect(manifest.license).toBe("Apache-2.0");
  expect(readFileSync(join(own, "LICENSE"), "utf8")).toContain("Apache License");
  const Lock = z.looseObject({
    packages: z.record(
      z.string(),
      z.looseObject({
        dev: z.boolean().optional(),
        devOptional: z.boolean().optional(),
        license: z.string().optional(),
      }),
    ),
  });
  const lock = Lock.parse(JSON.parse(readFileSync(join(repositoryRoot, "package-lock.json"), "utf8")));
  const installed = Object.entries(lock.packages).filter(
    ([name, { dev, devOptional }]) => name && !dev && !devOptional,
  );
  const free =
    /^\(?(MIT|MIT-0|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|Unlicense|CC0-1\.0|BlueOak-1\.0\.0|Python-2\.0)\b/;
  expect(installed.length).toBeGreaterThan(10);
  expect(installed.filter(([, { license = "none" }]) => !free.test(license)).map(([name]) => name)).toEqual(
    [],
  );
});

test("CommonJS and ES modules see the same classes, by name and as a whole", async () => {
  const names =
    'Object.keys(dbc).filter((name) => /^[a-z]+$/i.test(name) && name !== "default").sort().join()';
  const required = await program("a.cjs", `const dbc = require("pulumi-dbc"); console.log(${names});`);
  const imported = await program(
    "b.mjs",
    `import * as dbc from "pulumi-dbc"; import { Vm, MonitorServers, getNodes } from "pulumi-dbc"; console.log(${names});`,
  );
  expect([required.code, imported.code, imported.stderr]).toEqual([0, 0, ""]);
  expect(required.stdout.split(",").length).toBeGreaterThan(15);
  expect(imported.stdout).toBe(required.stdout);
});

test("every entry point loads, by require and by import, and nothing else can be reached", async () => {
  const entries = Object.keys(manifest.exports).map((name) => name.replace(/^\./, manifest.name));
  expect(entries).toContain("pulumi-dbc/simulator");
  for (const entry of entries) {
    const required = await program("c.cjs", `require("${entry}");`);
    expect([entry, required.stderr]).toEqual([entry, ""]);
    const kind = entry.endsWith(".json") ? ' with { type: "json" }' : "";
    const imported = await program("c.mjs", `import "${entry}"${kind};`);
    expect([entry, imported.code]).toEqual([entry, 0]);
  }
  const inside = await program("d.cjs", 'require("pulumi-dbc/dist/provider/core/errors");');
  expect(inside.stderr).toContain("ERR_PACKAGE_PATH_NOT_EXPORTED");
});

test("its commands start", async () => {
  for (const file of Object.values(manifest.bin)) {
    const path = join(folder, "node_modules/pulumi-dbc", file);
    expect(readFileSync(path, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    const done = await run(process.execPath, [path, "--help"], { cwd: folder });
    expect([file, done.code, done.stdout]).toEqual([file, 0, expect.stringContaining("Usage: ")]);
  }
});

test.each([
  ["CommonJS", "program.cts", "node16"],
  ["ES modules", "program.mts", "node16"],
  ["a bundler", "program.ts", "bundler"],
])("its types are right for %s, declarations of libraries included", async (_what, file, resolution) => {
  await writeFile(
    join(folder, file),
    `import { Vm, type VmArgs, getNodes } from "pulumi-dbc";
import { startSimulator } from "pulumi-dbc/simulator";
const args: VmArgs = { nodeId: "a", image: "b", cpuCores: 1, memoryGib: 1, vncPort: 5_901 };
export const login: Promise<string | undefined> = new Promise((resolve) => void new Vm("a", args).sshCommand.apply(resolve));
export const all = [getNodes(), startSimulator()];
// @ts-expect-error a node is not a number
new Vm("b", { ...args, nodeId: 1 });
`,
  );
  const options = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "false",
    "--target",
    "ES2022",
    "--types",
    "node",
  ];
  const modules = [
    "--module",
    resolution === "bundler" ? "esnext" : "node16",
    "--moduleResolution",
    resolution,
  ];
  const tsc = require.resolve("typescript/bin/tsc");
  const { code, output } = await run(process.execPath, [tsc, ...options, ...modules, file], { cwd: folder });
  expect([code, output]).toEqual([0, ""]);
});

test("the ranges say what the matrix shows", () => {
  expect(manifest.engines.node).toBe(">=20");
  expect(manifest.peerDependencies).toEqual({ "@pulumi/pulumi": `>=${OLDEST_USABLE} <4` });
});
