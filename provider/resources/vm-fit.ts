import type { Problem, Values } from "../core/check";
import type { Change } from "../core/diff";
import { isKnown } from "../core/unknown";
import { titleOf } from "./declarations";
import type { Site } from "./site";
import { freeIn, lodgerOf, type Room, roomOf, SIZES, type Size, UNITS } from "./vm-room";

/** What a VM of the plan takes beyond what it holds. */
interface Demand {
  readonly title: string;
  readonly more: Readonly<Partial<Record<Size, number>>>;
  readonly wanted: Readonly<Partial<Record<Size, number>>>;
}

/** By node and rental: what the plan asks for, by URN. */
const demands = new WeakMap<Site, Map<string, Map<string, Demand>>>();

const demandsAt = (site: Site, nodeId: string, rentOrder: string | undefined): Map<string, Demand> => {
  const ofSite = demands.get(site) ?? new Map<string, Map<string, Demand>>();
  demands.set(site, ofSite);
  const key = `${nodeId}/${rentOrder ?? ""}`;
  const here = ofSite.get(key) ?? new Map<string, Demand>();
  ofSite.set(key, here);
  return here;
};

const sum = (all: Iterable<Demand>, size: Size): number =>
  [...all].reduce((total, { more }) => total + (more[size] ?? 0), 0);

/** Other nodes of the program that would take a VM of these sizes. */
const elsewhere = async (
  site: Site,
  news: Values,
  nodeId: string,
  rentOrder: string | undefined,
  wanted: Demand["wanted"],
): Promise<string> => {
  const { __nodes: named } = news;
  const others = (Array.isArray(named) ? named : []).filter(
    (other): other is string => typeof other === "string" && other !== nodeId,
  );
  const fitting: string[] = [];
  for (const other of others) {
    const room = await roomOf(site, other, rentOrder);
    if (!room || "refusal" in room) continue;
    const left = (size: Size) => freeIn(room, size) - sum(demandsAt(site, other, rentOrder).values(), size);
    if (SIZES.every((size) => (wanted[size] ?? 0) <= left(size)))
      fitting.push(`${other.slice(0, 8)}… (${left("gpuCount")} GPUs free)`);
    if (fitting.length === 3) break;
  }
  return fitting.length === 0 ? "" : `; this VM would fit on node ${fitting.join(" or ")}`;
};

const demandOf = (room: Room, news: Values, changes: readonly Change[], isNew: boolean): Demand => {
  const own = lodgerOf(room, news);
  const sizes = SIZES.flatMap((size) => {
    const wanted = news[size];
    const concerned = isNew || changes.some(({ field }) => field === size);
    return concerned && typeof wanted === "number" && isKnown(wanted)
      ? [[size, wanted, wanted - Math.round(own?.detail[size] ?? 0)] as const]
      : [];
  });
  return {
    title: titleOf(typeof news.__urn === "string" ? news.__urn : ""),
    wanted: Object.fromEntries(sizes.map(([size, wanted]) => [size, wanted])),
    more: Object.fromEntries(sizes.map(([size, , more]) => [size, more])),
  };
};

/** A rental of some of a node's GPUs is given to one VM as a whole. */
const wholeOrder = ({ order, info }: Room, news: Values): Problem[] =>
  order !== undefined && order.gpuCount < info.gpu.count && news.gpuCount !== order.gpuCount
    ? [
        {
          field: "gpuCount",
          reason: `gpuCount must be ${order.gpuCount} here, not ${String(news.gpuCount)}: rental order ${order.id} holds so many GPUs of the node, and they go to a VM together.`,
        },
      ]
    : [];

/** Sizes beyond what the node has left for the plan: of this VM alone, or of all VMs of the program on it together. */
export const refuseSizes = async (
  site: Site,
  news: Values,
  changes: readonly Change[],
  place: { readonly nodeId: string; readonly rentOrder: string | undefined; readonly isNew: boolean },
  room: Room,
): Promise<Problem[]> => {
  const { nodeId, rentOrder, isNew } = place;
  const exact = isNew || changes.some(({ field }) => field === "gpuCount") ? wholeOrder(room, news) : [];
  if (exact.length > 0) return exact;
  const all = demandsAt(site, nodeId, rentOrder);
  const own = demandOf(room, news, changes, isNew);
  const urn = typeof news.__urn === "string" ? news.__urn : own.title;
  // one that is made to be off gives back what it took before others need it
  const beside = [...all].flatMap(([other, demand]) => (other === urn ? [] : [demand]));
  const together = [...beside, own];
  const short = SIZES.filter((size) => (own.more[size] ?? 0) > 0 && sum(together, size) > freeIn(room, size));
  if (short.length === 0) {
    if (news.powerState !== "stopped") all.set(urn, own);
    return [];
  }
  const other = await elsewhere(site, news, nodeId, rentOrder, own.wanted);
  const node = `node ${nodeId.slice(0, 8)}…`;
  return short.map((size) => {
    const free = Math.max(0, freeIn(room, size));
    const [wanted, more] = [own.wanted[size] ?? 0, own.more[size] ?? 0];
    // what it holds itself counts as free for it
    const most = Math.max(0, Math.floor(free + wanted - more - sum(beside, size)));
    const remedy =
      most > 0
        ? `ask for at most ${most} here`
        : "free some by powering off or deleting another VM of this node in an up of its own";
    if (more > free)
      return {
        field: size,
        reason: `${size}: ${wanted} is more than ${node} has free (${free + wanted - more} ${UNITS[size]}): ${remedy}${other}.`,
      };
    const shares = together
      .filter((demand) => (demand.more[size] ?? 0) > 0)
      .map((demand) => `"${demand.title}" ${demand.more[size]}`);
    return {
      field: size,
      reason: `${size}: the VMs of this program ask ${node} for ${sum(together, size)} ${UNITS[size]} together (${shares.join(", ")}), and it has ${free} free: ${remedy}${other}.`,
    };
  });
};
