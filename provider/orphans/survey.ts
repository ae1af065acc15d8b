import type { Snapshot } from "../api/dbc/types";
import type { Site } from "../resources/site";
import type { Thing } from "./thing";

/** A node, with the rental orders under which it is asked; `undefined` is the setting, or none. */
export interface NodePlace {
  readonly nodeId: string;
  readonly rentOrders: readonly (string | undefined)[];
}

const snapshotsOf = async (
  site: Site,
  nodeId: string,
  taskId: string,
  rentOrder: string | undefined,
  isLegacy: boolean,
): Promise<Thing[]> => {
  const items: readonly (Pick<Snapshot, "name" | "description" | "createdAt"> & Partial<Snapshot>)[] =
    isLegacy
      ? await site.client.listLegacySnapshots(nodeId, taskId)
      : await site.snapshots({ nodeId, taskId, rentOrder }).fresh();
  return items.map(({ name, description, createdAt, file, status }) => ({
    kind: "Snapshot",
    id: `${nodeId}/${taskId}/${name}`,
    remoteId: file,
    status: status ?? "",
    createdAt,
    about: description,
    rentOrder,
  }));
};

/** The VMs of a node that the account sees, each once. */
const vmsOf = async (site: Site, { nodeId, rentOrders }: NodePlace): Promise<Thing[]> => {
  const found = new Map<string, Thing>();
  for (const given of rentOrders) {
    const rentOrder = given ?? site.rentOrder;
    for (const { taskId, status, createdAt, description } of await site.tasks(nodeId, rentOrder).fresh())
      if (!found.has(taskId))
        found.set(taskId, {
          kind: "Vm",
          id: `${nodeId}/${taskId}`,
          status,
          createdAt,
          about: description,
          rentOrder,
        });
  }
  return [...found.values()];
};

/**
 * All that the account has on a node and that could carry a mark. A node tells the LANs of its whole machine room:
 * those of other wallets than `wallet` are left out; without one, those of wallets that rent nothing here.
 */
export const surveyNode = async (
  site: Site,
  place: NodePlace,
  wallet: string | undefined,
): Promise<Thing[]> => {
  const { nodeId } = place;
  const isLegacy = (await site.client.generation(nodeId)) === "legacy";
  const vms = await vmsOf(site, place);
  const snapshots: Thing[] = [];
  for (const { id, rentOrder } of vms)
    snapshots.push(...(await snapshotsOf(site, nodeId, id.slice(nodeId.length + 1), rentOrder, isLegacy)));
  if (isLegacy) return [...vms, ...snapshots];
  const lans = await site.client.listLans(nodeId);
  const renters =
    wallet === undefined ? (await site.client.listRentOrders(nodeId)).map(({ renter }) => renter) : [wallet];
  const ours = lans.filter(({ renter }) => renters.length === 0 || renters.includes(renter));
  return [
    ...vms,
    ...snapshots,
    ...ours.map(
      ({ name, members, renter, cidr }): Thing => ({
        kind: "Lan",
        id: `${nodeId}/${name}`,
        status: `${members.length} members`,
        createdAt: "",
        about: `${cidr} of ${renter}`,
      }),
    ),
  ];
};

/** All container tasks of the account in a region, named or numbered. */
export const surveyRegion = async (site: Site, name: string): Promise<Thing[]> => {
  const { id: region } = await site.container.client.region(name);
  return (await site.container.tasks(region).fresh()).map((line) => ({
    kind: "ContainerTask",
    id: `${region}/${line.name}`,
    remoteId: line.instanceId,
    status: line.status,
    createdAt: line.createdAt ?? "",
    about: line.taskType ?? "",
  }));
};
