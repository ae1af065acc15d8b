import type { Exchange } from "./exchange";

/** A difference that is right; simulator/README.md tells the same reasons. */
export interface RightDifference {
  readonly name: string;
  readonly reason: string;
  /** Whether it explains what was answered instead of the recorded line. */
  readonly explains: (recorded: Exchange, answered: string) => boolean;
}

const credentials = /"(wallet|session_id|multisig_accounts)" *:/;

export const rightDifferences: readonly RightDifference[] = [
  {
    name: "uninitialised threshold",
    reason: "the threshold of a request without multisig_accounts is uninitialised memory in the node",
    // With a chance zero in it nobody has to sign, and the request gets past the look at its credentials.
    explains: (recorded, answered) =>
      /create node request failed|nonce check failed/.test(recorded.body) &&
      /wallet_sign and multisig_wallets all invalid|session_id and wallet all invalid/.test(answered) &&
      !credentials.test(recorded.request_body ?? ""),
  },
];

export function reasonFor(recorded: Exchange, answered: string): string | undefined {
  return rightDifferences.find((item) => item.explains(recorded, answered))?.reason;
}
