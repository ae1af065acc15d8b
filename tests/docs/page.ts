import { existsSync, readFileSync } from "node:fs";
import type { Shape } from "../../provider/core/resource";
import { COSTS, fieldDocs } from "./fields";
import { notes } from "./notes";

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
const code = (text: string | undefined): string =>
  text === undefined || text === "" ? "" : `\`${text.replaceAll("|", "\\|")}\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(" | ")} |`,
  `|${" --- |".repeat(head.length)}`,
  ...rows.map((row) => `| ${row.join(" | ")} |`),
];

/** The unit that a name tells, as all names of quantities do. */
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/Gib$/, "GiB"],
  [/Mib$/, "MiB"],
  [/Cores$/, "cores"],
  [/^(gpu|accelerator)Count$/, "cards"],
  [/^(replicas|containers)$/, "containers"],
  [/(^p|P)ort$/, "port"],
  [/^timeLimit$/, "HH:MM:SS"],
  [/^timeouts$/, "each such as 90s or 1h30m"],
];
const unitOf = (name: string): string => UNITS.find(([pattern]) => pattern.test(name))?.[1] ?? "";

/** The lines of a TSDoc comment, without its stars; links to other symbols become plain names. */
const linesOf = (comment: string): string[] =>
  comment
    .replaceAll(/\{@link (\w+)\}/g, "`$1`")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd());

/** What the class says of itself, up to its first tag. */
const summaryOf = (source: string, type: string): string => {
  const [, comment = ""] =
    new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*export class ${type} `).exec(source) ?? [];
  const lines = linesOf(comment);
  const end = lines.findIndex((line) => line.startsWith("@"));
  return (end < 0 ? lines : lines.slice(0, end)).join("\n").trim();
};

const OUTPUT = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*declare readonly (\w+): pulumi\.Output<(.*)>;/g;

const outputsOf = (source: string): string[][] =>
  [...source.matchAll(OUTPUT)].map(([, comment = "", name = "", type = ""]) => [
    code(name),
    code(type),
    cell(linesOf(comment).join(" ").trim()),
  ]);

/** What its `get` takes; undefined where it has none. */
const idOf = (source: string): string | undefined => /@param id (.+)/.exec(source)?.[1];

/** The page of one resource: what it is, an example that the tests run, arguments, outputs, and what exists already. */
export const pageText = (basename: string, type: string, shape: Shape): string => {
  const source = readFileSync(`sdk/${basename}.ts`, "utf8");
  const base = /extends InterconnectRequest/.test(source) ? "sdk/interconnect-request.ts" : undefined;
  const id = idOf(source);
  const { adopt = "", remove = "" } = notes[basename] ?? {};
  const example = `examples/reference/${basename}.ts`;
  return [
    `# ${type}`,
    "",
    "<!-- Generated from the resource's definition, its class and its example by `make docs`; do not edit. -->",
    "",
    summaryOf(source, type),
    "",
    "## Example",
    "",
    "```ts",
    existsSync(example) ? readFileSync(example, "utf8").trimEnd() : "",
    "```",
    "",
    "The tests compile this file and bring it up; what it imports is in the same folder, `examples/reference`.",
    "",
    "## Arguments",
    "",
    ...table(
      ["argument", "type", "unit", "default", "a change costs", "wire name", "source", "meaning"],
      fieldDocs(shape).map((field) => [
        `${code(field.name)}${field.required ? " (required)" : ""}`,
        code(field.type),
        unitOf(field.name),
        code(field.default),
        field.cost,
        code(field.wire),
        code(field.source),
        cell(field.description),
      ]),
    ),
    "",
    ...Object.entries(COSTS).map(([cost, meaning]) => `- \`${cost}\`: ${meaning}`),
    "",
    "## Outputs",
    "",
    "Beside `id` and `urn`:",
    "",
    ...table(
      ["output", "type", "meaning"],
      [...outputsOf(source), ...(base === undefined ? [] : outputsOf(readFileSync(base, "utf8")))],
    ),
    "",
    "## What exists already",
    "",
    ...(id === undefined
      ? []
      : [
          `- **Looking it up:** \`${type}.get(name, id)\` reads one that exists and never changes it; the id is ${id.includes("`") ? id.replace(/\.$/, "") : id.replace(/\.$/, "").toLowerCase()}.`,
        ]),
    `- **Taking it over:** ${adopt}`,
    `- **Deleting it:** ${remove}`,
    "",
  ].join("\n");
};
