import * as z from "zod";
import { parseJson } from "../json";

/** Of the nine claims of a token, those that we read (reference 2.7). One of another form counts as not there. */
const claim = z.string().optional().catch(undefined);
const Claims = z.object({
  user: claim,
  clusterId: claim,
  expireTime: z
    .union([z.string().regex(/^\d{1,16}$/), z.int()])
    .transform(Number)
    .optional()
    .catch(undefined),
});

/** What a token says about itself. It is not verified: only the service holds the key. */
export interface TokenClaims {
  readonly user?: string | undefined;
  readonly regionId?: string | undefined;
  /** Milliseconds since 1970, by the service's clock. */
  readonly expiresAt?: number | undefined;
}

/** The claims of a token; none of a token that is opaque. */
export const claimsOf = (token: string): TokenClaims => {
  const [, payload, ...rest] = token.split(".");
  if (payload === undefined || rest.length !== 1) return {};
  const json = parseJson(Buffer.from(payload, "base64url").toString("utf8"));
  const claims = json.ok ? Claims.safeParse(json.value) : undefined;
  if (!claims?.success) return {};
  const { user, clusterId, expireTime } = claims.data;
  return { user, regionId: clusterId, expiresAt: expireTime };
};
