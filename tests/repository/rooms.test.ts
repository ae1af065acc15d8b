import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const rooms = ["provider", "sdk", "simulator"];

const files = rooms.flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join(room, path)),
);

/** Everything that a file imports or requires: packages by name, our own files by path from the root. */
const importsOf = (path: string): string[] =>
  [...readFileSync(path, "utf8").matchAll(/(?:from|require\(|import\()\s*"([^"]+)"/g)].map(([, name = ""]) =>
    name.startsWith(".") ? normalize(join(dirname(path), name)) : name,
  );

const all = files.flatMap((path) => importsOf(path).map((imported) => ({ path, imported })));

const offenders = (allowed: (path: string) => boolean, concerned: (imported: string) => boolean) =>
  all
    .filter(({ path, imported }) => concerned(imported) && !allowed(path))
    .map(({ path, imported }) => `${path} imports ${imported}`);

const within =
  (...folders: string[]) =>
  (path: string) =>
    folders.some((folder) => path === folder || path.startsWith(`${folder}/`));

test("the search finds imports", () => {
  expect(all.length).toBeGreaterThan(100);
});

test("axios is known in provider/api alone", () => {
  expect(offenders(within("provider/api"), within("axios"))).toEqual([]);
});

test("Pulumi is known in provider/hosts and sdk alone", () => {
  expect(offenders(within("provider/hosts", "sdk"), within("@pulumi"))).toEqual([]);
});

test("a provider process reaches files for the debug log alone", () => {
  const files = (name: string) => /^(node:)?fs(\/|$)/.test(name);
  const elsewhere = ["sdk", "simulator", "provider/orphans"];
  expect(offenders(within("provider/hosts/debug.ts", ...elsewhere), files)).toEqual([]);
  expect(offenders(within(...elsewhere), files)).not.toEqual([]);
});

// A room may import the rooms named beside it, and itself.
const DIRECTIONS: Readonly<Record<string, readonly string[]>> = {
  "provider/core": [],
  "provider/api": ["provider/core"],
  "provider/resources": ["provider/core", "provider/api"],
  "provider/hosts": ["provider/core", "provider/api", "provider/resources", "provider/kinds"],
  "provider/orphans": ["provider/core", "provider/api", "provider/resources", "provider/hosts"],
  sdk: ["provider/kinds", "provider/functions", "provider/offline"],
  simulator: ["provider/core", "provider/api"],
};

test.each(Object.entries(DIRECTIONS))("%s imports only %j", (room, others) => {
  const ours = (path: string) => path.startsWith("provider/") || rooms.includes(path.split("/")[0] ?? "");
  const wrong = all.filter(
    ({ path, imported }) => within(room)(path) && ours(imported) && !within(room, ...others)(imported),
  );
  expect(wrong.map(({ path, imported }) => `${path} imports ${imported}`)).toEqual([]);
});

test("the sdk loads neither zod nor axios, nor anything of the provider but its table", () => {
  const loaded = files
    .filter(within("sdk"))
    .flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(/^import (?!type )[^;]*?from "([^"]+)"/gms)].map(
        ([, name = ""]) => name,
      ),
    );
  expect([...new Set(loaded)].filter((name) => !name.startsWith("./")).sort()).toEqual([
    "../provider/kinds",
    "@pulumi/pulumi",
  ]);
});
