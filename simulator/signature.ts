import {
  createKeyMulti,
  cryptoWaitReady,
  decodeAddress,
  encodeAddress,
  sr25519Verify,
} from "@polkadot/util-crypto";

/** Resolves when signatures can be verified. */
export async function signaturesReady(): Promise<void> {
  await cryptoWaitReady();
}

const known = new Map<string, boolean>();

function publicKey(wallet: string): Uint8Array | undefined {
  if (/^[0-9a-fA-F]{64}$/.test(wallet)) return Buffer.from(wallet, "hex");
  try {
    return decodeAddress(wallet, false, 42);
  } catch {
    return undefined;
  }
}

/** Whether `signature` (128 hex digits without `0x`) is `wallet`'s over the bytes of `message` (reference a.1). */
export function isSignedBy(signature: string, message: string, wallet: string): boolean {
  const name = `${wallet} ${signature} ${message}`;
  let good = known.get(name);
  if (good === undefined) {
    good = verify(signature, message, wallet);
    if (known.size > 5000) known.clear();
    known.set(name, good);
  }
  return good;
}

function verify(signature: string, message: string, wallet: string): boolean {
  if (!/^[0-9a-fA-F]{128}$/.test(signature)) return false;
  const key = publicKey(wallet);
  if (key === undefined || key.length !== 32) return false;
  try {
    return sr25519Verify(Buffer.from(message, "utf8"), Buffer.from(signature, "hex"), key);
  } catch {
    return false;
  }
}

/** The account of a multisignature by the standard derivation (reference a.6); `undefined` for bad members. */
export function multisigAccount(wallets: readonly string[], threshold: number): string | undefined {
  try {
    return encodeAddress(createKeyMulti([...wallets], threshold), 42);
  } catch {
    return undefined;
  }
}
