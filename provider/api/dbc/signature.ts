import { createHash } from "node:crypto";
import type { Random } from "../../core/effects";
import { RemoteError } from "../../core/errors";

/** Loaded when first needed: it is large, and a session needs none of it. */
const crypto = (): typeof import("@polkadot/util-crypto") => require("@polkadot/util-crypto");

/** The network's generic address format; the node compares renters as text. */
const SS58_PREFIX = 42;

export interface Signer {
  /** The wallet's address. */
  readonly address: string;
  /** sr25519 over the text as it is; 128 hexadecimal digits, each time others. */
  sign(text: string): string;
}

const badSeed = (): RemoteError =>
  new RemoteError(
    "not-sent",
    "could not use the wallet: its seed must be 64 hexadecimal digits or a mnemonic of 12 to 24 words, either with a derivation path such as //name if it has one",
  );

/** The signer of a seed or a mnemonic, with or without a derivation path. Its errors never show any of it. */
export const createSigner = async (seed: string): Promise<Signer> => {
  const { cryptoWaitReady, keyExtractSuri, keyFromPath, mnemonicToMiniSecret, sr25519PairFromSeed } =
    crypto();
  const { encodeAddress, sr25519Sign } = crypto();
  await cryptoWaitReady();
  try {
    const { phrase, path, password } = keyExtractSuri(seed.trim());
    const hex = /^(?:0x)?([0-9a-f]{64})$/i.exec(phrase)?.[1];
    const secret = hex ? Buffer.from(hex, "hex") : mnemonicToMiniSecret(phrase.trim(), password);
    const pair = keyFromPath(sr25519PairFromSeed(secret), path, "sr25519");
    return {
      address: encodeAddress(pair.publicKey, SS58_PREFIX),
      sign: (text) => Buffer.from(sr25519Sign(Buffer.from(text, "utf8"), pair)).toString("hex"),
    };
  } catch {
    throw badSeed();
  }
};

/** Whether `address` is one that a renter can have. */
export const isAddress = (address: string): boolean => crypto().checkAddress(address, SS58_PREFIX)[0];

/** Whether `signature` is the wallet's, over `text`; never throws. */
export const verify = async (text: string, signature: string, address: string): Promise<boolean> => {
  const { cryptoWaitReady, decodeAddress, sr25519Verify } = crypto();
  await cryptoWaitReady();
  try {
    return sr25519Verify(Buffer.from(text, "utf8"), Buffer.from(signature, "hex"), decodeAddress(address));
  } catch {
    return false;
  }
};

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** Base58Check of a fresh UUID's text, as the node's own tool makes them; a node takes each only once. */
export const newNonce = (random: Random): string => {
  const bytes = Buffer.from(random(16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
    "-",
  );
  const text = Buffer.from(uuid, "utf8");
  return crypto().base58Encode(Buffer.concat([text, sha256(sha256(text)).subarray(0, 4)]));
};
