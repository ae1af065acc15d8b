import { sr25519PairFromSeed } from "@polkadot/util-crypto";

/** The public key of a 32-byte seed, in hex: the id of a node or bare-metal server that has this key. */
export function signingKey(seed: Uint8Array): string {
  return Buffer.from(sr25519PairFromSeed(seed).publicKey).toString("hex");
}
