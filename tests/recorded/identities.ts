import { createHash } from "node:crypto";
import { Renter } from "../simulator/renter";
import type { Exchange } from "./exchange";

/** Who is who in a recording, read off its lines. */
export interface Cast {
  readonly compute: readonly string[];
  readonly manager: string;
  readonly renter: string;
}

const id = "[0-9a-f]{64}";

function mostFrequent(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function all(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
}

/**
 * Nodes are what `/mining_nodes` lists, else who answered what was asked of it; the manager signs as itself; the renter
 * is whom `/rent_orders` names, else who signs most.
 */
export function castOf(exchanges: readonly Exchange[]): Cast {
  const bodies = exchanges.map((exchange) => exchange.body ?? "").join("\n");
  const requests = exchanges.map((exchange) => exchange.request_body ?? "");
  const targets = (body: string) => new RegExp(`"peer_nodes_list": ?\\["(${id})"`).exec(body)?.[1];
  const managers = requests.flatMap((body) => {
    const target = targets(body);
    return target !== undefined && body.includes(`"wallet": "${target}"`) ? [target] : [];
  });
  const targetsOf = (fits: (exchange: Exchange) => boolean) =>
    exchanges.filter(fits).flatMap(({ request_body }) => targets(request_body ?? "") ?? []);
  const listed = exchanges
    .filter((exchange) => exchange.body?.includes('"mining_nodes":['))
    .flatMap((exchange) => all(exchange.body, new RegExp(`"node_id":"(${id})"`, "g")));
  // Who is waited for in vain exists as well; if no list has it, it is the manager.
  const answered = targetsOf(({ status }) => status === 200);
  const silent = targetsOf(({ status, body }) => status === 500 && body.includes(' timeout"'));
  const manager =
    mostFrequent(managers) ??
    mostFrequent(silent.filter((node) => !listed.includes(node) && !answered.includes(node))) ??
    "3a".repeat(32);
  const servers = all(bodies, new RegExp(`"node_id":"(${id})","uuid"`, "g"));
  const answering = answered.filter((node) => node !== manager && !servers.includes(node));
  const likely = mostFrequent(answering) ?? mostFrequent(targetsOf(() => true)) ?? "8e".repeat(32);
  const compute = listed.length > 0 ? listed : [likely];
  const signed = requests.filter((body) => /"sign": ?"(0x)?[0-9a-f]{128}"/.test(body)).join("\n");
  const wallets = all(signed, /"wallet": ?"(5[1-9A-HJ-NP-Za-km-z]{47})"/g);
  return {
    compute: [...new Set(compute)],
    manager,
    renter:
      mostFrequent(all(bodies, /"renter":"(5[1-9A-HJ-NP-Za-km-z]{47})"/g)) ?? mostFrequent(wallets) ?? "",
  };
}

/** Keys of our own for the wallets of a recording, whose signatures came from a stand-in. */
export class Identities {
  readonly #keys = new Map<string, Renter>();
  /** Recorded text to ours: wallets, ids that answers told, and the other way round nothing. */
  readonly #texts = new Map<string, string>();
  readonly #sessionSigns = new Map<string, string>();
  readonly #nonces = new Set<string>();
  readonly renter: Renter;
  readonly manager: Renter;

  constructor(readonly cast: Cast) {
    this.renter = this.keyOf(cast.renter);
    this.manager = this.#key(cast.manager);
    this.learn(cast.manager, this.manager.hex);
  }

  keyOf(wallet: string): Renter {
    if (wallet === this.cast.manager) return this.manager;
    const key = this.#key(wallet);
    this.learn(wallet, /^5/.test(wallet) ? key.address : key.hex);
    return key;
  }

  #key(name: string): Renter {
    let key = this.#keys.get(name);
    if (key === undefined) {
      key = new Renter(createHash("sha256").update(`recorded ${name}`).digest("hex"));
      this.#keys.set(name, key);
    }
    return key;
  }

  learn(recorded: string, ours: string): void {
    if (recorded !== ours && recorded.length >= 16) this.#texts.set(recorded, ours);
  }

  knows(recorded: string): boolean {
    return this.#texts.has(recorded);
  }

  /** A recorded text in our terms. */
  translate(text: string): string {
    let result = text;
    for (const [recorded, ours] of this.#texts) result = result.replaceAll(recorded, ours);
    return result;
  }

  /**
   * A recorded request body with our ids, and signed anew wherever it was really signed; a repetition needs another
   * nonce. Whether a signature was good only its answer tells: a refusal of a fresh nonce is of a forged one.
   */
  request(body: string, answer: string, attempt = 0): string {
    const again = attempt === 0 ? "" : `-${attempt}`;
    const wallets = all(body, /"wallet": ?"([^"]+)"/g);
    for (const wallet of wallets)
      if (new RegExp(`^(5[1-9A-HJ-NP-Za-km-z]{47}|${id})$`).test(wallet)) this.keyOf(wallet);
    const nonces = all(body, /"nonce": ?"([^"]*)"/g);
    const forged = answer.includes("nonce check failed") && !nonces.some((nonce) => this.#nonces.has(nonce));
    for (const nonce of nonces) this.#nonces.add(nonce);
    const signed = body
      .replace(
        /"wallet": ?"([^"]+)", ?"nonce": ?"([^"]*)", ?"sign": ?"((?:0x)?[0-9a-f]{128})"/g,
        (whole: string, wallet: string, nonce: string) =>
          forged
            ? whole
            : `"wallet": "${wallet}", "nonce": "${nonce}${again}", "sign": "${this.keyOf(wallet).sign(nonce + again)}"`,
      )
      .replace(
        /"session_id": ?"([^"]+)", ?"session_id_sign": ?"((?:0x)?[0-9a-f]{128})"/g,
        (_, session: string, sign: string) =>
          `"session_id": "${session}", "session_id_sign": "${this.#sessionSign(session, sign, answer)}"`,
      );
    return this.translate(signed);
  }

  /** The first signature of a session is the renter's; another one is somebody else's. */
  #sessionSign(session: string, sign: string, answer: string): string {
    if (answer.includes("session_id is invalid")) return this.#key("stranger").sign(this.translate(session));
    const first = this.#sessionSigns.get(session) ?? sign;
    this.#sessionSigns.set(session, first);
    const signer = first === sign ? this.renter : this.#key("stranger");
    return signer.sign(this.translate(session));
  }
}
