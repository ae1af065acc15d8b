import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock";
import { processIdentity } from "./processes";
import { temporaryFolder } from "./temporary";

const folder = temporaryFolder();
const never = () => {
  throw new Error("held");
};

test("is held while the work runs, and by one at a time", async () => {
  const file = join(folder, "one");
  const order: string[] = [];
  let finish: () => void = () => undefined;
  const first = withLock(file, never, async () => {
    order.push("first begins");
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    order.push("first ends");
  });
  let second: Promise<unknown> = Promise.resolve();
  const told = new Promise<number>((resolve) => {
    second = withLock(
      file,
      ({ pid }) => resolve(pid),
      async () => order.push("second"),
    );
  });
  expect(await told).toBe(process.pid);
  expect(order).toEqual(["first begins"]);
  finish();
  await Promise.all([first, second]);
  expect(order).toEqual(["first begins", "first ends", "second"]);
});

test("can be refused instead of waited for", async () => {
  const file = join(folder, "refused");
  await withLock(file, never, async () => {
    await expect(withLock(file, never, async () => "in")).rejects.toThrow("held");
  });
  expect(await withLock(file, never, async () => "in")).toBe("in");
});

test("is given back when the work fails, and leaves nothing behind", async () => {
  const file = join(folder, "failing", "lock");
  await expect(withLock(file, never, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(readdirSync(join(folder, "failing"))).toEqual([]);
});

const dead = { pid: spawnSync(process.execPath, ["-e", ""]).pid, started: "then" };
const reused = { ...processIdentity(process.pid), started: "in an earlier life" };

test.each([
  ["a process that is gone", JSON.stringify(dead)],
  ["a process whose number another one has now", JSON.stringify(reused)],
  ["nobody, because it is half written", '{"pid": 12'],
  ["nobody, because it is empty", ""],
])("is taken over from %s", async (_who, text) => {
  const file = join(folder, "stale");
  writeFileSync(file, text);
  expect(await withLock(file, never, async () => existsSync(file))).toBe(true);
  expect(existsSync(file)).toBe(false);
});
