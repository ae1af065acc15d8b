/** A resource is whole: everything that belongs to one is there, under the same basename. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Kind, kinds } from "../../provider/kinds";

const read = (path: string): string => readFileSync(path, "utf8");
const kebab = (type: string): string =>
  type.replaceAll(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

const rows = Object.values(kinds).map((kind: Kind) => [kebab(kind.type), kind] as const);
/** Those that users write; the others stand beside them. */
const written = rows.filter(([basename]) => !/-(key|claim)$/.test(basename));

/** Where the calls of each are, and where the other side's behaviour. */
const REMOTE: Readonly<Record<string, readonly [api: string, simulator: string]>> = {
  vm: ["dbc/tasks.ts", "miner/worker.ts"],
  "data-disk": ["dbc/disks.ts", "miner/disks.ts"],
  lan: ["dbc/lans.ts", "miner/lans.ts"],
  "monitor-servers": ["dbc/monitors.ts", "miner/monitors.ts"],
  image: ["dbc/images.ts", "miner/images.ts"],
  "image-upload": ["dbc/images.ts", "miner/transfers.ts"],
  snapshot: ["dbc/snapshots.ts", "miner/snapshots.ts"],
  "container-task": ["container/tasks.ts", "container/lifecycle.ts"],
  "computing-resource-query": ["interconnect/client.ts", "interconnect/calls.ts"],
  "task-template-submission": ["interconnect/client.ts", "interconnect/calls.ts"],
  "task-path": ["interconnect/client.ts", "interconnect/calls.ts"],
};

/** The texts of all tests in these folders. */
const testsIn = (...folders: string[]): string =>
  folders
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => path.endsWith(".ts"))
    .map(read)
    .join("\n");

const lifecycles = testsIn("tests/resources", "tests/container", "tests/interconnect");
const engine = testsIn("tests/engine");
const examples = readdirSync("examples", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith("index.ts") && !name.startsWith("reference"))
  .map((name) => read(join("examples", name)))
  .join("\n");

test.each(rows)("%s has a definition, a handler and a class", (basename, { type, handler }) => {
  const resources = readdirSync("provider/resources").map((name) => read(join("provider/resources", name)));
  const defined = resources.some((text) => text.includes(`"${type}"`));
  expect([basename, defined]).toEqual([basename, true]);
  expect(read("provider/index.ts")).toContain(`export const ${handler} = toDynamic(`);
  const classes = readdirSync("sdk").map((name) => read(join("sdk", name)));
  expect([basename, classes.some((text) => text.includes(`kinds.${handler}`))]).toEqual([basename, true]);
});

test("every resource that users write says where its calls and the other side's behaviour are", () => {
  expect(Object.keys(REMOTE).sort()).toEqual(written.map(([basename]) => basename).sort());
});

test.each(written)("%s is whole", (basename, { type }) => {
  const [api = "", simulator = ""] = REMOTE[basename] ?? [];
  for (const file of [
    `provider/api/${api}`,
    `provider/resources/${basename}.ts`,
    `sdk/${basename}.ts`,
    `sdk/${basename}-args.ts`,
    `simulator/${simulator}`,
    `docs/${basename}.md`,
    `examples/reference/${basename}.ts`,
  ])
    expect([file, existsSync(file)]).toEqual([file, true]);
  expect(read("sdk/index.ts")).toContain(`from "./${basename}"`);
  expect(read("typedoc.json")).toContain(`"docs/${basename}.md"`);
  expect(read("CHANGELOG.md")).toContain(`\`${type}\``);
  // tried by itself, by the real engine, and by a program as users write them
  expect(lifecycles).toMatch(
    new RegExp(`from "../../provider/resources/${basename}"|"${basename}"|"${type}"`),
  );
  expect(engine).toMatch(new RegExp(`dbc\\.${type}\\b|kind: "${type}"`));
  expect(examples).toContain(`dbc.${type}(`);
});

test("no page of the reference is left of a resource that is gone", () => {
  const pages = readdirSync("docs").filter(
    (name) => name.endsWith(".md") && read(join("docs", name)).includes("<!-- Generated from the resource's"),
  );
  expect(pages.sort()).toEqual(written.map(([basename]) => `${basename}.md`).sort());
});
