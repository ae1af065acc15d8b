import type { RentOrder } from "../api/dbc/types";
import type { RemoteError } from "../core/errors";
import type { Context } from "../core/resource";
import type { Site } from "./site";

const isCurrent = ({ status }: RentOrder): boolean => status === "renting" || status === "waitingVerifying";

/**
 * Whether a refusal for want of a rental is borne out by the node's public list of orders: none that could be ours is
 * current. A wallet that never rented the machine is told "wallet not rented" while somebody else's order runs, and
 * that proves nothing.
 */
export const rentalEnded = async (
  { site }: Context<Site>,
  { nodeId, rentOrder }: { readonly nodeId: string; readonly rentOrder: string | undefined },
  refusal: RemoteError,
): Promise<boolean> => {
  // nodes of old have no such list, and say of the chain's machine that nobody rents it
  if ((await site.client.generation(nodeId)) === "legacy")
    return /machine is not be rented|machine has already expired/.test(refusal.said);
  const current = (await site.client.listRentOrders(nodeId)).filter(isCurrent);
  if (current.length === 0) return true;
  if (rentOrder !== undefined) return current.every(({ id }) => id !== rentOrder);
  return refusal.said.includes("machine has already expired");
};

/**
 * The same of an order that only an old record names: a rental may have been renewed under another number since.
 * `orders` are those that may have followed it; it is over when its renter is known and has none.
 */
export const renewals = async (
  context: Context<Site>,
  { nodeId, rentOrder }: { readonly nodeId: string; readonly rentOrder: string | undefined },
  refusal: RemoteError,
): Promise<{ readonly isOver: boolean; readonly orders: readonly (string | undefined)[] }> => {
  const { client } = context.site;
  if ((await client.generation(nodeId)) === "legacy")
    return { isOver: await rentalEnded(context, { nodeId, rentOrder }, refusal), orders: [] };
  const all = await client.listRentOrders(nodeId);
  const renter = all.find(({ id }) => id === rentOrder)?.renter;
  const followers = all.filter(
    (order) => isCurrent(order) && (renter === undefined || order.renter === renter),
  );
  return {
    isOver: followers.length === 0,
    // that of a whole machine goes by its renter, and calls name none
    orders: followers
      .map(({ id, renter: by }) => (id === by ? undefined : id))
      .filter((id) => id !== rentOrder),
  };
};
