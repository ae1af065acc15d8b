/** Every rule of the imitation of the engine is shown by a test of the real one. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../engine/pins";

const text = (path: string) => readFileSync(join(repositoryRoot, "tests", path), "utf8");

const rules = [
  ...`${text("reliability/engine.ts")}${text("reliability/engine-run.ts")}`.matchAll(
    /([a-z-]+)\.test "([^"]+)"/g,
  ),
].map(([, file = "", title = ""]) => [file, title] as const);

test("there are rules", () => expect(rules.length).toBeGreaterThan(10));

test.each(rules)("tests/engine/%s.test.ts has one called … %s …", (file, title) => {
  const titles = [...text(`engine/${file}.test.ts`).matchAll(/^\s*"(.+)",$|\("(.+)", async/gm)].map(
    ([, alone, inline]) => alone ?? inline ?? "",
  );
  expect(titles.filter((each) => each.includes(title))).toHaveLength(1);
});
