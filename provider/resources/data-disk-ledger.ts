import type { Site } from "./site";

/** Type of a data disk in the names by which what is declared on a VM goes. */
const TYPE = /(?:^|[:/])DataDisk::/;

/** Whose the files on one VM are, as far as this run has heard. */
export class Ledger {
  readonly #known = new Set<string>();
  readonly #files = new Set<string>();

  /** A data disk of the program, and its file if it has one. */
  know(name: string | undefined, file: string | undefined): void {
    if (name !== undefined) this.#known.add(name);
    if (file !== undefined) this.#files.add(file);
  }

  isTaken(file: string): boolean {
    return this.#files.has(file);
  }

  /** Data disks among `peers` of which nothing has been heard, so that any file may be theirs. */
  unheard(peers: readonly string[]): string[] {
    return peers.filter((peer) => TYPE.test(peer) && !this.#known.has(peer));
  }
}

const ledgers = new WeakMap<Site, Map<string, Ledger>>();

export const ledgerOf = (site: Site, vmId: string): Ledger => {
  const ofSite = ledgers.get(site) ?? new Map<string, Ledger>();
  ledgers.set(site, ofSite);
  const ledger = ofSite.get(vmId) ?? new Ledger();
  ofSite.set(vmId, ledger);
  return ledger;
};
