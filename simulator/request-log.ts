/** A request as it was seen, without its secrets. */
export interface LoggedRequest {
  readonly number: number;
  /** Simulated time. */
  readonly time: string;
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  readonly nodeId: string;
  readonly taskId: string;
  /** The `additional` of the request; passwords are replaced. */
  readonly additional: unknown;
  readonly rentOrder: string;
  /** How the caller proved who it is; never the proof itself. */
  readonly auth: "session" | "wallet" | "multisig" | "none";
  readonly wallet: string;
  /** Whether it asks for a change. */
  readonly write: boolean;
  /** `null` while unanswered and when the connection was cut. */
  status: number | null;
  errcode: number | null;
  message: string;
}

const limit = 20_000;

/** The last requests, newest last. */
export class RequestLog {
  #entries: LoggedRequest[] = [];
  #number = 0;

  get entries(): readonly LoggedRequest[] {
    return this.#entries;
  }

  add(entry: Omit<LoggedRequest, "number">): LoggedRequest {
    const logged = { number: ++this.#number, ...entry };
    this.#entries.push(logged);
    if (this.#entries.length > limit) this.#entries = this.#entries.slice(limit / 10);
    return logged;
  }

  clear(): void {
    this.#entries = [];
  }
}
