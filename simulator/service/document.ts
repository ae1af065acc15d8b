import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** One JSON document on disk, replaced as a whole: a process killed at any moment comes back with the last one. */
export class Document<T> {
  #written: string | undefined;

  constructor(private readonly file: string | undefined) {}

  load(): T | undefined {
    if (this.file === undefined) return undefined;
    try {
      this.#written = readFileSync(this.file, "utf8");
    } catch {
      return undefined;
    }
    return JSON.parse(this.#written) as T;
  }

  /** Writes what has changed, before anybody is told of it. */
  save(value: T): void {
    if (this.file === undefined) return;
    const text = JSON.stringify(value);
    if (text === this.#written) return;
    const next = `${this.file}.next`;
    writeFileSync(next, text, { mode: 0o600 });
    renameSync(next, this.file);
    this.#written = text;
  }
}
