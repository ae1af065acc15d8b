import { readdirSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { run } from "../engine/command";
import { repositoryRoot } from "../engine/pins";

const Packed = z.tuple([
  z.looseObject({
    filename: z.string(),
    size: z.number(),
    unpackedSize: z.number(),
    files: z.array(z.looseObject({ path: z.string() })),
  }),
]);

/** The package as `npm publish` would send it. */
export interface Package {
  /** The archive. */
  readonly file: string;
  readonly paths: readonly string[];
  readonly sizeBytes: number;
  readonly unpackedBytes: number;
}

/** Packs what is built now. */
export const pack = async (): Promise<Package> => {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-dbc-package-"));
  const { code, stdout, output } = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
    { cwd: repositoryRoot },
  );
  if (code !== 0) throw new Error(`npm pack ended with ${code}: ${output}`);
  // newer releases of npm answer with an object, by package
  const answer: unknown = JSON.parse(stdout);
  const [packed] = Packed.parse(Array.isArray(answer) ? answer : Object.values(answer ?? {}));
  return {
    file: join(folder, packed.filename),
    paths: packed.files.map(({ path }) => path).sort(),
    sizeBytes: packed.size,
    unpackedBytes: packed.unpackedSize,
  };
};

/** The rooms that are published. */
const ROOMS = ["provider", "sdk", "simulator"];

/** Exactly what the package is to hold: of every published source its code and its types, and four texts. */
export const expectedPaths = (): string[] => {
  const sources = ROOMS.flatMap((room) =>
    readdirSync(join(repositoryRoot, room), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `${room}/${name.slice(0, -".ts".length)}`),
  );
  return [
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "package.json",
    ...sources.flatMap((name) => [`dist/${name}.js`, `dist/${name}.d.ts`]),
  ].sort();
};
