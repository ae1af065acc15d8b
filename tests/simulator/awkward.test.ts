import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** How many numbered lines each list has. */
const lists = { h: 15, C: 12 } as const;

interface Row {
  readonly line: string;
  readonly simulator: string;
  readonly provider: string;
  readonly source: string;
}

const section = readFileSync("simulator/README.md", "utf8").split("\n## Awkward list\n")[1] ?? "";
const rows: Row[] = section.split("\n").flatMap((text) => {
  const [line = "", simulator = "", provider = "", source = ""] = text.replace(/^\| | \|$/g, "").split(" | ");
  return /^[hC]\d+ /.test(line) ? [{ line, simulator, provider, source }] : [];
});

/** The tests that a cell names: a file, then beginnings of titles. */
function named(cell: string): { file: string; title: string }[] {
  return cell.split(/; (?=`)/).flatMap((part) => {
    const file = /^`([\w/-]+)`: /.exec(part)?.[1] ?? "";
    return [...part.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => ({ file, title }));
  });
}

/** The test files of a name: `resources/image` is image.test.ts and image-….test.ts. */
function textsOf(file: string): string[] {
  const folder = join("tests", dirname(file));
  if (!existsSync(folder)) return [];
  const own = (name: string) => name.endsWith(".test.ts") && /^[.-]/.test(name.slice(basename(file).length));
  return readdirSync(folder)
    .filter((name) => name.startsWith(basename(file)) && own(name))
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

/** What a cell says that is not so. */
function mistakes({ line }: Row, cell: string): string[] {
  const tests = named(cell);
  if (tests.length === 0) return cell.startsWith("not reachable: ") ? [] : [`${line}: no test`];
  return tests.flatMap(({ file, title }) => {
    const found = textsOf(file);
    if (found.length === 0) return [`${line}: there is no tests/${file}*.test.ts`];
    return found.some((text) => text.includes(`"${title}`))
      ? []
      : [`${line}: tests/${file} has no "${title}"`];
  });
}

/** The lines of a list that have a whole row, and none that is wrong. */
function covered(list: keyof typeof lists): number {
  return Array.from({ length: lists[list] }, (_, index) => `${list}${index + 1} `).filter((number) => {
    const own = rows.filter(({ line }) => line.startsWith(number));
    return (
      own.length > 0 &&
      own.every((row) => row.source !== "" && mistakes(row, row.simulator).length === 0) &&
      own.every((row) => mistakes(row, row.provider).length === 0)
    );
  }).length;
}

afterAll(() => {
  const count = (list: keyof typeof lists) => `${covered(list)} of ${lists[list]}`;
  process.stdout.write(
    `awkward lines covered: ${count("h")} of the DBC node, ${count("C")} of the container and interconnection platforms\n`,
  );
});

test("every test that the table names is there", () => {
  expect(rows.flatMap((row) => [...mistakes(row, row.simulator), ...mistakes(row, row.provider)])).toEqual(
    [],
  );
  expect(rows.flatMap(({ simulator }) => named(simulator)).length).toBeGreaterThan(40);
});

test.each(Object.keys(lists) as (keyof typeof lists)[])("every line of list %s is covered", (list) => {
  expect(covered(list)).toBe(lists[list]);
});

test("every line has a test of the simulator: only a provider may be out of reach", () => {
  expect(rows.filter(({ simulator }) => named(simulator).length === 0)).toEqual([]);
  expect(rows.filter(({ provider }) => named(provider).length === 0).map(({ line }) => line)).toEqual([
    "h13 bootdev's false error",
  ]);
});
