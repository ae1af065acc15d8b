const limit = 1_000_000;

/** The nonces that a node has seen (reference a.4); lost when it restarts. */
export class Nonces {
  readonly #seen: Set<string>;
  /** Seen since the last save. */
  #fresh: string[] = [];

  constructor(seen: Iterable<string> = []) {
    this.#seen = new Set(seen);
  }

  /** Whether a nonce was seen; as a side effect it is from now on. */
  contains(nonce: string): boolean {
    if (this.#seen.has(nonce)) return true;
    this.#seen.add(nonce);
    this.#fresh.push(nonce);
    if (this.#seen.size > limit)
      for (const old of this.#seen) {
        if (this.#seen.size <= limit / 2) break;
        this.#seen.delete(old);
      }
    return false;
  }

  takeFresh(): string[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  all(): string[] {
    return [...this.#seen];
  }
}
