import { type ChildProcess, spawn } from "node:child_process";
import { signalProcess } from "./processes";

/** How a command ended, and what it said. */
export interface Finished {
  /** `null` when a signal ended it; 127 when it could not be started. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order in which they came. */
  readonly output: string;
}

/** A command at work. */
export interface Running {
  readonly pid: number;
  /** Ends it; its own children are left as they are, as when the system kills it. */
  kill(signal: NodeJS.Signals): void;
  /** What it has said so far. */
  output(): string;
  /** Resolves as soon as it has said something that matches; rejects when it ends without. */
  said(pattern: RegExp): Promise<void>;
  readonly finished: Promise<Finished>;
}

/** How to start a command. */
export interface StartOptions {
  readonly cwd?: string;
  /** The whole environment of the command. */
  readonly env?: NodeJS.ProcessEnv;
  /** Let it write straight to this process's terminal; nothing is captured then. */
  readonly inherit?: boolean;
  /** Give it a process group of its own, so that {@link run} can end it with all its children. */
  readonly group?: boolean;
}

/**
 * Starts a command. Signals that this process ignores are not ignored by the command: Node resets them, and a
 * `pulumi` that ignores SIGINT waits seconds at its end.
 */
export const start = (command: string, args: readonly string[], options: StartOptions = {}): Running => {
  const child = spawn(command, args, {
    stdio: options.inherit ? "inherit" : ["ignore", "pipe", "pipe"],
    detached: options.group ?? false,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  let stdout = "";
  let stderr = "";
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    output += text;
  });
  const finished = new Promise<Finished>((resolve) => {
    child.once("error", (error) => {
      if (child.pid !== undefined) return; // a failed kill, not a failed start
      resolve({ code: 127, signal: null, stdout, stderr: error.message, output: error.message });
    });
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr, output }));
    // Grandchildren that live on, such as the providers of a killed engine, hold the pipes open.
    child.once("exit", () =>
      setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, 500),
    );
  });
  return {
    pid: child.pid ?? 0,
    kill: (signal) => {
      child.kill(signal);
    },
    output: () => output,
    said: (pattern) => said(child, pattern, () => output),
    finished,
  };
};

/** Runs a command to its end; past `deadlineMs` it is killed with all its children (needs `group`). */
export const run = async (
  command: string,
  args: readonly string[],
  options: StartOptions & { readonly deadlineMs?: number } = {},
): Promise<Finished> => {
  const running = start(command, args, options);
  const end = () => {
    if (running.pid > 0) signalProcess(options.group ? -running.pid : running.pid, "SIGKILL");
  };
  const timer = options.deadlineMs === undefined ? undefined : setTimeout(end, options.deadlineMs);
  // A group of its own doesn't get the terminal's Ctrl-C.
  const interrupted = (signal: NodeJS.Signals) => {
    end();
    process.kill(process.pid, signal);
  };
  if (options.group) process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    return await running.finished;
  } finally {
    clearTimeout(timer);
    process.removeListener("SIGINT", interrupted).removeListener("SIGTERM", interrupted);
  }
};

const said = (child: ChildProcess, pattern: RegExp, output: () => string): Promise<void> =>
  new Promise((resolve, reject) => {
    const look = () => {
      if (pattern.test(output())) resolve();
    };
    child.stdout?.on("data", look);
    child.stderr?.on("data", look);
    child.once("close", () => reject(new Error(`it ended without saying ${pattern}:\n${output()}`)));
    look();
  });

/** What a command said that ended well; any other end is an error that shows all it said. */
export const succeeded = async (running: Promise<Finished>): Promise<string> => {
  const { code, output } = await running;
  if (code !== 0) throw new Error(`the command ended with ${code}:\n${output}`);
  return output;
};
