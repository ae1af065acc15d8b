/** The calls by which an account gets its tokens, and finds the address of a region (reference 2). */
import type * as z from "zod";
import { RemoteError } from "../../core/errors";
import { anything, type Call } from "./requests";
import { loginSignature } from "./signature";
import type { ContainerCredentials } from "./types";
import * as wire from "./wire";

/** What a header can carry; anything else would fail inside the library, with the value in its message. */
const isHeader = (text: string): boolean => /^[\x20-\x7e]{1,8192}$/.test(text);

type Headers = Readonly<Record<string, string>>;

/** Header values, checked; `names` are the settings that they come from. */
export const headersOf = (what: string, headers: Headers, names: string): Headers => {
  if (!Object.values(headers).every(isHeader))
    throw new RemoteError(
      "not-sent",
      `could not ${what}: ${names} must be 1 to 8192 printable characters of ASCII`,
    );
  return headers;
};

type LoginCredentials = Exclude<ContainerCredentials, { kind: "token" }>;
type LoginCall = Call<z.output<typeof wire.LoginAnswer>> & { readonly headers: Headers };

/** A sign-in, which answers a token for each region. It changes nothing, so it may be sent again. */
export const login = (credentials: LoginCredentials, nowSeconds: number): LoginCall => {
  const what = "sign in to the container platform";
  const meanings = { "10009": "the sign-in failed verification" };
  const head = { what, write: false, withToken: false, answer: wire.LoginAnswer, meanings } as const;
  if (credentials.kind === "password") {
    const { user, password, orgId } = credentials;
    return {
      ...head,
      endpoint: "passwordLogin",
      remedy: "check containerUser, containerPassword and containerOrgId",
      headers: headersOf(what, { user, password, orgId }, "containerUser, containerPassword, containerOrgId"),
      body: {},
    };
  }
  const { user, accessKey, secretKey } = credentials;
  const timestamp = String(Math.floor(nowSeconds));
  const signature = loginSignature(secretKey, accessKey, timestamp, user);
  return {
    ...head,
    endpoint: "login",
    remedy:
      "check containerUser (the login name that the key belongs to), containerAccessKey, containerSecretKey, and the clock of this machine",
    headers: headersOf(what, { user, accessKey, timestamp, signature }, "containerUser, containerAccessKey"),
    secrets: [signature],
    body: {},
  };
};

export const renewToken = (): Call<string> => ({
  what: "renew the container token",
  write: false,
  withToken: false,
  endpoint: "renewToken",
  remedy:
    "a token can be renewed until 24 h after its end: give a new containerToken, or containerUser, containerAccessKey and containerSecretKey",
  body: {},
  answer: wire.RenewAnswer,
});

/** Answers well only where the token is still good: tells "expired" from "forbidden" (reference 2.4, 2.8). */
export const tokenState = (): Call<undefined> => ({
  what: "look at the state of the container token",
  write: false,
  withToken: false,
  endpoint: "tokenState",
  answer: anything,
});

export interface Center {
  readonly name: string | undefined;
  /** Bases of the container service that are switched on. */
  readonly serviceUrls: readonly string[];
}

export const center = (): Call<Center> => ({
  what: "find the container service of the region",
  write: false,
  withToken: true,
  endpoint: "center",
  answer: wire.CenterAnswer.transform(({ name, aiUrls }) => ({
    name: name ?? undefined,
    serviceUrls: (aiUrls ?? []).filter(({ enable }) => enable === "true").map(({ url }) => url),
  })),
});
