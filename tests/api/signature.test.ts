/// <reference types="jest" />
import { inspect } from "node:util";
import { createSigner, isAddress, newNonce, verify } from "../../provider/api/dbc/signature";
import { countingRandom, failure } from "./fakes";

const PHRASE = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
const ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
/** Alice's own seed, as the network's tools print it. */
const ALICE_SEED = "e5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a";

const FIRST = "5Dy8ULx1De6u3WE9ixpy1VKK2CVssvsjQT15qcmQsG662Zj4";
/** Published with the node's documentation: wallet, text, signature. */
const VECTORS: readonly (readonly [string, string, string])[] = [
  [
    FIRST,
    "5q7KRn4d8EmXFFsim8vHBp23N2CpERbD2mWR3WCo1o3teZnGxYEh4N6",
    "2460725b2f5e737cd810c773be61b9b27c3b9dbdac4af9cf25c7be9949ad7202a0b7467f71ad843888f482662d3ae2e4fa566d3c1930a3fa90f3dcb97ea4098d",
  ],
  [
    "5HgVTsXnUBmaL5F2RBjKmXMoAeG9Avuyk9tmgnnVx28u2ZrS",
    "5t1mv263Qpnu5tk5xPDk86oXGUX8yXaYGpAWj2n6gU45HNmsQqLaAU7",
    "c494cc517f3c181fd7206d03175b5c0c29d162e53aa88c557887241d104456272dc313501c8ae4e71dbcbae183942a119713974aff87aa1ef3870aa505be6384",
  ],
  [
    FIRST,
    "3QRjS1PsbDReGJKVBBRqxUh9RqXB5jbfHJ8bMgGoJ3C9HHHHm9rCmmh",
    "ca89d0adb44a03c6f22a9205a06e22f682805f8c8ee25dd182e36ceb581899001196ce94c40e2147247f967256d7e010318e4387853939d94ba99c81f16a358f",
  ],
];

describe("signatures", () => {
  test.each(VECTORS)(
    "of %s over a published text verify, and over no other",
    async (wallet, text, signature) => {
      expect(await verify(text, signature, wallet)).toBe(true);
      expect(await verify(`${text}x`, signature, wallet)).toBe(false);
      expect(await verify(text, signature, ALICE)).toBe(false);
    },
  );

  test.each([
    ["the development phrase", `${PHRASE}//Alice`],
    ["the same with spaces around it", `  ${PHRASE}//Alice\n`],
    ["a seed without 0x", ALICE_SEED],
    ["a seed with 0x", `0x${ALICE_SEED}`],
    ["a seed in capitals", ALICE_SEED.toUpperCase()],
  ])("are Alice's from %s", async (_, seed) => {
    const signer = await createSigner(seed);
    expect(signer.address).toBe(ALICE);
    const signature = signer.sign("a nonce");
    expect(signature).toMatch(/^[0-9a-f]{128}$/);
    expect(await verify("a nonce", signature, ALICE)).toBe(true);
  });

  test("follow soft and hard derivation from a hexadecimal seed", async () => {
    const [plain, hard, soft] = await Promise.all(
      ["", "//a", "/a"].map((path) => createSigner(`0x${ALICE_SEED}${path}`)),
    );
    expect(new Set([plain?.address, hard?.address, soft?.address]).size).toBe(3);
  });

  test("are over the text's UTF-8 bytes", async () => {
    const signer = await createSigner(ALICE_SEED);
    expect(await verify("ünï", signer.sign("ünï"), ALICE)).toBe(true);
  });

  test("that are no signatures do not verify and do not throw", async () => {
    expect(await verify("text", "zz", ALICE)).toBe(false);
    expect(await verify("text", VECTORS[0]?.[2] ?? "", "no address")).toBe(false);
  });
});

describe("a bad seed", () => {
  test.each([
    ["an empty text", ""],
    ["a path alone", "//Alice"],
    ["a short seed", "0xe5be9a5092b81bca64be81d212e7f2f9"],
    ["a seed with a stray letter", `${ALICE_SEED.slice(1)}z`],
    ["a word too few", PHRASE.slice(0, PHRASE.lastIndexOf(" "))],
    ["a wrong checksum", PHRASE.replace("bottom", "walk")],
    ["a foreign word", PHRASE.replace("bottom", "canaryword")],
  ])("(%s) is one sentence that does not show it", async (_, seed) => {
    const error = await failure(createSigner(seed));
    expect(error.outcome).toBe("not-sent");
    expect(error.message).toMatch(/^could not use the wallet: its seed must be/);
    const all = inspect(error, { depth: 9, showHidden: true });
    for (const word of seed.split(/[ /]+/).filter((part) => part.length > 4)) expect(all).not.toContain(word);
  });
});

describe("nonces", () => {
  test("decode to a version 4 UUID in small letters, with the checksum of Base58Check", () => {
    const { base58Decode } = require("@polkadot/util-crypto") as typeof import("@polkadot/util-crypto");
    const { createHash } = require("node:crypto") as typeof import("node:crypto");
    const bytes = Buffer.from(base58Decode(newNonce(countingRandom())));
    const text = bytes.subarray(0, -4);
    expect(text.toString()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const once = createHash("sha256").update(text).digest();
    const twice = createHash("sha256").update(once).digest();
    expect(bytes.subarray(-4)).toEqual(twice.subarray(0, 4));
  });

  test("are fresh each time", () => {
    const random = countingRandom();
    expect(new Set(Array.from({ length: 100 }, () => newNonce(random))).size).toBe(100);
  });

  test("look like those of the published vectors", () => {
    expect(newNonce(countingRandom())).toMatch(/^[1-9A-HJ-NP-Za-km-z]{52,58}$/);
  });
});

test("only addresses of the network's own format are a renter's", () => {
  expect(isAddress(ALICE)).toBe(true);
  expect(isAddress("15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5")).toBe(false); // another network's
  expect(isAddress(ALICE_SEED)).toBe(false);
  expect(isAddress("")).toBe(false);
});
