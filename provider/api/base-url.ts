import { isIPv4 } from "node:net";
import { RemoteError } from "../core/errors";

const isThisMachine = (host: string): boolean =>
  host === "localhost" ||
  host.endsWith(".localhost") ||
  host === "[::1]" ||
  (isIPv4(host) && host.startsWith("127."));

/** What is particular to a service, for the sentences about its address. */
export interface Service {
  /** What travels in each request. */
  readonly secrets: string;
  /** How to keep others from reading it. */
  readonly remedy: string;
}

const TOKENS: Service = { secrets: "tokens", remedy: "use https" };

/**
 * The base address of a service whose requests carry secrets, checked, without a slash at its end. `setting` names
 * where it was given. Plain http is for this machine only, where a tunnel may end.
 */
export const checkBaseUrl = (
  setting: string,
  address: string,
  allowInsecureHttp = false,
  { secrets, remedy } = TOKENS,
): string => {
  const bad = (why: string): RemoteError => new RemoteError("not-sent", `could not use ${setting}: ${why}`);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw bad("it must be an http:// or https:// address, such as http://127.0.0.1:5002");
  if (url.username !== "" || url.password !== "") throw bad("it must not hold a user or password");
  if (address.includes("?") || address.includes("#")) throw bad("it must not hold a query or fragment");
  if (url.protocol === "http:" && !isThisMachine(url.hostname) && !allowInsecureHttp)
    throw bad(
      `to ${url.host} over plain http, ${secrets} would travel in clear: ${remedy}, or set DBC_ALLOW_INSECURE_HTTP=1 if the network is trusted`,
    );
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
};
