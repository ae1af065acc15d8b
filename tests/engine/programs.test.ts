import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { z } from "zod";
import { ENGINE_VERSION, OLDEST_USABLE, PROGRAMS, repositoryRoot } from "./pins";
import { findProgram, isUsable, usablePulumi } from "./programs";
import { temporaryFolder } from "./temporary";

const root = temporaryFolder();
let count = 0;

/** A folder of programs that all say `says`. */
const folderOf = (names: readonly string[], says = ""): string => {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  for (const name of names) writeFileSync(join(folder, name), `#!/bin/sh\necho ${says}\n`, { mode: 0o755 });
  return folder;
};

const [pulumi, languageHost, launcher] = PROGRAMS;

describe("findProgram", () => {
  test("takes the first executable file of that name", () => {
    const [first, second, third] = [folderOf([]), folderOf(["tool"]), folderOf(["tool"])];
    mkdirSync(join(first, "tool"));
    expect(findProgram("tool", [first, second, third].join(delimiter))).toBe(join(second, "tool"));
  });

  test("takes no file that can't be executed, and nothing of the folder one happens to be in", () => {
    const folder = folderOf([]);
    writeFileSync(join(folder, "tool"), "text", { mode: 0o644 });
    expect(findProgram("tool", [folder, "", "."].join(delimiter))).toBeUndefined();
  });
});

describe("usablePulumi", () => {
  test("takes one with its other programs beside it", async () => {
    const folder = folderOf(PROGRAMS, "v3.230.1");
    expect(await usablePulumi(folder)).toEqual({ command: join(folder, "pulumi"), version: "3.230.1" });
  });

  test("takes one with its other programs elsewhere on PATH", async () => {
    const path = [folderOf([pulumi], "v3.300.0"), folderOf([languageHost, launcher])].join(delimiter);
    expect(await usablePulumi(path)).toMatchObject({ version: "3.300.0" });
  });

  test("takes a link to one with its other programs beside the real file", async () => {
    const folder = folderOf([]);
    symlinkSync(join(folderOf(PROGRAMS, "v3.250.0"), "pulumi"), join(folder, "pulumi"));
    expect(await usablePulumi(folder)).toMatchObject({ command: join(folder, "pulumi") });
  });

  test.each([
    ["is too old", PROGRAMS, "v3.215.9"],
    ["is of another major version", PROGRAMS, "v4.0.0"],
    ["says something else", PROGRAMS, "hello"],
    ["lacks the language host", [pulumi, launcher], "v3.246.0"],
    ["lacks the launcher of dynamic providers", [pulumi, languageHost], "v3.246.0"],
  ])("takes none that %s", async (_why, names, says) => {
    expect(await usablePulumi(folderOf(names, says))).toBeUndefined();
  });

  test("takes none where there is none", async () => {
    expect(await usablePulumi("")).toBeUndefined();
  });
});

test.each([
  ["3.216.0", true],
  ["3.999.1-alpha.2", true],
  ["3.215.0", false],
  ["2.300.0", false],
  ["4.1.0", false],
])("%s is usable: %s", (version, expected) => {
  expect(isUsable(version)).toBe(expected);
});

describe("the pinned versions agree", () => {
  const Package = z.looseObject({
    devDependencies: z.record(z.string(), z.string()),
    peerDependencies: z.record(z.string(), z.string()).optional(),
  });
  const manifest = Package.parse(JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")));

  test("with the SDK that we build against", () => {
    expect(manifest.devDependencies["@pulumi/pulumi"]).toBe(ENGINE_VERSION);
  });

  test("with the Go module that the CLI is built from", () => {
    const module = readFileSync(join(repositoryRoot, "tests/engine/cli/go.mod"), "utf8");
    expect(module).toContain(`require github.com/pulumi/pulumi/pkg/v3 v${ENGINE_VERSION}\n`);
  });

  test("with the lower end of the peer range", () => {
    const range = manifest.peerDependencies?.["@pulumi/pulumi"];
    if (range !== undefined) expect(range).toContain(OLDEST_USABLE);
  });
});
