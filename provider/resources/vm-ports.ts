import type { Problem, Values } from "../core/check";
import type { Change } from "../core/diff";
import { declaredOf } from "./declarations";
import type { Site } from "./site";
import { takenPorts } from "./vm-beside";
import { isTaskOf, type Lodger, lodgerOf, type Room } from "./vm-room";
import { clash, firstCommon, type HostPort } from "./vm-rules";

const portsOf = ({ detail }: Lodger): HostPort[] =>
  (["sshPort", "rdpPort", "vncPort"] as const).flatMap((field) => {
    const port = detail[field];
    return port === undefined
      ? []
      : [{ field, name: field, range: { first: port, last: port }, tcp: true, udp: false }];
  });

/** The declared VM that a machine belongs to, if the program is known to declare it. */
const ownerOf = (declared: readonly Values[], { taskId }: Lodger): Values | undefined =>
  declared.find((args) => isTaskOf(args, taskId));

/** The next port that nobody who is known uses. */
const nextFree = (after: number, used: readonly HostPort[]): number | undefined => {
  for (let port = after + 1; port <= 65_535; port++)
    if (!used.some(({ range }) => range.first <= port && port <= range.last)) return port;
  return undefined;
};

/** Ports of the node that another VM of this account holds. */
export const refusePorts = (
  site: Site,
  news: Values,
  changes: readonly Change[],
  nodeId: string,
  room: Room,
): Problem[] => {
  const own = lodgerOf(room, news);
  const declared = declaredOf(site, "Vm").filter(({ nodeId: at }) => at === nodeId);
  // one that this run replaces gives its ports up first
  const holders = room.lodgers.filter(
    (lodger) => lodger !== own && site.power.facts(`${nodeId}/${lodger.taskId}`)?.condemned !== true,
  );
  const used = [...holders.flatMap(portsOf), ...declared.flatMap(takenPorts)];
  const isNew = changes.some(({ field }) => field === "nodeId");
  return takenPorts(news)
    .filter(({ field }) => isNew || changes.some((change) => change.field === field))
    .flatMap((port) => {
      const holder = holders.find((lodger) => {
        const owner = ownerOf(declared, lodger);
        // one that this run moves to another port gives this one up
        const kept = owner ? takenPorts(owner) : portsOf(lodger);
        return kept.some((theirs) => clash(port, theirs)) && portsOf(lodger).some((one) => clash(port, one));
      });
      const theirs = holder && portsOf(holder).find((one) => clash(port, one));
      if (!holder || !theirs) return [];
      const taken = firstCommon(port, theirs);
      const free = port.range.first === port.range.last ? nextFree(taken, used) : undefined;
      return [
        {
          field: port.field,
          reason: `${port.name}: port ${taken} of node ${nodeId.slice(0, 8)}… is taken by your VM ${holder.taskId} (${theirs.name}): use another${free === undefined ? "" : `, such as ${free}`}, or, if this program no longer declares that VM, delete it in an up of its own first.`,
        },
      ];
    });
};
