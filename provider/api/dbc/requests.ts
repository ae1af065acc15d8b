/** What a call to the client node is made of, and the gate through which every body leaves. */
import * as z from "zod";
import { RemoteError } from "../../core/errors";
import * as field from "./fields";
import type { Attempt } from "./outcome";

/** The endpoint's own parameters: texts, except the sizes of disks, which the node reads only as numbers. */
export type Additional = Readonly<
  Record<
    string,
    | string
    | number
    | readonly string[]
    /** The disks of an older node's snapshot. */
    | readonly Readonly<Record<string, string>>[]
    | undefined
  >
>;

export interface Call<Result> extends Attempt {
  /**
   * The client node's own name for the kind of request, as in `list task timeout`: it keeps one timeout per kind, and
   * loses those of the others when one is answered (SM 124).
   */
  readonly operation: string;
  /** Below `/api/v1`. */
  readonly path: string;
  /** The mining node that it is passed on to; none when the client node answers itself. */
  readonly nodeId?: string;
  readonly additional: Additional;
  readonly needsAuthority: boolean;
  /** What must not be shown if the remote system repeats it. */
  readonly secrets?: readonly string[];
  /** Checks the message of a successful answer and turns it into our own terms. */
  readonly answer: z.ZodType<Result>;
}

/** The authorisation fields of a body (REST 523-679). */
export type AuthorityFields =
  | Readonly<Record<string, never>>
  | { readonly session_id: string; readonly session_id_sign: string }
  | SignedNonce
  | {
      readonly multisig_accounts: {
        readonly wallets: readonly string[];
        readonly threshold: string;
        readonly signs: readonly SignedNonce[];
      };
    };

export interface SignedNonce {
  readonly wallet: string;
  readonly nonce: string;
  readonly sign: string;
}

export const shortNode = (nodeId: string): string => `node ${nodeId.slice(0, 8)}…`;

/** `value` if it fits; otherwise the call ends here, in one sentence that names the fields but no value. */
export const check = <Output>(what: string, schema: z.ZodType<Output>, value: unknown): Output => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const mistakes = result.error.issues.slice(0, 5).map(({ path, message }) => `${path.join(".")} ${message}`);
  throw new RemoteError("not-sent", `could not ${what}: ${mistakes.join(", ")}`);
};

const NodeIds = z.object({ nodeId: field.nodeId });
const TaskIds = NodeIds.extend({ taskId: field.taskId });

/** A call about a node: its id, checked, and the words for messages. */
export const atNode = (verb: string, nodeId: string): { nodeId: string; what: string } => {
  const ids = check(`${verb} a node`, NodeIds, { nodeId });
  return { nodeId: ids.nodeId, what: `${verb} ${shortNode(ids.nodeId)}` };
};

/** A call about a VM: both ids, checked, and the words for messages. */
export const atTask = (
  verb: string,
  nodeId: string,
  taskId: string,
): { nodeId: string; taskId: string; what: string } => {
  const ids = check(`${verb} a VM`, TaskIds, { nodeId, taskId });
  return { ...ids, what: `${verb} VM ${ids.taskId} of ${shortNode(ids.nodeId)}` };
};

// Word characters of Base58, hex and the like: nothing that JSON would have to escape.
const token = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, "must be 1 to 200 plain characters");
const Signed = z.strictObject({ wallet: token, nonce: token, sign: token });

/**
 * A body as the client node survives it: an element of the wrong type in `peer_nodes_list`, `wallets` or `signs` trips
 * an assertion and ends its process (seen with 0.4.1.8).
 */
export const Body = z.strictObject({
  peer_nodes_list: z.array(field.nodeId).max(1),
  additional: z.record(
    z.string(),
    z.union([z.string(), z.int(), z.array(z.string()), z.array(z.record(z.string(), z.string()))]),
  ),
  session_id: token.optional(),
  session_id_sign: token.optional(),
  wallet: token.optional(),
  nonce: token.optional(),
  sign: token.optional(),
  multisig_accounts: z
    .strictObject({
      wallets: z.array(token).min(1).max(100),
      threshold: z.string().regex(/^[1-9]\d?$/),
      signs: z.array(Signed).min(1).max(100),
    })
    .optional(),
  rent_order: field.rentOrder.optional(),
});

/** The text of a body, for the wire. */
export const seal = (
  call: Call<unknown>,
  authority: AuthorityFields,
  rentOrder: string | undefined,
): string => {
  const additional = Object.entries(call.additional).filter(([, value]) => value !== undefined);
  const body = check(call.what, Body, {
    peer_nodes_list: call.nodeId === undefined ? [] : [call.nodeId],
    additional: Object.fromEntries(additional),
    ...authority,
    ...(rentOrder !== undefined && call.nodeId !== undefined && { rent_order: rentOrder }),
  });
  return JSON.stringify(body);
};
