import type { MachineStatus, Rental } from "./node";
import { blockAt, type World } from "./world";

export function activeRental(world: World, rental: Rental, time: number): boolean {
  return rental.status !== "rentExpired" && blockAt(world, time) < rental.endBlock;
}

/** A rental as the chain tells it at a moment. */
export function rentalNow(world: World, rental: Rental, time: number): Rental {
  return activeRental(world, rental, time) ? rental : { ...rental, status: "rentExpired" };
}

/** A machine falls back to "online" when its last rental has run out. */
export function statusNow(
  world: World,
  machine: { machineStatus: MachineStatus; rentals: Rental[] },
  time: number,
): MachineStatus {
  if (machine.machineStatus !== "rented") return machine.machineStatus;
  return machine.rentals.some((rental) => activeRental(world, rental, time)) ? "rented" : "online";
}

/** The node's cache of a rental order follows the chain, but keeps what an ended rental no longer tells (reference a.3). */
export function refreshOrder(cache: Rental[], fresh: Rental): void {
  const index = cache.findIndex((order) => order.id === fresh.id);
  if (index < 0) cache.push({ ...fresh });
  else cache[index] = { ...fresh };
  sortOrders(cache);
}

/** Orders as the node keeps them: the latest number first, and wallets (whole machines) last. */
export function sortOrders(orders: Rental[]): Rental[] {
  const isWallet = (order: Rental) => order.id.length === 48;
  return orders.sort((a, b) => {
    if (isWallet(a) && isWallet(b)) return a.id < b.id ? -1 : 1;
    if (isWallet(a) !== isWallet(b)) return isWallet(a) ? 1 : -1;
    return Number.parseInt(b.id, 10) - Number.parseInt(a.id, 10);
  });
}

/** The order that a wallet's rights come from: the numbered one, or the one kept under the wallet. */
export function orderOf(cache: readonly Rental[], rentOrder: string, wallet: string): Rental | undefined {
  const order = cache.find((item) => item.id === (rentOrder === "" ? wallet : rentOrder));
  return order?.renter === wallet ? order : undefined;
}

export function isRenting(order: Rental | undefined): boolean {
  return order?.status === "renting" || order?.status === "waitingVerifying";
}
