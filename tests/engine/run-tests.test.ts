import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { count, removeStale } from "./run-tests";
import { temporaryFolder } from "./temporary";

const root = temporaryFolder();

test("counts tests, and files that could not be loaded as failed ones", () => {
  const results = { numPassedTests: 7, numFailedTests: 1, numRuntimeErrorTestSuites: 2, success: false };
  expect(count(JSON.stringify(results))).toEqual({ passed: 7, failed: 3 });
});

test.each(["", "{", "{}"])("a jest that wrote %j has failed", (text) => {
  expect(count(text)).toEqual({ passed: 0, failed: 1 });
});

test("compiled tests go when their source is gone", () => {
  const [compiled, sources] = [join(root, "dist"), join(root, "tests")];
  for (const folder of [compiled, sources]) mkdirSync(join(folder, "core"), { recursive: true });
  for (const name of ["core/kept.test.js", "core/gone.test.js", "core/helper.js"])
    writeFileSync(join(compiled, name), "");
  writeFileSync(join(sources, "core/kept.test.ts"), "");
  removeStale(compiled, sources);
  expect(readdirSync(join(compiled, "core")).sort()).toEqual(["helper.js", "kept.test.js"]);
});
