import type { RemoteError } from "../core/errors";
import type { Context } from "../core/resource";
import type { Site } from "./site";

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
  const current = (await site.client.listRentOrders(nodeId)).filter(
    ({ status }) => status === "renting" || status === "waitingVerifying",
  );
  if (current.length === 0) return true;
  if (rentOrder !== undefined) return current.every(({ id }) => id !== rentOrder);
  return refusal.said.includes("machine has already expired");
};
