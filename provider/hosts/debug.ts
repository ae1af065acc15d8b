import { appendFileSync } from "node:fs";
import { redactor } from "../api/dbc/redact";
import { withDebugLog } from "../api/debug-log";
import { systemClock } from "../core/clock";
import type { Send } from "../core/effects";
import { settings } from "../kinds";
import { type Sources, settingsOf } from "./settings";

const toStderr = (line: string): void => void process.stderr.write(`${line}\n`);

/** Lines at the end of a file that only its owner can read; a file that can't be written to is told of once. */
const toFile = (file: string): ((line: string) => void) => {
  let isWritable = true;
  return (line) => {
    if (!isWritable) return;
    try {
      // at once: what a process that is killed has sent is what one wants to know
      appendFileSync(file, `${line}\n`, { mode: 0o600 });
    } catch {
      isWritable = false;
      toStderr("pulumi-dbc: DBC_DEBUG names a file that can't be written to; requests are not logged.");
    }
  };
};

/** The settings that must never be shown, wherever they come from. */
const secretSettings = (sources: Sources): string[] => {
  const { sources: all } = settingsOf(sources);
  return Object.entries(settings).flatMap(([name, { secret }]) =>
    secret ? all.flatMap((get) => get(name as keyof typeof settings) ?? []) : [],
  );
};

/**
 * The wire, with its requests logged if `DBC_DEBUG` says so: `1` or `true` to stderr, anything else is a file to
 * append to.
 */
export const debugged = (send: Send, sources: Sources): Send => {
  const wanted = sources.env.DBC_DEBUG ?? "";
  if (["", "0", "false"].includes(wanted)) return send;
  return withDebugLog(send, {
    clock: systemClock(),
    write: ["1", "true"].includes(wanted) ? toStderr : toFile(wanted),
    redact: redactor(secretSettings(sources)),
  });
};
