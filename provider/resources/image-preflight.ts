import type { Problem, Values } from "../core/check";
import type { Change } from "../core/diff";
import { isKnown } from "../core/unknown";
import type { Site } from "./site";

/** One question does for a whole plan. */
const ASK_EVERY_MS = 60_000;

const asked = new WeakMap<Site, { readonly at: number; readonly servers: Promise<string[]> }>();

const serversOf = (site: Site): Promise<string[]> => {
  const now = site.effects.clock.now();
  const known = asked.get(site);
  if (known && now - known.at < ASK_EVERY_MS) return known.servers;
  const servers = site.client.listImageServers();
  asked.set(site, { at: now, servers });
  servers.catch(() => asked.delete(site));
  return servers;
};

/** For `preflight`: an image server that the client node is not configured with, for creates and when it changes. */
export const refuseServer = async (
  site: Site,
  { imageServer }: Values,
  changes: readonly Change[],
): Promise<Problem[]> => {
  if (typeof imageServer !== "string" || !isKnown(imageServer)) return [];
  if (!changes.some(({ field }) => field === "imageServer")) return [];
  const servers = await site.asking.ask("the client node", () => serversOf(site));
  if (servers === undefined || servers.includes(imageServer)) return [];
  const others =
    servers.length === 0
      ? "it is configured with none"
      : `it knows ${servers.map((server) => `"${server}"`).join(", ")}`;
  return [
    {
      field: "imageServer",
      reason: `imageServer must be one that the client node knows, not "${imageServer}": ${others}.`,
    },
  ];
};
