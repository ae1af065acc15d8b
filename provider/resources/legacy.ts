import type { Problem, Values } from "../core/check";
import type { Change } from "../core/diff";
import { UserError } from "../core/errors";
import { isKnown } from "../core/unknown";
import { nodeName } from "./asking";
import type { Site } from "./site";

/** Whether a node is of the older generation, as far as can be told now. */
export const isLegacyNode = async (site: Site, nodeId: unknown): Promise<boolean> => {
  if (typeof nodeId !== "string" || !isKnown(nodeId)) return false;
  // what can't be asked now is asked again before anything is sent
  return (await site.asking.ask(nodeName(nodeId), () => site.client.generation(nodeId))) === "legacy";
};

/** "node 58fb618a… is of the older generation of the API (before 0.3.9.8)" */
export const olderNode = (nodeId: unknown): string =>
  `node ${String(nodeId).slice(0, 8)}… is of the older generation of the API (before 0.3.9.8)`;

/** Whether the user wrote something for a field. */
export const isGiven = (values: Values, field: string): boolean =>
  values[field] !== undefined && values[field] !== null && values[field] !== "";

/** A field that nodes of the older generation have no word for. */
export const lacking = (
  values: Values,
  field: string,
  remedy: string,
  nodeId: unknown = values.nodeId,
): Problem[] =>
  isGiven(values, field)
    ? [{ field, reason: `${field} can't be used here: ${olderNode(nodeId)}; ${remedy}.` }]
    : [];

/** A resource that nodes of the older generation have no calls for. */
export const refuseLegacy = async (
  site: Site,
  nodeId: unknown,
  field: string,
  what: string,
): Promise<Problem[]> =>
  (await isLegacyNode(site, nodeId))
    ? [
        {
          field,
          reason: `${what} can't be made here (${field}): ${olderNode(nodeId)}, which has no calls for it.`,
        },
      ]
    : [];

/** The node in a VM's id, as far as it is known. */
export const vmNode = (vmId: unknown): unknown =>
  typeof vmId === "string" && isKnown(vmId) ? vmId.split("/")[0] : undefined;

type Preflight = (site: Site, news: Values, changes: readonly Change[]) => Promise<Problem[]>;

/** What a current node can't do without an image server is a mistake; nodes of old have none, but one centre. */
export const MISSING_SERVER =
  "imageServer is missing: it must be the id of an image server; getImageServers lists them.";

/** A preflight that depends on the generation of the node at `nodeOf`. */
export const preflightBy =
  (nodeOf: (news: Values) => unknown, current: Preflight, older: Preflight): Preflight =>
  async (site, news, changes) => {
    if (await isLegacyNode(site, nodeOf(news))) return older(site, news, changes);
    if (news.imageServer === "") return [{ field: "imageServer", reason: MISSING_SERVER }];
    return current(site, news, changes);
  };

/** For the start of a create: whether the node is an older one; a current one needs an image server. */
export const isOlderFor = async (site: Site, nodeId: string, imageServer: string): Promise<boolean> => {
  if ((await site.client.generation(nodeId)) === "legacy") return true;
  if (imageServer === "") throw new UserError(MISSING_SERVER);
  return false;
};
