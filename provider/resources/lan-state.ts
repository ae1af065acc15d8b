import type { Lan } from "../api/dbc/types";
import type { Values } from "../core/check";
import { milliseconds } from "../core/duration";
import { isRemote, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { LanArgs } from "./lan";
import type { Site } from "./site";
import type { VmRef } from "./vm-state";

/** What is stored of a LAN: its arguments as applied, its name even if it was made up. */
export interface LanState extends LanArgs {
  readonly name: string;
  /** `unknown`: a create was sent and nobody knows its outcome. */
  readonly phase: "ready" | "unknown";
  /** Wallet that made it. */
  readonly renter?: string | undefined;
  /** It was there before; another account may own it. */
  readonly __adopted?: boolean | undefined;
  /** Fingerprint of the account and node that this was seen through. */
  readonly __account: string;
}

export const toState = (values: Values): LanState => values as unknown as LanState;
export const toValues = (state: LanState): Values => ({ ...state });

type Place = Pick<LanState, "nodeId" | "name">;

export const idOf = ({ nodeId, name }: Place): string => `${nodeId}/${name}`;

/** The LAN that a recorded one stands for. */
export const thingOf = (id: string): string => `LAN ${id}`;

/** "LAN office1 on node 58fb618a…" */
export const nameOf = ({ nodeId, name }: Place): string => `LAN ${name} on node ${nodeId.slice(0, 8)}…`;

/** The node and name that a Pulumi id stands for. */
export const placeIn = (id: string): Place => {
  const [nodeId = "", name = "", ...rest] = id.split("/");
  if (rest.length > 0 || !/^[0-9a-f]{64}$/.test(nodeId) || !/^[0-9A-Za-z]{1,32}$/.test(name))
    throw new UserError(`"${id}" is not the id of a Lan: it must be <nodeId>/<name>.`);
  return { nodeId, name };
};

/** A LAN as its node's machine room knows it; `undefined` when the node says that there is none. */
export const findLan = async ({ site }: Context<Site>, at: Place): Promise<Lan | undefined> => {
  try {
    return await site.client.getLan(at.nodeId, at.name);
  } catch (error) {
    if (isRemote(error, "not-found")) return undefined;
    throw error;
  }
};

/** What authorises calls about a LAN; it has no VM of its own. */
export const refOf = ({ site }: Context<Site>, { nodeId, rentOrder }: LanArgs): VmRef => ({
  nodeId,
  taskId: "",
  rentOrder: rentOrder ?? site.rentOrder,
});

const DEFAULTS_MS = { create: 120_000, delete: 1_200_000 } as const;

/** The deadline of a verb: the user's, else the default. */
export const limitOf = (timeouts: LanArgs["timeouts"], verb: keyof typeof DEFAULTS_MS): number => {
  const given = timeouts?.[verb];
  return given === undefined ? DEFAULTS_MS[verb] : milliseconds(given);
};
