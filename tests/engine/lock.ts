import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { isAlive, type ProcessIdentity, processIdentity } from "./processes";

/** What to do while a live process holds the lock: give up by throwing, or return to wait on. */
export type WhenHeld = (holder: ProcessIdentity) => void;

/** How often a waiter looks again, in milliseconds. */
const LOOK_AGAIN = 200;

/**
 * Runs `work` while this process holds the lock file `file`. The lock of a process that died is taken over at
 * once: a lock names its holder by number and start. Two takers of one dead lock may, at worst, both go on, so
 * `work` must end with something atomic.
 */
export const withLock = async <T>(file: string, whenHeld: WhenHeld, work: () => Promise<T>): Promise<T> => {
  mkdirSync(dirname(file), { recursive: true });
  const mine = processIdentity(process.pid);
  const text = JSON.stringify({ ...mine, nonce: randomBytes(8).toString("hex") });
  for (let told = false; !take(file, text); ) {
    const found = read(file);
    const holder = holderOf(found);
    if (!holder || !isAlive(holder)) {
      removeIfStill(file, found);
      continue;
    }
    if (!told) whenHeld(holder);
    told = true;
    await sleep(LOOK_AGAIN);
  }
  try {
    return await work();
  } finally {
    removeIfStill(file, text);
  }
};

/** A link is made with its content or not at all, so that nobody ever reads half a lock. */
const take = (file: string, text: string): boolean => {
  const draft = unique(file);
  writeFileSync(draft, text);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    // Not `instanceof Error`: a test runner gives every file of tests an Error of its own.
    if (typeof error === "object" && error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
};

const removeIfStill = (file: string, text: string): void => {
  const aside = unique(file);
  try {
    renameSync(file, aside);
  } catch {
    return; // somebody else removed it
  }
  if (read(aside) !== text) {
    try {
      linkSync(aside, file); // a new holder came in between: it keeps its lock
    } catch {
      // and yet another one came
    }
  }
  rmSync(aside, { force: true });
};

const read = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};

const Holder = z.object({ pid: z.number(), started: z.string() });

const holderOf = (text: string): ProcessIdentity | undefined => {
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
};

const unique = (file: string): string => `${file}.${process.pid}-${randomBytes(6).toString("hex")}`;
