/** Which region of an account is meant, and the sentences when none can be. */
import { createHash } from "node:crypto";
import { RemoteError } from "../../core/errors";
import { sanitise } from "../../core/sanitise";
import { claimsOf } from "./token";
import type { ContainerRegion } from "./types";

/** A region's token while it is in use. */
export interface Session {
  readonly region: ContainerRegion;
  readonly token: string;
  /** By our own clock. */
  readonly obtainedAt: number;
  /** How long it is good from then on, as far as it tells. */
  readonly lifetimeMs: number | undefined;
}

/** A region that the account may see; without a token it is suspended. */
export interface RegionEntry {
  readonly id: string;
  readonly name: string | undefined;
  readonly token: string | null;
}

/** The entry of the platform itself, whose token reaches no containers (reference 2.1). */
export const PLATFORM = "0";

const unauthorised = (why: string): RemoteError =>
  new RemoteError("unauthorised", `could not use a region of the container platform: ${why}`);

const shown = ({ id, name }: RegionEntry): string =>
  name === undefined ? sanitise(id) : `${sanitise(id)} (${sanitise(name)})`;

/** The one region that is meant by its id or name, else the only one that there is. */
export const chooseRegion = (entries: readonly RegionEntry[], wanted: string | undefined): RegionEntry => {
  const regions = entries.filter(({ id }) => id !== PLATFORM);
  const usable = regions.filter(({ token }) => token !== null);
  const choice = regions.map(shown).join(", ") || "none";
  if (wanted === undefined) {
    const [only, ...others] = usable;
    if (only === undefined)
      throw unauthorised(
        regions.length === 0
          ? "the account has none"
          : `the account is suspended in every one of its regions (${choice}); settle it with the platform`,
      );
    if (others.length > 0)
      throw unauthorised(
        `the account has several: set containerRegion, or \`region\`, to one of ${usable.map(shown).join(", ")}`,
      );
    return only;
  }
  const named = regions.filter(({ id, name }) => id === wanted || name === wanted);
  const found = named.find(({ id }) => id === wanted) ?? named[0];
  if (found === undefined)
    throw unauthorised(`the account has no region "${sanitise(wanted)}"; its regions are ${choice}`);
  if (found.token === null)
    throw unauthorised(
      `the account is suspended in region ${shown(found)}; settle it with the platform, or choose another region`,
    );
  return found;
};

const fingerprintOf = (user: string, regionId: string): string =>
  createHash("sha256").update(`container\n${user}\n${regionId}`).digest("hex").slice(0, 16);

/** A token taken into use. `user` is known where it was signed in with; a token that is a JWT tells it too. */
export const sessionOf = (
  entry: { readonly id: string; readonly name: string | undefined; readonly token: string },
  user: string | undefined,
  now: { readonly monotonic: number; readonly wall: number },
): Session => {
  const { token } = entry;
  const claims = claimsOf(token);
  return {
    region: {
      id: entry.id,
      name: entry.name,
      fingerprint: fingerprintOf(claims.user ?? user ?? "", entry.id),
    },
    token,
    obtainedAt: now.monotonic,
    lifetimeMs: claims.expiresAt === undefined ? undefined : claims.expiresAt - now.wall,
  };
};
