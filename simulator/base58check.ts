import { createHash } from "node:crypto";

const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

function sha256(data: Uint8Array): Buffer {
  return createHash("sha256").update(data).digest();
}

/** Base58Check without a version byte, the form of nonces, session ids and task ids (reference a.2). */
export function base58Check(text: string): string {
  const data = Buffer.from(text, "utf8");
  const bytes = Buffer.concat([data, sha256(sha256(data)).subarray(0, 4)]);
  let number = BigInt(`0x${bytes.toString("hex")}`);
  let digits = "";
  while (number > 0n) {
    digits = alphabet.charAt(Number(number % 58n)) + digits;
    number /= 58n;
  }
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(Math.max(zeros, 0)) + digits;
}
