import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureEngine, findEngine, type Sources } from "./engine";
import { EngineCache } from "./engine-cache";
import { ENGINE_VERSION, PROGRAMS } from "./pins";
import { temporaryFolder } from "./temporary";

const root = temporaryFolder();
let count = 0;

const fillWithPrograms = (folder: string) => {
  for (const name of PROGRAMS) writeFileSync(join(folder, name), name, { mode: 0o755 });
};

/** Sources of which nothing is there, but for what a test says. */
const world = (there: Partial<Sources> = {}) => {
  const asked: string[] = [];
  const sources: Sources = {
    onPath: async () => undefined,
    cache: new EngineCache(join(root, `engine-${count++}`), "pins", PROGRAMS),
    download: async () => {
      asked.push("download");
      return { failed: "the download site can't be reached" };
    },
    builder: () => async (folder) => {
      asked.push("build");
      fillWithPrograms(folder);
    },
    versionOf: async () => ENGINE_VERSION,
    ...there,
  };
  const said: string[] = [];
  return { sources, asked, said, say: (line: string) => said.push(line) };
};

const installed = { command: "/opt/pulumi/bin/pulumi", version: "3.230.0" };

test("the one on PATH comes first", async () => {
  const { sources, asked, said, say } = world({ onPath: async () => installed });
  expect(await ensureEngine(say, sources)).toEqual({ ...installed, bin: "/opt/pulumi/bin" });
  expect(said).toEqual(["Pulumi 3.230.0 from PATH: /opt/pulumi/bin/pulumi"]);
  expect(asked).toEqual([]);
});

test("then the cache", async () => {
  const { sources, asked, said, say } = world();
  await ensureEngine(say, sources);
  asked.length = 0;
  said.length = 0;
  expect(await ensureEngine(say, sources)).toMatchObject({ bin: sources.cache.bin, version: ENGINE_VERSION });
  expect(asked).toEqual([]);
  expect(said).toEqual([`Pulumi ${ENGINE_VERSION} from the cache: ${join(sources.cache.bin, "pulumi")}`]);
});

test("then the download, which is kept", async () => {
  const { sources, asked, said, say } = world({
    download: async (folder) => {
      fillWithPrograms(folder);
      return "done";
    },
  });
  expect(await ensureEngine(say, sources)).toMatchObject({ bin: sources.cache.bin });
  expect(asked).toEqual([]);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^Pulumi .* downloaded in \d+ s, kept in /);
  expect(await sources.cache.whole()).toBe("download");
});

test("at last a build, which says before how long it takes and after how long it took", async () => {
  const { sources, asked, said, say } = world();
  await ensureEngine(say, sources);
  expect(asked).toEqual(["download", "build"]);
  expect(said).toHaveLength(2);
  expect(said[0]).toContain("(the download site can't be reached): once, 3 to 6 minutes");
  expect(said[1]).toMatch(/built from the Go module proxy in \d+ s, kept in /);
});

test("with nothing to make it from, one sentence says what to install", async () => {
  const { sources, say } = world({ builder: () => undefined });
  await expect(ensureEngine(say, sources)).rejects.toThrow(
    /^No usable `pulumi` is on PATH, the download site can't be reached, and there is no Go .*: install Pulumi .* or Go/,
  );
});

test("what was made but doesn't run as that version is not kept", async () => {
  const { sources, say } = world({ versionOf: async () => undefined });
  await expect(ensureEngine(say, sources)).rejects.toThrow("does not run");
  expect(await sources.cache.whole()).toBeUndefined();
});

test("findEngine makes nothing, and says how to have one", async () => {
  const { sources, asked } = world();
  await expect(findEngine(sources)).rejects.toThrow("`npm run engine`");
  expect(asked).toEqual([]);
});
