import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A process as it can be recognised later, also after its number was given to another one. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in words that are only good for comparing. */
  readonly started: string;
}

/** The live process `pid`; `undefined` when there is none. One that died and was not yet reaped counts as none. */
export const processIdentity = (pid: number): ProcessIdentity | undefined => {
  const started = process.platform === "linux" ? startFromProc(pid) : startFromPs(pid);
  return started === undefined ? undefined : { pid, started };
};

/** Whether the very process that `identity` describes is alive. */
export const isAlive = (identity: ProcessIdentity): boolean =>
  processIdentity(identity.pid)?.started === identity.started;

/** Sends `signal` to process `pid`, or to the group `-pid`; that it has ended already is no error. */
export const signalProcess = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // it has just ended
  }
};

/** The name of the program that process `pid` runs; empty when there is no such process. */
export const programOf = (pid: number): string => {
  if (!processIdentity(pid)) return "";
  if (process.platform === "linux") return read(`/proc/${pid}/comm`).trim();
  return ps(pid, "comm=");
};

/**
 * The processes that were started with `entry` ("NAME=value") in their environment: what a killed engine left
 * behind. Only Linux can tell; elsewhere the list is empty, and what is left ends by itself.
 */
export const processesWith = (entry: string): number[] =>
  process.platform === "linux"
    ? readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).split("\0").includes(entry))
        .map(Number)
        .filter((pid) => pid !== process.pid && processIdentity(pid) !== undefined)
    : [];

/** The command line of process `pid`; empty when there is no such process, or this isn't Linux. */
export const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();

const read = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // the process is gone, or is not ours to look at
  }
};

const startFromProc = (pid: number): string | undefined => {
  // The second field is the program's name in brackets, and may itself hold spaces and brackets.
  const stat = read(`/proc/${pid}/stat`);
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const start = fields[18];
  if (!start || state === "Z" || state === "X") return undefined;
  return `${start} ${read("/proc/sys/kernel/random/boot_id").trim()}`;
};

const startFromPs = (pid: number): string | undefined => {
  const [state, ...start] = ps(pid, "stat=,lstart=").split(/\s+/);
  return !state || state.startsWith("Z") ? undefined : start.join(" ");
};

const ps = (pid: number, columns: string): string => {
  try {
    return execFileSync("ps", ["-o", columns, "-p", String(pid)], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return "";
  }
};
