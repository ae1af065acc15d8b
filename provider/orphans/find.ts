import { sentence } from "../core/errors";
import type { Site } from "../resources/site";
import type { Owned } from "./state";
import { surveyNode, surveyRegion } from "./survey";
import { isOrphan, type Thing } from "./thing";

/** Where to look instead of wherever the states have something. */
export interface Places {
  readonly nodes: readonly string[];
  readonly rentOrders: readonly string[];
  readonly regions: readonly string[];
}

/** What came of a search. */
export interface Findings {
  readonly orphans: readonly Thing[];
  /** All that was looked at, whether it carries a mark or not. */
  readonly seen: readonly Thing[];
  readonly looked: readonly string[];
  /** Where nothing could be learnt, and why: nothing is known of what is there. */
  readonly failed: readonly { readonly place: string; readonly reason: string }[];
}

/** The places that were named, or else those in which a state has something. */
const placesOf = ({ nodes, rentOrders, regions }: Places, owned: Owned): Places => {
  if (nodes.length > 0 || regions.length > 0) return { nodes, rentOrders, regions };
  return { nodes: [...owned.nodes.keys()], rentOrders, regions: [...owned.regions] };
};

/** Looks for what carries our mark and belongs to no state, place by place; one that fails keeps no other from it. */
export const findOrphans = async (
  site: Site,
  owned: Owned,
  given: Places,
  wallet: string | undefined,
): Promise<Findings> => {
  const { nodes, rentOrders, regions } = placesOf(given, owned);
  const looks: readonly (readonly [string, () => Promise<Thing[]>])[] = [
    ...nodes.map((nodeId) => {
      const orders = new Set([...(owned.nodes.get(nodeId) ?? [undefined]), ...rentOrders]);
      return [`node ${nodeId}`, () => surveyNode(site, { nodeId, rentOrders: [...orders] }, wallet)] as const;
    }),
    ...regions.map((region) => [`region ${region}`, () => surveyRegion(site, region)] as const),
  ];
  const seen: Thing[] = [];
  const looked: string[] = [];
  const failed: { place: string; reason: string }[] = [];
  for (const [place, look] of looks)
    try {
      seen.push(...(await look()));
      looked.push(place);
    } catch (error) {
      failed.push({ place, reason: sentence(error) });
    }
  return { orphans: seen.filter((thing) => isOrphan(thing, owned)), seen, looked, failed };
};
