import { checkBaseUrl } from "../base-url";

const NODE = { secrets: "passwords and the session", remedy: "use an SSH tunnel or a TLS proxy" };

/** The base address of a client node, checked, without the path of its API. */
export const checkEndpoint = (endpoint: string, allowInsecureHttp = false): string =>
  checkBaseUrl("the endpoint", endpoint, allowInsecureHttp, NODE).replace(/\/api\/v1$/, "");
