import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** The process under test. */
export class Served {
  #child: ChildProcessByStdio<Writable, Readable, null> | undefined;
  url = "";

  constructor(readonly folder: string) {}

  async start(): Promise<void> {
    const child = spawn(process.execPath, [join(__dirname, "soak-child.js"), this.folder], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child = child;
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    this.url = `http://127.0.0.1:${Number(line.toString())}`;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  /** Resident memory, in MiB. */
  get memoryMib(): number {
    return Number(execFileSync("ps", ["-o", "rss=", "-p", `${this.#child?.pid}`]).toString()) / 1024;
  }

  async control<T>(command: string, input: object = {}): Promise<T> {
    const response = await fetch(`${this.url}/_control/${command}`, {
      method: "POST",
      body: JSON.stringify(input),
    });
    return (await response.json()) as T;
  }
}
