import * as http from "node:http";
import * as https from "node:https";
import type { AxiosProxyConfig, AxiosStatic } from "axios";
import { type HttpReply, type Send, TransportError, type TransportFault } from "../core/effects";

export interface HttpOptions {
  /** `http://[user:password@]host:port`; the proxy variables of the environment are never followed unasked. */
  readonly proxy?: string | undefined;
  /** Most bytes of a reply that are read, counted after decompression. */
  readonly maxBodyBytes?: number;
}

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Loaded with the first request: it is large, and an `up` without a change sends none. */
const library = (): AxiosStatic => (require("axios") as { readonly default: AxiosStatic }).default;

/** Failures that only happen while there is no connection yet, so that nothing can have left. */
const NO_CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "the host's name can't be looked up now",
};

const TRUST = "NODE_EXTRA_CA_CERTS names the file of one that is to be trusted";

const BROKEN: Readonly<Record<string, string>> = {
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was reset",
  ECONNABORTED: "the connection was reset",
  EHOSTUNREACH: "the host can't be reached",
  ENETUNREACH: "the network can't be reached",
  ETIMEDOUT: "the connection timed out",
  EPROTO: "it does not speak TLS: check whether the address begins with http:// or https://",
  DEPTH_ZERO_SELF_SIGNED_CERT: `its certificate is self-signed; ${TRUST}`,
  SELF_SIGNED_CERT_IN_CHAIN: `its certificate is self-signed; ${TRUST}`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `its certificate is not from a known authority; ${TRUST}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `its certificate is not from a known authority; ${TRUST}`,
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
  CERT_HAS_EXPIRED: "its certificate has expired",
};

/** Said in words, so that NODE_TLS_REJECT_UNAUTHORIZED=0 can't switch it off. */
const VERIFIED = { rejectUnauthorized: true } as const;

/** The agent's connections, watched: `onOpen` is called before the first byte of a request can leave. */
const watched = <Agent extends http.Agent>(agent: Agent, event: string, onOpen: () => void): Agent => {
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = create(options, callback);
    socket?.once(event, onOpen);
    return socket;
  };
  return agent;
};

const proxyOf = (text: string): AxiosProxyConfig => {
  const { protocol, hostname, port, username, password } = new URL(text);
  return {
    protocol: protocol.slice(0, -1),
    host: hostname,
    port: Number(port || (protocol === "https:" ? 443 : 80)),
    ...(username && {
      auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
    }),
  };
};

const textOf = (error: unknown, key: "code" | "message"): string => {
  const text: unknown =
    typeof error === "object" && error !== null ? (error as Record<string, unknown>)[key] : "";
  return typeof text === "string" ? text : "";
};

/** Our own words for a failure of the library: its error holds headers, body and URL, so only its code is read. */
const explain = (error: unknown): { why: string; fault: TransportFault } => {
  const code = textOf(error, "code");
  if (Object.hasOwn(NO_CONNECTION, code)) return { why: NO_CONNECTION[code] ?? code, fault: "no-connection" };
  if (textOf(error, "message").startsWith("maxContentLength"))
    return { why: "the reply is too large", fault: "bad-reply" };
  if (/^(HPE|Z)_/.test(code)) return { why: "the reply is not well-formed HTTP", fault: "bad-reply" };
  if (code === "ERR_INVALID_URL") return { why: "the address is not a URL", fault: "no-connection" };
  const why = BROKEN[code] ?? (/^[A-Z][A-Z0-9_]{2,50}$/.test(code) ? `failed with ${code}` : "it failed");
  return { why: code === "ERR_BAD_RESPONSE" ? "the connection closed in mid-reply" : why, fault: "broken" };
};

const toReply = (status: number, headers: object, body: Buffer): HttpReply => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  body: body.toString("utf8"),
});

/**
 * The real wire. Redirects are returned, not followed; every status is a reply; the deadline is for the whole
 * exchange; nothing but {@link TransportError} comes out. Node itself limits the headers to 16 KiB.
 */
export const createSend = ({ proxy, maxBodyBytes = MAX_BODY_BYTES }: HttpOptions = {}): Send => {
  // Idle sockets of these do not keep the process alive.
  const sharedHttp = new http.Agent({ keepAlive: true });
  const sharedHttps = new https.Agent({ keepAlive: true, ...VERIFIED });

  return async (request) => {
    if (request.signal?.aborted) throw new TransportError("given up", false, "aborted");
    // A kept-alive socket, or a tunnel of the library's own, can't be watched: any byte may have left.
    const isWatched = request.freshConnection && proxy === undefined;
    let mayHaveLeft = !isWatched;
    const onOpen = (): void => {
      mayHaveLeft = true;
    };
    const giveUp = new AbortController();
    let gaveUp: TransportFault | undefined;
    const stop = (fault: TransportFault) => (): void => {
      gaveUp ??= fault;
      giveUp.abort();
    };
    const onAbort = stop("aborted");
    const timer = setTimeout(stop("deadline"), request.deadlineMs);
    request.signal?.addEventListener("abort", onAbort, { once: true });
    try {
      const reply = await library().request<Buffer>({
        url: request.url,
        method: request.method ?? "POST",
        headers: { ...request.headers },
        data: request.body,
        httpAgent: isWatched ? watched(new http.Agent(), "connect", onOpen) : sharedHttp,
        httpsAgent: isWatched ? watched(new https.Agent(VERIFIED), "secureConnect", onOpen) : sharedHttps,
        proxy: proxy === undefined ? false : proxyOf(proxy),
        signal: giveUp.signal,
        maxRedirects: 0,
        maxContentLength: maxBodyBytes,
        responseType: "arraybuffer",
        transformRequest: (data: unknown) => data,
        transformResponse: (data: unknown) => data,
        validateStatus: () => true,
      });
      return toReply(reply.status, reply.headers, reply.data);
    } catch (error) {
      if (gaveUp === "deadline")
        throw new TransportError(`no reply within ${request.deadlineMs / 1000} s`, mayHaveLeft, gaveUp);
      if (gaveUp !== undefined) throw new TransportError("given up", mayHaveLeft, gaveUp);
      const { why, fault } = explain(error);
      const isUnopened = fault === "no-connection" || !mayHaveLeft;
      throw new TransportError(why, !isUnopened, isUnopened && fault === "broken" ? "no-connection" : fault);
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener("abort", onAbort);
    }
  };
};
