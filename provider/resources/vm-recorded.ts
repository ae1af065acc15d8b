import { isRemote, type RemoteError } from "../core/errors";
import type { Context } from "../core/resource";
import { renewals, rentalEnded } from "./rental";
import type { Site } from "./site";
import { isHeardOf, placeOf } from "./vm-part";
import type { VmRef } from "./vm-state";

/**
 * Does the `read` or `delete` of what stands on a VM; `over` when the rental is proven to be over. Its `__vm` is as old
 * as its own last change. In a run without the Vm's step (`refresh`, `destroy`, `--target`) nothing newer is known, so
 * that it is no consent to a power-off, no wish for a power state, and of the rental only a first guess.
 */
export const asRecorded = async <T>(
  context: Context<Site>,
  vmId: string,
  work: (context: Context<Site>, ref: VmRef) => Promise<T>,
  over: (ref: VmRef, refusal: RemoteError) => T,
): Promise<T> => {
  const { site, hidden } = context;
  const told = site.power.told(vmId);
  const ref = placeOf(site, vmId, told ?? hidden.__vm);
  const under = (rentOrder: string | undefined) =>
    work({ ...context, hidden: { ...hidden, __vm: { ...told, rentOrder } } }, { ...ref, rentOrder });
  try {
    return await under(ref.rentOrder);
  } catch (error) {
    if (!isRemote(error, "rental-over")) throw error;
    if (isHeardOf(site, vmId)) {
      if (await rentalEnded(context, ref, error)) return over(ref, error);
      throw error;
    }
    const { isOver, orders } = await renewals(context, ref, error);
    if (isOver) return over(ref, error);
    for (const rentOrder of orders) {
      try {
        return await under(rentOrder);
      } catch (again) {
        if (!isRemote(again, "rental-over")) throw again;
      }
    }
    throw error;
  }
};
