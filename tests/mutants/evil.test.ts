import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../engine/pins";
import { EVIL_MUTANTS } from "./evil";

const source = (file: string): string => readFileSync(join(repositoryRoot, file), "utf8");

test.each(EVIL_MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
  "the source still has the place of: %s",
  (_, { file, find, replace, tests }) => {
    expect(source(file).split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
    for (const each of tests) expect(existsSync(join(repositoryRoot, "tests", `${each}.ts`))).toBe(true);
  },
);
