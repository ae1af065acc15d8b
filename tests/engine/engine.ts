import { homedir, userInfo } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { buildEngine, findGo } from "./build";
import { downloadEngine } from "./download";
import { EngineCache } from "./engine-cache";
import { ENGINE_VERSION, PROGRAMS, pinsDigest } from "./pins";
import { usablePulumi, versionOf } from "./programs";

/** A real Pulumi engine, ready to run. */
export interface Engine {
  /** The `pulumi` program. */
  readonly command: string;
  /** The folder to put first on PATH, so that its other programs are found. */
  readonly bin: string;
  readonly version: string;
}

/** The places where an engine can come from; a test puts others in. */
export interface Sources {
  onPath(): Promise<{ readonly command: string; readonly version: string } | undefined>;
  readonly cache: EngineCache;
  download(folder: string): Promise<"done" | { readonly failed: string }>;
  /** `undefined` when there is nothing to build with. */
  builder(): ((folder: string) => Promise<void>) | undefined;
  versionOf(command: string): Promise<string | undefined>;
}

/** Says one line to the person who waits. */
export type Say = (line: string) => void;

/**
 * The real engine: the one on PATH if it is usable, else the one in the cache, which is filled by the official
 * download or, where that can't be reached, by a build. Says in one line which it is.
 */
export const ensureEngine = async (
  say: Say = sayOnStderr,
  sources: Sources = realSources(),
): Promise<Engine> => {
  const present = await presentEngine(sources);
  if (present) {
    say(`Pulumi ${present.version} from ${present.origin}: ${present.engine.command}`);
    return present.engine;
  }
  const { cache } = sources;
  const began = Date.now();
  let made = false;
  const origin = await cache.fill(
    async (folder) => {
      made = true;
      const origin = await make(folder, say, sources);
      const version = await sources.versionOf(join(folder, "pulumi"));
      if (version !== ENGINE_VERSION)
        throw new Error("The Pulumi engine that was just made does not run on this machine.");
      return origin;
    },
    (holder) => say(`another run (process ${holder.pid}) is making the Pulumi engine: waiting for it`),
  );
  const seconds = Math.round((Date.now() - began) / 1000);
  const how = origin === "download" ? "downloaded" : "built from the Go module proxy";
  say(
    `Pulumi ${ENGINE_VERSION} ${made ? `${how} in ${seconds} s, kept in` : "from the cache:"} ${dirname(cache.bin)}`,
  );
  return inCache(cache);
};

/** The engine that is there without making one, or a sentence on how to have it. */
export const findEngine = async (sources: Sources = realSources()): Promise<Engine> => {
  const present = await presentEngine(sources);
  if (present) return present.engine;
  throw new Error("There is no Pulumi engine on this machine yet: run `npm run engine`, which makes one.");
};

const presentEngine = async ({ onPath, cache }: Sources) => {
  const installed = await onPath();
  if (installed) {
    const { command, version } = installed;
    return { engine: { command, version, bin: dirname(command) }, version, origin: "PATH" };
  }
  return (await cache.whole())
    ? { engine: inCache(cache), version: ENGINE_VERSION, origin: "the cache" }
    : undefined;
};

const inCache = ({ bin }: EngineCache): Engine => ({
  command: join(bin, "pulumi"),
  bin,
  version: ENGINE_VERSION,
});

const make = async (folder: string, say: Say, sources: Sources): Promise<"download" | "build"> => {
  const downloaded = await sources.download(folder);
  if (downloaded === "done") return "download";
  const build = sources.builder();
  if (!build) {
    throw new Error(
      `No usable \`pulumi\` is on PATH, ${downloaded.failed}, and there is no Go to build it with: install ` +
        "Pulumi (https://www.pulumi.com/docs/install/) or Go 1.25 or later (https://go.dev/doc/install), then run this again.",
    );
  }
  say(
    `building Pulumi ${ENGINE_VERSION} from the Go module proxy (${downloaded.failed}): once, 3 to 6 minutes`,
  );
  await build(folder);
  return "build";
};

/** `$XDG_CACHE_HOME` or `~/.cache`, then our own folder; a HOME that is empty or missing doesn't matter. */
const cacheFolder = (): string => {
  const xdg = process.env.XDG_CACHE_HOME;
  const base = xdg && isAbsolute(xdg) ? xdg : join(homedir() || userInfo().homedir, ".cache");
  return join(base, "pulumi-dbc", `engine-${ENGINE_VERSION}`);
};

const realSources = (): Sources => ({
  onPath: usablePulumi,
  cache: new EngineCache(cacheFolder(), pinsDigest(), PROGRAMS),
  download: downloadEngine,
  builder: () => {
    const go = findGo();
    return go ? (folder) => buildEngine(go, folder) : undefined;
  },
  versionOf,
});

const sayOnStderr: Say = (line) => {
  process.stderr.write(`${line}\n`);
};
