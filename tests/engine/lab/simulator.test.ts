import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import { temporaryFolder } from "../temporary";
import { LabFolder } from "./folder";
import { LabSimulator } from "./simulator";

const running: LabSimulator[] = [];
// before the folder is removed, which says what is running
afterAll(async () => {
  for (const simulator of running) await simulator.remove();
});

const root = temporaryFolder();

/** A stand-in that takes the simulator's options and writes each start into its state. */
const STAND_IN = `
const { appendFileSync, mkdirSync } = require("node:fs");
const option = (name) => process.argv[process.argv.indexOf("--" + name) + 1];
mkdirSync(option("state"), { recursive: true });
appendFileSync(option("state") + "/starts", option("speed") + "\\n");
require("node:http").createServer((request, response) => response.end("{}")).listen(option("port"), "127.0.0.1");
`;

let count = 0;
const lab = (program = STAND_IN) => {
  const here = join(root, String(count++));
  for (const room of ["simulator", "provider/api", "provider/core"]) {
    mkdirSync(join(here, "dist", room), { recursive: true });
  }
  const code = join(here, "dist/simulator/cli.js");
  writeFileSync(code, program);
  const folder = new LabFolder(join(here, "lab"));
  const simulator = new LabSimulator(folder, join(here, "dist"));
  running.push(simulator);
  const starts = () => readFileSync(join(folder.simulatorState, "starts"), "utf8").trim().split("\n");
  const pid = () =>
    z.object({ pid: z.number() }).parse(JSON.parse(readFileSync(folder.simulatorRecord, "utf8"))).pid;
  return { folder, simulator, code, starts, pid };
};

/** A server on `port`, as soon as whoever was there has left it. */
const bound = async (port: number): Promise<Server> => {
  for (;;) {
    const server = createServer();
    try {
      await once(server.listen(port, "127.0.0.1"), "listening");
      return server;
    } catch {
      // still there
    }
  }
};

test("is started once and then reused, also by another run", async () => {
  const { folder, simulator, starts } = lab();
  const first = await simulator.ensure(undefined);
  expect(first).toMatchObject({ how: "started", speed: 60 });
  const again = new LabSimulator(folder, join(folder.root, "../dist"));
  expect(await again.ensure(undefined)).toEqual({ ...first, how: "running already" });
  expect(starts()).toEqual(["60"]);
});

test("one that died is started again on its port and state, with its speed", async () => {
  const { simulator, starts, pid } = lab();
  const first = await simulator.ensure(7);
  process.kill(pid(), "SIGKILL");
  expect(await simulator.ensure(undefined)).toEqual({ ...first, how: "started again on its state" });
  expect(starts()).toEqual(["7", "7"]);
});

test("one of another speed, or of older code, is started again", async () => {
  const { simulator, starts, code } = lab();
  await simulator.ensure(7);
  expect(await simulator.ensure(9)).toMatchObject({ speed: 9, how: "started again on its state" });
  writeFileSync(code, `${STAND_IN}\n// newer`);
  expect(await simulator.ensure(9)).toMatchObject({ how: "started again on its state" });
  expect(starts()).toEqual(["7", "9", "9"]);
});

test("one whose port was taken by another program says so", async () => {
  const { simulator, pid } = lab();
  const { url } = await simulator.ensure(7);
  process.kill(pid(), "SIGKILL");
  const other = await bound(Number(new URL(url).port));
  try {
    await expect(simulator.ensure(undefined)).rejects.toThrow("is used by another program now");
  } finally {
    other.close();
  }
});

test("one that ends at once says what it said last", async () => {
  const { simulator } = lab('console.error("no such option"); process.exit(2);');
  await expect(simulator.ensure(undefined)).rejects.toThrow(/did not start .*: no such option$/);
});

test("is removed with its world", async () => {
  const { folder, simulator } = lab();
  const { url } = await simulator.ensure(undefined);
  expect(await simulator.remove()).toBe(true);
  expect(existsSync(folder.simulatorState)).toBe(false);
  await expect(fetch(url)).rejects.toThrow();
  expect(await simulator.remove()).toBe(false);
});
