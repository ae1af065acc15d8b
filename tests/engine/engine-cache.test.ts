import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EngineCache, type Make } from "./engine-cache";
import { temporaryFolder } from "./temporary";

const root = temporaryFolder();
const PROGRAMS = ["one", "two"];
const quiet = () => undefined;

/** A maker of small programs that counts how often it was asked. */
const maker = () => {
  let asked = 0;
  const make: Make = async (folder) => {
    asked += 1;
    for (const name of PROGRAMS)
      writeFileSync(join(folder, name), `#!/bin/sh\necho ${name}\n`, { mode: 0o755 });
    return "build";
  };
  return { make, asked: () => asked };
};

let folder: string;
let cache: EngineCache;
let count = 0;

beforeEach(async () => {
  folder = join(root, `engine-${count++}`);
  cache = new EngineCache(folder, "pins", PROGRAMS);
});

test("is filled once and then whole", async () => {
  const { make, asked } = maker();
  expect(await cache.whole()).toBeUndefined();
  expect(await cache.fill(make, quiet)).toBe("build");
  expect(await cache.whole()).toBe("build");
  expect(await cache.fill(make, quiet)).toBe("build");
  expect(asked()).toBe(1);
  expect(readFileSync(join(cache.bin, "two"), "utf8")).toContain("echo two");
});

test.each<[string, () => void]>([
  ["a program is missing", () => rmSync(join(cache.bin, "two"))],
  ["a program is cut short", () => writeFileSync(join(cache.bin, "one"), "#!/bin/sh")],
  [
    "a program has other bytes",
    () =>
      writeFileSync(
        join(cache.bin, "one"),
        readFileSync(join(cache.bin, "one"), "utf8").replace("one", "two"),
      ),
  ],
  ["a program can't be executed", () => chmodSync(join(cache.bin, "one"), 0o644)],
  ["the manifest is missing", () => rmSync(join(folder, "manifest.json"))],
  ["the manifest is half written", () => writeFileSync(join(folder, "manifest.json"), '{"pins": "pi')],
  ["the programs' folder is missing", () => rmSync(cache.bin, { recursive: true })],
])("heals itself when %s", async (_what, damage) => {
  const { make, asked } = maker();
  await cache.fill(make, quiet);
  damage();
  expect(await cache.whole()).toBeUndefined();
  await cache.fill(make, quiet);
  expect(asked()).toBe(2);
  expect(await cache.whole()).toBe("build");
});

test("is made anew when other versions are pinned", async () => {
  const { make, asked } = maker();
  await cache.fill(make, quiet);
  const newer = new EngineCache(folder, "other pins", PROGRAMS);
  expect(await newer.whole()).toBeUndefined();
  await newer.fill(make, quiet);
  expect(asked()).toBe(2);
});

test("a maker that fails half-way leaves nothing, and the next one starts afresh", async () => {
  const failing: Make = async (bin) => {
    writeFileSync(join(bin, "one"), "half");
    throw new Error("no space");
  };
  await expect(cache.fill(failing, quiet)).rejects.toThrow("no space");
  expect(existsSync(folder)).toBe(false);
  expect(readdirSync(root).filter((name) => name.startsWith(`engine-${count - 1}.`))).toEqual([]);
  expect(await cache.fill(maker().make, quiet)).toBe("build");
});

test("removes what killed runs have left, and nothing else", async () => {
  mkdirSync(`${folder}.draft-dead1`);
  mkdirSync(`${folder}.broken-dead2`);
  mkdirSync(`${folder}0.draft-other`);
  await cache.fill(maker().make, quiet);
  expect(existsSync(`${folder}.draft-dead1`)).toBe(false);
  expect(existsSync(`${folder}.broken-dead2`)).toBe(false);
  expect(existsSync(`${folder}0.draft-other`)).toBe(true);
});

test("two runs at once make it once", async () => {
  const { make, asked } = maker();
  const again = new EngineCache(folder, "pins", PROGRAMS);
  expect(await Promise.all([cache.fill(make, quiet), again.fill(make, quiet)])).toEqual(["build", "build"]);
  expect(asked()).toBe(1);
});
