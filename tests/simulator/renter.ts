import { randomUUID } from "node:crypto";
import {
  encodeAddress,
  keyExtractSuri,
  keyFromPath,
  mnemonicToMiniSecret,
  sr25519PairFromSeed,
  sr25519Sign,
} from "@polkadot/util-crypto";
import type { Simulator } from "../../simulator";
import { developmentPhrase, labNodes } from "../../simulator";

/** Anything that JSON can hold, to be looked into without ceremony. */
export interface Loose {
  readonly [name: string]: Loose | undefined;
}

/** An answer of the node. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly errcode: number | undefined;
  readonly message: Loose | undefined;
}

export interface CallOptions {
  readonly node?: string;
  readonly auth?: object;
  readonly rentOrder?: string;
}

/** Somebody with a key, who signs as the node wants it. */
export class Renter {
  readonly #pair: { publicKey: Uint8Array; secretKey: Uint8Array };
  readonly address: string;
  readonly hex: string;

  constructor(path = "//Alice") {
    if (/^[0-9a-f]{64}$/.test(path)) this.#pair = sr25519PairFromSeed(Buffer.from(path, "hex"));
    else {
      const { phrase, path: junctions } = keyExtractSuri(`${developmentPhrase}${path}`);
      this.#pair = keyFromPath(sr25519PairFromSeed(mnemonicToMiniSecret(phrase)), junctions, "sr25519");
    }
    this.address = encodeAddress(this.#pair.publicKey, 42);
    this.hex = Buffer.from(this.#pair.publicKey).toString("hex");
  }

  sign(message: string): string {
    return Buffer.from(sr25519Sign(Buffer.from(message, "utf8"), this.#pair)).toString("hex");
  }

  /** A fresh signature. */
  auth(nonce: string = randomUUID(), wallet = this.address): { wallet: string; nonce: string; sign: string } {
    return { wallet, nonce, sign: this.sign(nonce) };
  }

  session(sessionId: string): { session_id: string; session_id_sign: string } {
    return { session_id: sessionId, session_id_sign: this.sign(sessionId) };
  }

  /** Calls a node, signed afresh. */
  async call(
    simulator: Simulator | string,
    path: string,
    additional: object = {},
    options: CallOptions = {},
  ): Promise<Answer> {
    const body = {
      peer_nodes_list: [options.node ?? labNodes.alice1],
      additional,
      ...(options.auth ?? this.auth()),
      ...(options.rentOrder === undefined ? {} : { rent_order: options.rentOrder }),
    };
    return post(simulator, path, JSON.stringify(body));
  }
}

export async function post(simulator: Simulator | string, path: string, body: string): Promise<Answer> {
  const base = typeof simulator === "string" ? simulator : simulator.url;
  const response = await fetch(`${base}/api/v1${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
  });
  const text = await response.text();
  let errcode: number | undefined;
  let message: Loose | undefined;
  try {
    const value = JSON.parse(text) as { errcode: number; message: Loose };
    errcode = value.errcode;
    message = value.message;
  } catch {
    message = undefined;
  }
  return { status: response.status, text, errcode, message };
}

/** A create that every lab node accepts. */
export const plainVm = {
  ssh_port: "20001",
  gpu_count: "1",
  cpu_cores: "4",
  mem_size: "16",
  disk_size: "100",
  image_name: "ubuntu.qcow2",
  vnc_port: "5904",
  operation_system: "linux",
  desc: "hello",
};
