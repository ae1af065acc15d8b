import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** What time it was, simulated and real, when something was saved. */
export interface Stamp {
  readonly time: number;
  readonly realTime: number;
}

interface File<T> {
  readonly saved?: Stamp;
  readonly value: T;
}

/** One JSON document on disk, replaced as a whole: a process killed at any moment comes back with the last one. */
export class Document<T> {
  #written: string | undefined;
  #stamp: Stamp | undefined;

  constructor(private readonly file: string | undefined) {}

  /** When the document that was loaded was saved. */
  get stamp(): Stamp | undefined {
    return this.#stamp;
  }

  load(): T | undefined {
    if (this.file === undefined) return undefined;
    let text: string;
    try {
      text = readFileSync(this.file, "utf8");
    } catch {
      return undefined;
    }
    const { saved, value } = JSON.parse(text) as File<T>;
    this.#stamp = saved;
    this.#written = JSON.stringify(value);
    return value;
  }

  /** Writes what has changed, before anybody is told of it. */
  save(value: T, time?: number): void {
    if (this.file === undefined) return;
    const text = JSON.stringify(value);
    if (text === this.#written) return;
    const saved = time === undefined ? "" : `"saved":${JSON.stringify({ time, realTime: Date.now() })},`;
    const next = `${this.file}.next`;
    writeFileSync(next, `{${saved}"value":${text}}`, { mode: 0o600 });
    renameSync(next, this.file);
    this.#written = text;
  }
}
