import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { type WhenHeld, withLock } from "./lock";

/** Where an engine in the cache came from. */
const Origin = z.enum(["download", "build"]);
export type Origin = z.infer<typeof Origin>;

const Manifest = z.object({
  pins: z.string(),
  origin: Origin,
  files: z.array(z.object({ name: z.string(), size: z.number(), sha256: z.string() })),
});
type Manifest = z.infer<typeof Manifest>;

/** Puts the programs into the folder it is given, and says where it had them from. */
export type Make = (folder: string) => Promise<Origin>;

/**
 * A folder that holds the programs of one engine in `bin/`, and a manifest that tells whether they are whole.
 * It is filled in a temporary folder beside it and renamed when done, by one process at a time.
 */
export class EngineCache {
  /** Where the programs are. */
  readonly bin: string;

  constructor(
    private readonly folder: string,
    private readonly pins: string,
    private readonly programs: readonly string[],
  ) {
    this.bin = join(folder, "bin");
  }

  /** Where the programs came from, if they are all there and as they were made. */
  async whole(): Promise<Origin | undefined> {
    const manifest = await this.#manifest();
    if (manifest?.pins !== this.pins) return undefined;
    if (this.programs.some((name) => !manifest.files.some((file) => file.name === name))) return undefined;
    const matches = await Promise.all(manifest.files.map((file) => this.#matches(file)));
    return matches.every(Boolean) ? manifest.origin : undefined;
  }

  /** Makes what is missing or broken, unless another process, for which it waits, has done so. */
  async fill(make: Make, whenHeld: WhenHeld): Promise<Origin> {
    await mkdir(dirname(this.folder), { recursive: true });
    return withLock(`${this.folder}.lock`, whenHeld, async () => {
      const already = await this.whole();
      if (already) return already;
      await this.#sweep();
      const draft = await mkdtemp(`${this.folder}.draft-`);
      try {
        await mkdir(join(draft, "bin"));
        const origin = await make(join(draft, "bin"));
        const files = await Promise.all(this.programs.map((name) => describe(join(draft, "bin"), name)));
        await writeFile(
          join(draft, "manifest.json"),
          JSON.stringify({ pins: this.pins, origin, files }, null, 2),
        );
        await this.#replaceBy(draft);
        return origin;
      } finally {
        await rm(draft, { recursive: true, force: true });
      }
    });
  }

  async #manifest(): Promise<Manifest | undefined> {
    try {
      return Manifest.parse(JSON.parse(await readFile(join(this.folder, "manifest.json"), "utf8")));
    } catch {
      return undefined; // absent or broken: both are mended by making it
    }
  }

  async #matches(file: Manifest["files"][number]): Promise<boolean> {
    try {
      const { size, mode } = await stat(join(this.bin, file.name));
      return (
        size === file.size &&
        (mode & 0o100) !== 0 &&
        (await sha256(join(this.bin, file.name))) === file.sha256
      );
    } catch {
      return false;
    }
  }

  /** Removes what runs that were killed have left; only the holder of the lock makes such folders. */
  async #sweep(): Promise<void> {
    const parent = dirname(this.folder);
    const left = (await readdir(parent)).filter((name) => /\.(draft|broken)-/.test(name));
    const ours = left.filter((name) => name.startsWith(`${basename(this.folder)}.`));
    await Promise.all(ours.map((name) => rm(join(parent, name), { recursive: true, force: true })));
  }

  async #replaceBy(draft: string): Promise<void> {
    const broken = await mkdtemp(`${this.folder}.broken-`);
    await rename(this.folder, join(broken, "it")).catch(() => undefined); // mostly there is none
    await rename(draft, this.folder);
    await rm(broken, { recursive: true, force: true });
  }
}

const describe = async (folder: string, name: string): Promise<Manifest["files"][number]> => {
  const path = join(folder, name);
  return { name, size: (await stat(path)).size, sha256: await sha256(path) };
};

const sha256 = async (path: string): Promise<string> => {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
};
