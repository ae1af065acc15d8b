import type { Json, JsonObject } from "../json";

/** Who the caller says he is. */
export interface Credentials {
  readonly wallet: string;
  readonly nonce: string;
  readonly sign: string;
  readonly multisig: {
    readonly wallets: readonly string[];
    readonly threshold: number;
    readonly signs: readonly { readonly wallet: string; readonly nonce: string; readonly sign: string }[];
  };
  readonly sessionId: string;
  readonly sessionSign: string;
  readonly rentOrder: string;
}

/** What a client node forwards to a node. */
export interface NodeRequest {
  readonly operation: string;
  /** The id it is addressed to: a node's, or a bare-metal server's. */
  readonly target: string;
  readonly credentials: Credentials;
  readonly additional: JsonObject;
  readonly taskId: string;
  /** Name of a snapshot or a LAN, a bare-metal id. */
  readonly name: string;
  /** Id of an image server known to the client node. */
  readonly imageServer: string;
  readonly force: boolean;
  readonly fromHead: boolean;
  readonly lines: number;
}

/** A refusal by a node: HTTP 200 with a code and a text, which it does not escape (reference c). */
export class Refused extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** What the node's own code calls ERR_ERROR and E_DEFAULT. */
export const business = 1;
export const generic = -3;

/** The request kills the node's process (reference 2.1, 2.6, 6). */
export class NodeDies extends Error {}

/** The node never answers this one. */
export class NoAnswer extends Error {}

export function refusal(code: number, message: string): string {
  return `{"errcode":${code}, "message":"${message}"}`;
}

export const okay = refusal(0, "ok");
/** Some handlers write it without the space. */
export const okayCompact = '{"errcode":0,"message":"ok"}';

export function isString(value: Json | undefined): value is string {
  return typeof value === "string";
}
