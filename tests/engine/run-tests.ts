import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { run } from "./command";
import { ensureEngine } from "./engine";
import { repositoryRoot } from "./pins";

const Results = z.looseObject({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  /** Files of tests that could not be loaded. */
  numRuntimeErrorTestSuites: z.number(),
});

/** Counts what jest wrote down; a jest that wrote nothing has itself failed. */
export const count = (results: string): { readonly passed: number; readonly failed: number } => {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = Results.parse(JSON.parse(results));
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 1 };
  }
};

/** Removes compiled tests whose source is gone, which would be run for ever. */
export const removeStale = (compiled: string, sources: string): void => {
  const names = readdirSync(compiled, { recursive: true, encoding: "utf8" });
  for (const name of names.filter((each) => each.endsWith(".test.js"))) {
    if (!existsSync(join(sources, name.replace(/\.js$/, ".ts")))) rmSync(join(compiled, name));
  }
};

/** Runs every test, or what jest's own arguments select; the last line counts them. Answers the exit code. */
export const runTests = async (args: readonly string[]): Promise<number> => {
  removeStale(join(repositoryRoot, "dist/tests"), join(repositoryRoot, "tests"));
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dbc-tests-"));
  try {
    const file = join(folder, "results.json");
    const jest = require.resolve("jest/bin/jest");
    const options = { cwd: repositoryRoot, inherit: true };
    const { code } = await run(process.execPath, [jest, "--json", "--outputFile", file, ...args], options);
    const { passed, failed } = count(existsSync(file) ? readFileSync(file, "utf8") : "");
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    return code === 0 && failed === 0 && passed > 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** `npm test`. The tests of the real engine say themselves what is missing when there is none. */
const main = async (): Promise<void> => {
  await ensureEngine().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  });
  process.exitCode = await runTests(process.argv.slice(2));
};

if (require.main === module) void main();
