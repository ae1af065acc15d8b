import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Account, ContainerWorld } from "./world";

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

const sign = (key: string, text: string): string =>
  createHmac("sha256", key).update(text).digest("base64url");

/** A token with the nine claims (reference 2.7). */
export function issueToken(
  world: ContainerWorld,
  account: Account,
  regionId: string,
  expiresAt: number,
  serial: number,
): string {
  const text = `${base64url({ alg: "HS256", typ: "JWT" })}.${base64url({
    computeUser: account.computeUser,
    accountStatus: account.status,
    creator: "ac",
    role: "1",
    expireTime: String(Math.round(expiresAt)),
    clusterId: regionId,
    invoker: account.orgId,
    user: account.user,
    userId: `${account.userId}${serial}`,
  })}`;
  return `${text}.${sign(world.signingKey, text)}`;
}

const Claims = z.object({ user: z.string(), clusterId: z.string(), expireTime: z.string() });

export interface Bearer {
  readonly account: Account;
  readonly regionId: string;
  readonly expiresAt: number;
}

/** Who a token stands for, whether or not it has expired; `undefined` for one that is not ours. */
export function readToken(world: ContainerWorld, token: string): Bearer | undefined {
  const [head = "", payload = "", signature = ""] = token.split(".");
  const [given, right] = [Buffer.from(signature), Buffer.from(sign(world.signingKey, `${head}.${payload}`))];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  const claims = Claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
  const account = world.accounts.find(({ user }) => user === claims.user);
  return account && { account, regionId: claims.clusterId, expiresAt: Number(claims.expireTime) };
}
