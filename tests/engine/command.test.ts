import { run, start } from "./command";
import { isAlive, processesWith, processIdentity, programOf } from "./processes";
import { until } from "./workspace";

const node = (script: string) => ["-e", script] as const;

test("captures what a command says, and how it ends", async () => {
  const done = await run(
    process.execPath,
    node('console.log("out"); console.error("err"); process.exitCode = 3'),
  );
  expect(done).toMatchObject({ code: 3, signal: null, stdout: "out\n", stderr: "err\n" });
});

test("a command that isn't there is an answer, not an error", async () => {
  expect(await run("/nowhere/at/all", [])).toMatchObject({ code: 127 });
});

test("one that takes too long is ended with its children", async () => {
  const script = "sleep 3600 & echo $!; wait";
  const { signal, stdout } = await run("/bin/sh", ["-c", script], { group: true, deadlineMs: 1_000 });
  expect(signal).toBe("SIGKILL");
  const child = Number.parseInt(stdout, 10) || 0; // none on a machine so slow that the limit came first
  await until(() => child === 0 || processIdentity(child) === undefined);
});

test("one can be killed at a given moment, and is not alive then", async () => {
  const script =
    'process.on("SIGINT", () => process.exit(5)); console.log("ready"); setInterval(() => {}, 1e6)';
  const running = start(process.execPath, node(script), { env: { ...process.env, TEST_MARK: "command" } });
  await running.said(/ready/);
  const identity = processIdentity(running.pid);
  expect(identity && isAlive(identity)).toBe(true);
  expect(programOf(running.pid)).toContain("node");
  if (process.platform === "linux") expect(processesWith("TEST_MARK=command")).toEqual([running.pid]);
  running.kill("SIGINT");
  expect(await running.finished).toMatchObject({ code: 5, signal: null });
  expect(identity && isAlive(identity)).toBe(false);
});

test("waiting for words that never come ends with the command", async () => {
  const running = start(process.execPath, node('console.log("other")'));
  await expect(running.said(/ready/)).rejects.toThrow("other");
});
