/** What the three resources of the interconnection platform have in common: each is one request, and one row there. */
import * as z from "zod";
import type { InterconnectAnswer, InterconnectCall } from "../api/interconnect/types";
import type { Values } from "../core/check";
import { closedSentence, isRemote, UserError } from "../core/errors";
import { field, text } from "../core/fields";
import { newKey } from "../core/key";
import { type ArgsOf, type Context, type Definition, defineResource, PartialState } from "../core/resource";
import type { Site } from "./site";

/** `unknown`: the request was sent, and nobody knows whether it was taken. */
export type InterconnectPhase = "ready" | "unknown";

const words = () => text(/^(?=.*\S).{1,255}$/s, "1 to 255 characters, not all of them blank");

/** Arguments of a request to `endpoint`; `meaning` says what its data are. */
export const requestShape = (endpoint: string, meaning: string) =>
  ({
    data: field(
      { cost: "replace", wire: "data", source: endpoint },
      z.record(z.string(), z.unknown(), { error: "must be an object" }).default({}).describe(meaning),
    ),
    source: field(
      { cost: "replace", wire: "source", source: endpoint },
      words().default("pulumi-dbc").describe("Where the request comes from."),
    ),
    sessionIdentifier: field(
      { cost: "replace", wire: "session_identifier", source: endpoint },
      words()
        .optional()
        .describe(
          "User or task that the request belongs to. Unless given, a random key of the resource's own, which stays the same when it asks again.",
        ),
    ),
    refreshTrigger: field(
      { cost: "replace" },
      z
        .string({ error: "must be text" })
        .optional()
        .describe("Asks again, with a new row on the platform, whenever this changes."),
    ),
    resendTrigger: field(
      { cost: "live" },
      z
        .string({ error: "must be text" })
        .optional()
        .describe(
          "Sends again, once for each new value, a request whose outcome is not known; in `phase` ready it does nothing.",
        ),
    ),
  }) as const;

export type RequestShape = ReturnType<typeof requestShape>;
type RequestArgs = ArgsOf<RequestShape>;

interface Sent {
  readonly phase: InterconnectPhase;
  readonly answer: InterconnectAnswer | undefined;
}

const toValues = (args: RequestArgs, { phase, answer }: Sent): Values => ({
  ...args,
  phase,
  taskId: answer?.taskId,
  results: answer?.results ?? [],
  computingResourceUrl: answer?.computingResourceUrl,
  raw: answer?.raw,
});

/** Sends the request, once. A plain error means that nothing was recorded on the platform. */
const sendRequest = async (
  { site }: Context<Site>,
  call: InterconnectCall,
  id: string,
  args: RequestArgs,
): Promise<Values> => {
  const { source, sessionIdentifier, data } = args;
  if (sessionIdentifier === undefined)
    throw new UserError("this request has no sessionIdentifier: make it with its class of pulumi-dbc.");
  try {
    const answer = await site.interconnect.send(call, { source, sessionIdentifier, data });
    return toValues(args, { phase: "ready", answer });
  } catch (error) {
    if (!isRemote(error, "unknown")) throw error;
    throw new PartialState(
      id,
      toValues(args, { phase: "unknown", answer: undefined }),
      `${closedSentence(error)} Its row may be there, so the request is recorded as "unknown" and not sent again unless resendTrigger gets a new value.`,
    );
  }
};

/** The definition of a request: sent at its creation, never looked at again, forgotten when it is deleted. */
export const defineRequest = (
  kind: string,
  call: InterconnectCall,
  shape: RequestShape,
): Definition<RequestShape, Site> =>
  defineResource<RequestShape, Site>({
    kind,
    schemaVersion: 1,
    shape,
    deleteBeforeReplace: false,
    costs: () => ({ replace: "sent anew; the platform keeps what it has of the earlier one" }),
    // an outcome that is not known is reported once, and then left alone
    resumes: false,
    create: async (context, args) => {
      const id = newKey(context.random);
      return { id, state: await sendRequest(context, call, id, args) };
    },
    read: async (_context, _id, state) => {
      if (state === undefined)
        throw new UserError(`a ${kind} can't be looked up: the interconnection platform tells of none.`);
      return state;
    },
    update: async (context, id, state, args) => {
      const isWanted = args.resendTrigger !== undefined && args.resendTrigger !== state.resendTrigger;
      return state.phase === "unknown" && isWanted
        ? await sendRequest(context, call, id, args)
        : { ...state, ...args, resendTrigger: args.resendTrigger };
    },
    delete: async () => {},
  });
