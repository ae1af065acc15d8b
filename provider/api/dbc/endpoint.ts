import { isIPv4 } from "node:net";
import { RemoteError } from "../../core/errors";

const bad = (why: string): RemoteError => new RemoteError("not-sent", `could not use the endpoint: ${why}`);

const isThisMachine = (host: string): boolean =>
  host === "localhost" ||
  host.endsWith(".localhost") ||
  host === "[::1]" ||
  (isIPv4(host) && host.startsWith("127."));

/**
 * The base address of a client node, checked, without a slash at its end. Passwords and the session travel in it in
 * clear unless it is https, so plain http is for this machine only, where a tunnel may end.
 */
export const checkEndpoint = (endpoint: string, allowInsecureHttp = false): string => {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw bad("it must be an http:// or https:// address, such as http://127.0.0.1:5002");
  if (url.username !== "" || url.password !== "")
    throw bad("it must not hold a user or password; the node knows none");
  if (endpoint.includes("?") || endpoint.includes("#")) throw bad("it must not hold a query or fragment");
  if (url.protocol === "http:" && !isThisMachine(url.hostname) && !allowInsecureHttp)
    throw bad(
      `to ${url.host} over plain http, passwords and the session would travel in clear: use an SSH tunnel or a TLS proxy, or set DBC_ALLOW_INSECURE_HTTP=1 if the network is trusted`,
    );
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "").replace(/\/api\/v1$/, "");
};
