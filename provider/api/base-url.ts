import { isIPv4 } from "node:net";
import { RemoteError } from "../core/errors";

const isThisMachine = (host: string): boolean =>
  host === "localhost" ||
  host.endsWith(".localhost") ||
  host === "[::1]" ||
  (isIPv4(host) && host.startsWith("127."));

/**
 * The base address of a service whose requests carry a token, checked, without a slash at its end. `setting` names
 * where it was given. Plain http is for this machine only, because the token would travel in clear.
 */
export const checkBaseUrl = (setting: string, address: string, allowInsecureHttp = false): string => {
  const bad = (why: string): RemoteError => new RemoteError("not-sent", `could not use ${setting}: ${why}`);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw bad("it must be an http:// or https:// address");
  if (url.username !== "" || url.password !== "") throw bad("it must not hold a user or password");
  if (address.includes("?") || address.includes("#")) throw bad("it must not hold a query or fragment");
  if (url.protocol === "http:" && !isThisMachine(url.hostname) && !allowInsecureHttp)
    throw bad(
      `to ${url.host} over plain http, tokens would travel in clear: use https, or set DBC_ALLOW_INSECURE_HTTP=1 if the network is trusted`,
    );
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
};
