import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { programOf } from "../processes";

/** What a `pulumi` at work writes into its lock file. */
const Lock = z.looseObject({ pid: z.number(), hostname: z.string() });
type Lock = z.infer<typeof Lock>;

/** What the locks of a stack mean for us. */
export type LockVerdict = "free" | "dead" | { readonly heldBy: string };

/** Judges the locks in `folder`: only those that a `pulumi` of this machine left when it died may go. */
export const judgeLocks = (folder: string): LockVerdict => {
  const locks = readLocks(folder);
  for (const { pid, hostname: host } of locks) {
    if (host !== hostname()) return { heldBy: `process ${pid} on ${host}` };
    // The number may have been given to another program since.
    if (programOf(pid).includes("pulumi")) return { heldBy: `process ${pid}` };
  }
  return locks.length > 0 ? "dead" : "free";
};

const readLocks = (folder: string): Lock[] => {
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    return []; // never locked
  }
  return names.flatMap((name) => {
    try {
      return [Lock.parse(JSON.parse(readFileSync(join(folder, name), "utf8")))];
    } catch {
      return []; // just removed, or a kind of lock that Pulumi itself will judge
    }
  });
};
