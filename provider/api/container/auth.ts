/** Tokens: got once for all regions, renewed before they end, one renewal at a time (reference 2). */
import type { Clock } from "../../core/effects";
import { isRemote, RemoteError } from "../../core/errors";
import { chooseRegion, PLATFORM, type RegionEntry, type Session, sessionOf } from "./regions";
import type { Call } from "./requests";
import { center, headersOf, login, renewToken, tokenState } from "./sign-in";
import { claimsOf } from "./token";
import type { ContainerCredentials } from "./types";

/** Sends a call that no region's token goes with. */
export type PerformPlain = <Result>(
  call: Call<Result>,
  headers: Readonly<Record<string, string>>,
) => Promise<Result>;

export interface Auth {
  /** The session with a region, renewed if it is about to end. */
  session(region: string | undefined): Promise<Session>;
  /** Whether a token that was refused has expired; otherwise what was asked is forbidden. */
  hasExpired(session: Session): Promise<boolean>;
  /** Another token in place of one that has expired. */
  renew(session: Session): Promise<Session>;
  /** All that must never be shown. */
  secrets(): string[];
}

/** A token is renewed this long before its end. */
const EARLY_MS = 300_000;

const HOW =
  "give containerUser, containerAccessKey and containerSecretKey (DBC_CONTAINER_USER, DBC_CONTAINER_ACCESS_KEY, DBC_CONTAINER_SECRET_KEY), or containerToken (DBC_CONTAINER_TOKEN)";

const age = (session: Session, clock: Clock): number => clock.now() - session.obtainedAt;

const isNearEnd = (session: Session, clock: Clock): boolean =>
  session.lifetimeMs !== undefined && age(session, clock) >= session.lifetimeMs - EARLY_MS;

/** The token that was handed out, as a region to choose. */
const givenEntry = (token: string, wanted: string | undefined): RegionEntry => {
  const { regionId } = claimsOf(token);
  if (regionId === PLATFORM)
    throw new RemoteError(
      "unauthorised",
      "could not use containerToken: it is the platform's own token, which reaches no containers; give the token of a region",
    );
  return { id: regionId ?? wanted ?? "default", name: undefined, token };
};

export const createAuth = (
  credentials: ContainerCredentials | undefined,
  defaultRegion: string | undefined,
  clock: Clock,
  perform: PerformPlain,
): Auth => {
  /** What the last sign-in told, and each region's session since. */
  let entries: readonly RegionEntry[] | undefined;
  const sessions = new Map<string, Session>();
  const tokens = new Set<string>(credentials?.kind === "token" ? [credentials.token] : []);
  let underWay: Promise<void> | undefined;
  let naming: Promise<void> | undefined;

  /** Everybody who needs new tokens at the same time waits for the same answer. */
  const once = (work: () => Promise<void>): Promise<void> => {
    underWay ??= work().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };

  const take = (fresh: readonly RegionEntry[], user: string | undefined): void => {
    const now = { monotonic: clock.now(), wall: clock.today().getTime() };
    entries = fresh;
    sessions.clear();
    for (const { id, name, token } of fresh) {
      if (token === null) continue;
      headersOf("use a container token", { token }, "a token");
      tokens.add(token);
      sessions.set(id, sessionOf({ id, name, token }, user, now));
    }
  };

  const signIn = async (): Promise<void> => {
    if (credentials === undefined)
      throw new RemoteError(
        "unauthorised",
        `could not sign in to the container platform: no credentials are given; ${HOW}`,
      );
    if (credentials.kind === "token") {
      take([givenEntry(credentials.token, defaultRegion)], undefined);
      return;
    }
    const call = login(credentials, clock.today().getTime() / 1_000);
    const answer = await perform(call, call.headers);
    take(
      answer.map(({ clusterId, clusterName, token }) => ({
        id: clusterId,
        name: clusterName ?? undefined,
        token,
      })),
      credentials.user,
    );
  };

  /** A token that was handed out is renewed by itself; for others a sign-in gets new ones for all regions. */
  const getAnother = async (session: Session): Promise<void> => {
    if (credentials?.kind !== "token") return signIn();
    const token = await perform(renewToken(), { token: session.token });
    take([{ id: session.region.id, name: session.region.name, token }], undefined);
  };

  /** A token tells its region's id; the name, by which somebody may ask for it, the platform tells. */
  const learnName = async (): Promise<void> => {
    const [only] = entries ?? [];
    if (only?.token == null) return;
    try {
      const { name } = await perform(center(), { token: only.token });
      take([{ ...only, name }], undefined);
    } catch (error) {
      // a token that is not taken: whoever uses it is told
      if (isRemote(error)) throw error;
    }
  };

  const isByName = (wanted: string | undefined): boolean => {
    const [only] = entries ?? [];
    return (
      credentials?.kind === "token" &&
      wanted !== undefined &&
      only?.name === undefined &&
      only?.id !== wanted &&
      claimsOf(credentials.token).regionId !== undefined
    );
  };

  const current = (wanted: string | undefined): Session => {
    const all = entries ?? [];
    const [only] = all;
    // a token for one region only, of which no name is known: whoever gave it knows
    const entry =
      credentials?.kind === "token" &&
      only &&
      (wanted === undefined || claimsOf(credentials.token).regionId === undefined)
        ? only
        : chooseRegion(all, wanted);
    const session = sessions.get(entry.id);
    if (session === undefined) throw new RemoteError("unauthorised", `could not use region ${entry.id}`);
    return session;
  };

  const renew = async (session: Session): Promise<Session> => {
    const { id } = session.region;
    if (sessions.get(id)?.token === session.token) await once(() => getAnother(session));
    return current(id);
  };

  return {
    session: async (region) => {
      if (entries === undefined) await once(signIn);
      if (isByName(region ?? defaultRegion)) {
        naming ??= learnName().finally(() => {
          naming = undefined;
        });
        await naming;
      }
      const session = current(region ?? defaultRegion);
      // one that was near its end when it came won't be mended by asking again
      const isNew =
        session.lifetimeMs !== undefined && age(session, clock) < EARLY_MS && session.lifetimeMs > 0;
      if (!isNearEnd(session, clock) || isNew) return session;
      try {
        return await renew(session);
      } catch (error) {
        const isOver = session.lifetimeMs === undefined || age(session, clock) >= session.lifetimeMs;
        if (isOver || !isRemote(error, "unavailable")) throw error;
        return session;
      }
    },
    hasExpired: async (session) => {
      if (session.lifetimeMs !== undefined && age(session, clock) >= session.lifetimeMs) return true;
      try {
        await perform(tokenState(), { token: session.token });
        return false;
      } catch (error) {
        if (isRemote(error)) return true;
        throw error;
      }
    },
    renew,
    secrets: () => [
      ...tokens,
      ...(credentials?.kind === "accessKey" ? [credentials.accessKey, credentials.secretKey] : []),
      ...(credentials?.kind === "password" ? [credentials.password, credentials.orgId] : []),
    ],
  };
};
