import * as z from "zod";
import { type Effects, TransportError } from "../../core/effects";
import { RemoteError } from "../../core/errors";
import { checkBaseUrl } from "../base-url";
import { Turnstile } from "../container/turnstile";
import { redactor } from "../dbc/redact";
import { toAnswer } from "./answer";
import { secretsIn } from "./hide";
import { dataOf, type Exchange } from "./outcome";
import { checkInterconnectPaths, interconnectUrl } from "./paths";
import type { InterconnectCall, InterconnectClient, InterconnectRequest } from "./types";

export interface InterconnectClientOptions {
  /** Address of the platform, with or without `/api/v1`. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /** Other paths than the documented ones, by call. */
  readonly paths?: Readonly<Record<string, string>> | undefined;
  readonly allowInsecureHttp?: boolean | undefined;
  /** Longest time for one call; 60 s unless given. */
  readonly deadlineMs?: number | undefined;
  readonly effects: Pick<Effects, "clock" | "send">;
}

const DEADLINE_MS = 60_000;

const WHAT: Readonly<Record<InterconnectCall, string>> = {
  computingResourceQuery: "ask the interconnection platform for computing resources",
  taskTemplateSubmission: "submit the task template to the interconnection platform",
  taskPath: "record the chosen path at the interconnection platform",
};

const words = z.string({ error: "must be text" }).max(255, { error: "must have at most 255 characters" });
const Request = z.object({
  source: words,
  sessionIdentifier: words,
  data: z.record(z.string(), z.unknown(), { error: "must be an object" }),
});

const checkRequest = (what: string, request: InterconnectRequest): InterconnectRequest => {
  const result = Request.safeParse(request);
  // the request itself, because a check may copy `data`, and it is to be sent as it is
  if (result.success) return request;
  const mistakes = result.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
  throw new RemoteError("not-sent", `could not ${what}: ${mistakes.join(", ")}`);
};

const checkToken = (token: string | undefined): string => {
  if (token === undefined)
    throw new RemoteError(
      "unauthorised",
      "could not use the interconnection platform: it wants a token; give interconnectToken (DBC_INTERCONNECT_TOKEN)",
    );
  // anything else would fail inside the library, with the value in its message
  if (!/^[\x20-\x7e]{1,8192}$/.test(token))
    throw new RemoteError(
      "not-sent",
      "could not use the interconnection platform: interconnectToken must be 1 to 8192 printable characters of ASCII",
    );
  return token;
};

/** The client of the interconnection platform; throws if the address or a path can't be one. */
export const createInterconnectClient = (options: InterconnectClientOptions): InterconnectClient => {
  const { clock, send } = options.effects;
  const base = checkBaseUrl("interconnectEndpoint", options.endpoint, options.allowInsecureHttp);
  const paths = checkInterconnectPaths(options.paths ?? {});
  const turnstile = new Turnstile(clock);

  const exchange = async (call: InterconnectCall, token: string, body: string): Promise<Exchange> => {
    try {
      return await send({
        method: "POST",
        url: interconnectUrl(base, call, paths),
        headers: { accept: "application/json", "content-type": "application/json", token },
        body,
        deadlineMs: options.deadlineMs ?? DEADLINE_MS,
        freshConnection: true,
      });
    } catch (error) {
      return error instanceof TransportError ? error : new TransportError("it failed", true);
    }
  };

  return {
    send: async (call, request) => {
      const what = WHAT[call];
      const { source, sessionIdentifier, data } = checkRequest(what, request);
      const token = checkToken(options.token);
      const redact = redactor([token, ...secretsIn(data)]);
      // keys in the order of the vendor's own sample
      const body = JSON.stringify({ source, session_identifier: sessionIdentifier, data });
      const came = await turnstile.run(() => exchange(call, token, body));
      return toAnswer(dataOf({ what, base, redact }, came), redact);
    },
  };
};
