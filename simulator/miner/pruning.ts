import { isRenting, orderOf, refreshOrder, rentalNow, statusNow } from "../world/chain";
import type { Task } from "../world/task";
import { blockAt } from "../world/world";
import type { Site } from "./site";
import { removeTask } from "./worker";

/** Days that a lapsed rental's machines are kept, in blocks: whole machines, and orders (reference f). */
const keptForMachine = 600 * 24 * 10;
const keptForOrder = 600 * 24 * 3;

export function schedulePruning(site: Site): void {
  const { node, engine } = site;
  if (node.role !== "compute") return;
  if (node.nextPruneAt <= 0) node.nextPruneAt = site.now + engine.profile.pruneEvery;
  engine.schedule(`prune ${node.id}`, node.nextPruneAt, () => {
    engine.node(node.id);
    node.nextPruneAt = site.now + engine.profile.pruneEvery;
    if (node.link === "online") prune(site);
    schedulePruning(site);
    engine.saveSoon();
  });
}

/** What the node does every quarter of an hour: close the VMs of lapsed rentals, and delete them days later. */
export function prune(site: Site): void {
  const { node, engine } = site;
  const status = statusNow(engine.world, node, site.now);
  if (status === "unknown" || status === "verifying") return;
  for (const rental of node.rentals) refreshOrder(node.orders, rentalNow(engine.world, rental, site.now));
  const block = blockAt(engine.world, site.now);
  for (const task of Object.values(node.tasks)) {
    const order = orderOf(node.orders, task.rentOrder, task.wallet);
    if (status === "rented" && isRenting(order)) continue;
    close(task);
    if (task.rentOrder === "") task.publicIp = "";
    const end = order?.endBlock ?? node.rentEnds[task.wallet] ?? 0;
    const kept = task.rentOrder === "" ? keptForMachine : keptForOrder;
    if (end > 0 && block > end + kept) removeTask(site, task);
  }
}

function close(task: Task): void {
  if (task.domain === null || task.domain === "shutoff") return;
  task.domain = "shutoff";
  task.bootedWith = null;
  task.status = "closed";
}

/** VMs of lapsed rentals are also closed whenever somebody creates one (reference 2.1). */
export function closeLapsed(site: Site): void {
  for (const task of Object.values(site.node.tasks))
    if (site.domain(task) === "running" && !isRenting(orderOf(site.node.orders, task.rentOrder, task.wallet)))
      close(task);
}
