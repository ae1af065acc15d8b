import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { temporaryFolder } from "../temporary";
import { judgeLocks } from "./stack-lock";

const root = temporaryFolder();
let count = 0;

const locks = (...texts: string[]): string => {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  for (const [index, text] of texts.entries()) writeFileSync(join(folder, `${index}.json`), text);
  writeFileSync(join(folder, "0.json.attrs"), "{}");
  return folder;
};

const lockOf = (pid: number, host = hostname()): string =>
  JSON.stringify({ pid, username: "me", hostname: host, timestamp: "2026-01-01T00:00:00Z" });

const gone = spawnSync(process.execPath, ["-e", ""]).pid;

/** A process that Linux knows by the name `pulumi`. */
const livePulumi = (): { readonly pid: number; end(): void } => {
  const program = join(root, "pulumi");
  writeFileSync(program, "#!/bin/sh\nread line\n", { mode: 0o755 });
  const child = spawn(program, { stdio: ["pipe", "ignore", "ignore"] });
  return { pid: child.pid ?? 0, end: () => child.kill("SIGKILL") };
};

test("a stack that was never locked, or is so no more, is free", () => {
  expect(judgeLocks(join(root, "nowhere"))).toBe("free");
  expect(judgeLocks(locks())).toBe("free");
});

test("the locks of processes that are gone are dead", () => {
  expect(judgeLocks(locks(lockOf(gone), lockOf(gone)))).toBe("dead");
});

test("the lock of a process whose number another program has now is dead", () => {
  expect(judgeLocks(locks(lockOf(process.pid)))).toBe("dead");
});

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux("one live pulumi is enough to hold the stack", () => {
  const live = livePulumi();
  try {
    expect(judgeLocks(locks(lockOf(gone), lockOf(live.pid)))).toEqual({ heldBy: `process ${live.pid}` });
  } finally {
    live.end();
  }
});

test("another machine's processes can't be judged from here", () => {
  expect(judgeLocks(locks(lockOf(gone, "elsewhere")))).toEqual({ heldBy: `process ${gone} on elsewhere` });
});

test("what is no lock is left to Pulumi", () => {
  expect(judgeLocks(locks("", "{}", "not json"))).toBe("free");
});
