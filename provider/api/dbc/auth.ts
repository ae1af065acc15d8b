/** Credentials: which fields authorise a request, and the sessions that wallets get for themselves. */
import { createHash } from "node:crypto";
import type { Random } from "../../core/effects";
import { RemoteError } from "../../core/errors";
import { type AuthorityFields, type SignedNonce, shortNode } from "./requests";
import { createSigner, isAddress, newNonce, type Signer } from "./signature";
import type { CallOptions, Credentials, SessionPair } from "./types";

/** Asks a node for the session id of who signs `authority`, which is made anew for each attempt. */
export type FetchSession = (
  nodeId: string,
  authority: () => AuthorityFields,
  options: CallOptions,
) => Promise<string>;

export interface Auth {
  /** The session in use with a node. */
  session(nodeId: string, options: CallOptions): Promise<SessionPair>;
  /** Forgets a session that the node no longer takes; `true` if another can be had. */
  forget(nodeId: string, session: SessionPair): boolean;
  /** All that must never be shown. */
  secrets(): string[];
}

const unauthorised = (nodeId: string, why: string): RemoteError =>
  new RemoteError("unauthorised", `could not sign in to ${shortNode(nodeId)}: ${why}`);

const SESSION_HOW =
  "give DBC_SESSION_ID and DBC_SESSION_SIGN, or DBC_WALLET_SEED, or the same as dbc: config secrets";

const fixedSessions = (sessions: Readonly<Record<string, SessionPair>>): Auth => ({
  session: async (nodeId) => {
    const key = Object.hasOwn(sessions, nodeId) ? nodeId : "*";
    const pair = Object.hasOwn(sessions, key) ? sessions[key] : undefined;
    if (!pair?.sessionId || !pair.sessionSign)
      throw unauthorised(nodeId, `no session is given for it; ${SESSION_HOW}`);
    // the node's own tool prints the signature without 0x
    return { sessionId: pair.sessionId.trim(), sessionSign: pair.sessionSign.trim().replace(/^0x/, "") };
  },
  forget: () => false,
  secrets: () =>
    Object.values(sessions).flatMap(({ sessionId, sessionSign }) => [
      sessionId.trim(),
      sessionSign.trim(),
      sessionSign.trim().replace(/^0x/, ""),
    ]),
});

/** A seed whole and without what may stand around it: `0x` and a derivation path. */
const partsOf = (seed: string): string[] => {
  const bare = seed.trim().replace(/\/.*$/s, "").trim();
  return [seed.trim(), bare, bare.replace(/^0x/, "")];
};

/** Waits for what others wait for as well, but only as long as this caller wants to. */
const unlessAborted = <Value>(
  value: Promise<Value>,
  nodeId: string,
  signal: AbortSignal | undefined,
): Promise<Value> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void =>
      reject(new RemoteError("not-sent", `gave up signing in to ${shortNode(nodeId)}`));
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    value.then(resolve, reject).finally(() => signal?.removeEventListener("abort", onAbort));
  });

/** Sessions that a wallet, or the members of a multisignature account, get from each node once and sign themselves. */
const ownSessions = (
  seeds: readonly string[],
  authorityOf: (signers: readonly Signer[]) => () => AuthorityFields,
  fetch: FetchSession,
): Auth => {
  let signers: Promise<readonly Signer[]> | undefined;
  const sessions = new Map<string, SessionPair>();
  const underWay = new Map<string, Promise<SessionPair>>();

  const get = async (nodeId: string, options: CallOptions): Promise<SessionPair> => {
    signers ??= Promise.all(seeds.map(createSigner));
    const all = await signers;
    const [first] = all;
    if (first === undefined) throw unauthorised(nodeId, `no seed is given; ${SESSION_HOW}`);
    const sessionId = await fetch(nodeId, authorityOf(all), { rentOrder: options.rentOrder });
    // any one member may sign for a multisignature account (WS 104)
    const session = { sessionId, sessionSign: first.sign(sessionId) };
    sessions.set(nodeId, session);
    return session;
  };

  return {
    session: (nodeId, options) => {
      const known = sessions.get(nodeId);
      if (known) return Promise.resolve(known);
      // The id is the wallet's whatever the order, but a node may refuse one order and not another.
      const key = `${nodeId} ${options.rentOrder ?? ""}`;
      let getting = underWay.get(key);
      if (getting === undefined) {
        getting = get(nodeId, options).finally(() => underWay.delete(key));
        getting.catch(() => undefined); // every caller may have given up
        underWay.set(key, getting);
      }
      return unlessAborted(getting, nodeId, options.signal);
    },
    forget: (nodeId, session) => {
      if (sessions.get(nodeId) === session) sessions.delete(nodeId);
      return true;
    },
    secrets: () => [
      ...seeds.flatMap(partsOf),
      ...[...sessions.values()].flatMap((pair) => [pair.sessionId, pair.sessionSign]),
    ],
  };
};

const sign = (signer: Signer, random: Random): SignedNonce => {
  const nonce = newNonce(random);
  return { wallet: signer.address, nonce, sign: signer.sign(nonce) };
};

type Multisig = Extract<Credentials, { kind: "multisig" }>;

/** Every signer given must be a member, and every signature is checked by the node, not just the threshold (a.6). */
const multisigAuthority = (
  account: Multisig,
  signers: readonly Signer[],
  random: Random,
): (() => AuthorityFields) => {
  const { wallets, threshold } = account;
  const bad = (why: string): never => {
    throw new RemoteError("not-sent", `could not use the multisignature account: ${why}`);
  };
  if (wallets.length === 0 || !wallets.every(isAddress))
    bad("its wallets must be addresses that begin with 5");
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > wallets.length)
    bad("its threshold must be from 1 to the number of its wallets");
  if (signers.length < threshold) bad("it has fewer seeds than its threshold asks for");
  if (!signers.every(({ address }) => wallets.includes(address)))
    bad("a seed belongs to none of its wallets");
  if (new Set(signers.map(({ address }) => address)).size < signers.length) bad("a seed is given twice");
  return () => ({
    multisig_accounts: {
      wallets,
      threshold: String(threshold), // only text is read
      signs: signers.map((signer) => sign(signer, random)),
    },
  });
};

const walletAuthority = (signers: readonly Signer[], random: Random): (() => AuthorityFields) => {
  const [signer] = signers;
  return () => (signer === undefined ? {} : sign(signer, random));
};

/** What the client authorises its requests with. */
export const createAuth = (
  credentials: Credentials | undefined,
  random: Random,
  fetch: FetchSession,
): Auth => {
  switch (credentials?.kind) {
    case undefined:
      return fixedSessions({});
    case "session":
      return fixedSessions(credentials.sessions);
    case "wallet":
      return ownSessions([credentials.seed], (signers) => walletAuthority(signers, random), fetch);
    case "multisig":
      return ownSessions(
        credentials.seeds,
        (signers) => multisigAuthority(credentials, signers, random),
        fetch,
      );
  }
};

/**
 * Tells renters and nodes apart without telling anything about them. The session id is the same for every form of
 * credential of one renter on one node (WS 66), and never changes.
 */
export const fingerprintOf = (nodeId: string, { sessionId }: SessionPair): string =>
  createHash("sha256").update(`${nodeId} ${sessionId}`).digest("hex").slice(0, 24);
