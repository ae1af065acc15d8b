import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { commandOf, isAlive, processesWith, processIdentity, signalProcess } from "../processes";
import type { LabFolder } from "./folder";

const Record = z.object({
  pid: z.number(),
  started: z.string(),
  port: z.number(),
  speed: z.number(),
  /** Digest of the simulator's code: one that runs older code is started anew, on its own state. */
  code: z.string(),
});
type Record = z.infer<typeof Record>;

/** A simulator that answers. */
export interface RunningSimulator {
  readonly url: string;
  readonly speed: number;
  readonly how: "running already" | "started" | "started again on its state";
}

/** How many times faster than the world it runs unless told otherwise. */
const DEFAULT_SPEED = 60;
/** How long it may take to answer after its start, and to end after being told to, in milliseconds. */
const START_LIMIT = 30_000;
const STOP_LIMIT = 10_000;
/** How long its port may take to come free, in milliseconds. */
const FREE_LIMIT = 5_000;

/** The simulator in the background of the lab. */
export class LabSimulator {
  constructor(
    private readonly folder: LabFolder,
    /** The folder of compiled code. */
    private readonly dist: string,
  ) {}

  /** Reuses the one that runs; starts it, on the state and port it had, where none does. */
  async ensure(wantedSpeed: number | undefined): Promise<RunningSimulator> {
    const before = this.#record();
    const speed = wantedSpeed ?? before?.speed ?? DEFAULT_SPEED;
    const code = this.#codeDigest();
    if (before && before.speed === speed && before.code === code && (await answers(before, STOP_LIMIT))) {
      return { url: urlOf(before.port), speed, how: "running already" };
    }
    await this.#end(before);
    const port = before ? await stillFree(before.port) : await freePort();
    await this.#start(port, speed, code);
    return { url: urlOf(port), speed, how: before ? "started again on its state" : "started" };
  }

  /** Ends it and forgets its world; whether there was one. */
  async remove(): Promise<boolean> {
    const before = this.#record();
    await this.#end(before);
    if (before) endLeftProviders(urlOf(before.port));
    const { simulatorRecord, simulatorLog, simulatorState } = this.folder;
    for (const path of [simulatorRecord, simulatorLog, simulatorState]) {
      rmSync(path, { recursive: true, force: true });
    }
    return before !== undefined;
  }

  async #start(port: number, speed: number, code: string): Promise<void> {
    const { root, simulatorLog, simulatorState, simulatorRecord } = this.folder;
    mkdirSync(root, { recursive: true });
    const log = openSync(simulatorLog, "a");
    const options = ["--port", String(port), "--state", simulatorState, "--speed", String(speed)];
    const child = spawn(process.execPath, [join(this.dist, "simulator/cli.js"), ...options], {
      detached: true,
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    child.unref();
    const identity = child.pid === undefined ? undefined : processIdentity(child.pid);
    if (identity) {
      const record: Record = { ...identity, port, speed, code };
      writeFileSync(simulatorRecord, JSON.stringify(record));
      if (await answers(record, START_LIMIT)) return;
    }
    const said = readFileSync(simulatorLog, "utf8").trim().split("\n").at(-1);
    throw new Error(`The simulator did not start (its log is ${simulatorLog}): ${said || "it said nothing"}`);
  }

  async #end(record: Record | undefined): Promise<void> {
    if (!record || !isAlive(record)) return;
    signalProcess(record.pid, "SIGTERM");
    for (const limit = Date.now() + STOP_LIMIT; isAlive(record); await sleep(50)) {
      if (Date.now() > limit) signalProcess(record.pid, "SIGKILL");
    }
  }

  #record(): Record | undefined {
    try {
      return Record.parse(JSON.parse(readFileSync(this.folder.simulatorRecord, "utf8")));
    } catch {
      return undefined;
    }
  }

  #codeDigest(): string {
    const hash = createHash("sha256");
    for (const room of ["simulator", "provider/api", "provider/core"]) {
      const files = readdirSync(join(this.dist, room), { recursive: true, encoding: "utf8" }).sort();
      for (const file of files.filter((name) => name.endsWith(".js"))) {
        hash.update(file).update(readFileSync(join(this.dist, room, file)));
      }
    }
    return hash.digest("hex");
  }
}

/** Ends the providers that killed engines have left: without their simulator they would go on trying for an hour. */
const endLeftProviders = (url: string): void => {
  const left = processesWith(`DBC_ENDPOINT=${url}`);
  for (const pid of left.filter((each) => commandOf(each).includes("dynamic-provider"))) {
    signalProcess(pid, "SIGTERM");
  }
};

/** Whether it answers before the limit; one that dies meanwhile is not waited for. */
const answers = async (record: Record, limitMs: number): Promise<boolean> => {
  for (const limit = Date.now() + limitMs; Date.now() < limit && isAlive(record); await sleep(50)) {
    try {
      const signal = AbortSignal.timeout(2_000);
      if ((await fetch(`${urlOf(record.port)}/_control/world`, { signal })).ok) return true;
    } catch {
      // not yet
    }
  }
  return false;
};

const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

const freePort = (wanted = 0): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : wanted));
    });
  });

/** The stack's state knows the endpoint, so that a lab can't move to another port. */
const stillFree = async (port: number): Promise<number> => {
  // the port of a process that has just been killed comes free a moment later
  for (const limit = Date.now() + FREE_LIMIT; Date.now() < limit; await sleep(50)) {
    const free = await freePort(port).catch(() => undefined);
    if (free !== undefined) return free;
  }
  throw new Error(
    `Port ${port}, on which this lab's simulator was, is used by another program now: end that, or run ` +
      "`make down FORGET=1` to drop the simulated world.",
  );
};
