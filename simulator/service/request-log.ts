/** A request as it was seen, without its secrets. */
export interface ServiceLogEntry {
  readonly number: number;
  /** Simulated time. */
  readonly time: string;
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  /** What it is about, where there is such a thing. */
  readonly region: string;
  readonly id: string;
  /** Whether it asks for a change. */
  readonly write: boolean;
  /** The body, secrets replaced. */
  readonly body: unknown;
  /** `null` while unanswered and when the connection was cut. */
  status: number | null;
  /** The `code` of the answer, as text. */
  code: string | null;
}

const limit = 20_000;

/** The last requests, newest last. */
export class ServiceLog {
  #entries: ServiceLogEntry[] = [];
  #number = 0;

  get entries(): readonly ServiceLogEntry[] {
    return this.#entries;
  }

  add(entry: Omit<ServiceLogEntry, "number">): ServiceLogEntry {
    const logged = { number: ++this.#number, ...entry };
    this.#entries.push(logged);
    if (this.#entries.length > limit) this.#entries = this.#entries.slice(limit / 10);
    return logged;
  }

  clear(): void {
    this.#entries = [];
  }
}
