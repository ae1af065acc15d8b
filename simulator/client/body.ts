import { type Json, JsonError, JsonObject, JsonTooDeep, parseJson, stringOf } from "../json";
import type { Credentials } from "../miner/request";
import { atoi } from "../size";
import { badRequest, ClientCrash, ClientRefusal, invalidParams } from "./reply";

/** The fields that every route reads. */
export interface RequestBody {
  readonly document: JsonObject;
  /** Only the first id counts; `undefined` for an empty list. */
  readonly node: string | undefined;
  readonly additional: JsonObject;
  readonly credentials: Credentials;
}

export function invalid(message: string): ClientRefusal {
  return new ClientRefusal(badRequest, invalidParams, message);
}

/** Empty, not JSON, not an object: in this order. Some routes leave the offset out. */
export function parseDocument(body: Buffer, withOffset = true): JsonObject {
  if (body.length === 0) throw invalid("http request body is empty");
  let document: Json;
  try {
    document = parseJson(body);
  } catch (error) {
    if (error instanceof JsonTooDeep) throw new ClientCrash("too deep");
    if (!(error instanceof JsonError)) throw error;
    throw invalid(`json parse error: ${error.message}${withOffset ? `(${error.offset})` : ""}`);
  }
  if (!(document instanceof JsonObject)) throw invalid("invalid json");
  return document;
}

/** An assertion of the node's JSON library: the process aborts. */
function text(value: Json | undefined, what: string): string {
  if (typeof value !== "string") throw new ClientCrash(what);
  return value.split("\0", 1)[0] ?? "";
}

/** The common fields, with the order and the texts of the node (reference 0.3). */
export function parseFields(document: JsonObject, prefix = ""): RequestBody {
  const refuse = (message: string): never => {
    throw invalid(`${prefix}${message}`);
  };
  const list = document.get("peer_nodes_list");
  if (list === undefined) refuse("has no peer_nodes_list");
  if (!Array.isArray(list)) return refuse("peer_nodes_list is not array");
  const node = list.length > 0 ? text(list[0], "peer_nodes_list[0]") : undefined;
  const additional = document.get("additional");
  if (additional === undefined) refuse("has no additional");
  if (!(additional instanceof JsonObject)) return refuse("additional is not object");
  const optional = (name: string): string => {
    const value = document.get(name);
    if (value !== undefined && typeof value !== "string") refuse(`${name} is not string`);
    return stringOf(document, name);
  };
  const wallet = optional("wallet");
  const nonce = optional("nonce");
  const sign = optional("sign");
  const multisig = parseMultisig(document.get("multisig_accounts"), refuse);
  const sessionId = optional("session_id");
  const sessionSign = optional("session_id_sign");
  const rentOrder = optional("rent_order");
  return {
    document,
    node,
    additional,
    credentials: { wallet, nonce, sign, multisig, sessionId, sessionSign, rentOrder },
  };
}

/** Without `multisig_accounts` the threshold is uninitialised in the node; here it is one that nobody reaches. */
const noMultisig: Credentials["multisig"] = { wallets: [], threshold: Number.MAX_SAFE_INTEGER, signs: [] };

function parseMultisig(
  accounts: Json | undefined,
  refuse: (message: string) => never,
): Credentials["multisig"] {
  if (accounts === undefined) return noMultisig;
  if (!(accounts instanceof JsonObject)) return refuse("multisig_accounts is not object");
  const wallets = accounts.get("wallets");
  if (wallets === undefined) refuse("multisig_accounts has no member wallets");
  if (!Array.isArray(wallets)) return refuse("multisig_accounts member wallets is not array");
  const names = wallets.map((wallet) => text(wallet, "multisig_accounts.wallets"));
  const threshold = accounts.get("threshold");
  if (threshold === undefined) refuse("multisig_accounts has no member threshold");
  if (typeof threshold !== "string") return refuse("multisig_accounts member threshold is not string");
  const signs = accounts.get("signs");
  if (signs === undefined) refuse("multisig_accounts has no member signs");
  if (!Array.isArray(signs)) return refuse("multisig_accounts member signs is not array");
  const proofs = signs.map((sign) => {
    if (!(sign instanceof JsonObject)) throw new ClientCrash("multisig_accounts.signs");
    return {
      wallet: text(sign.get("wallet"), "signs.wallet"),
      nonce: text(sign.get("nonce"), "signs.nonce"),
      sign: text(sign.get("sign"), "signs.sign"),
    };
  });
  // The node compares without a sign, so that a negative threshold is a huge one.
  const number = atoi(threshold);
  return { wallets: names, threshold: number < 0 ? Number.MAX_SAFE_INTEGER : number, signs: proofs };
}

export function requireNode(body: RequestBody): string {
  if (body.node === undefined || body.node === "") throw invalid("peer_nodeid is empty");
  return body.node;
}

function hasWallet({ wallet, nonce, sign }: Credentials): boolean {
  return wallet !== "" && nonce !== "" && sign !== "";
}

function hasMultisig({ multisig: { wallets, threshold, signs } }: Credentials): boolean {
  if (threshold > wallets.length || threshold > signs.length) return false;
  return signs.every(
    (proof) =>
      wallets.includes(proof.wallet) && proof.wallet !== "" && proof.nonce !== "" && proof.sign !== "",
  );
}

export const walletTexts = "wallet_sign and multisig_wallets all invalid";
export const sessionTexts = "session_id and wallet all invalid";

/** The shape of the credentials only; whether they are good is the node's business. */
export function requireAuth({ credentials }: RequestBody, message: string): void {
  if (credentials.sessionId !== "" && credentials.sessionSign !== "") return;
  if (!hasWallet(credentials) && !hasMultisig(credentials)) throw invalid(message);
}

export function requireWalletOrMultisig({ credentials }: RequestBody): void {
  if (!hasWallet(credentials) && !hasMultisig(credentials)) throw invalid(walletTexts);
}

export function requireWallet({ credentials }: RequestBody): void {
  if (!hasWallet(credentials)) throw invalid("invalid wallet sign");
}

/** How the caller means to prove who he is. */
export function authKind(credentials: Credentials): "session" | "wallet" | "multisig" | "none" {
  if (credentials.sessionId !== "") return "session";
  if (credentials.multisig.wallets.length > 0) return "multisig";
  return credentials.wallet === "" ? "none" : "wallet";
}
