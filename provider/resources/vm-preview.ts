import type { Problem, Values } from "../core/check";
import type { Change } from "../core/diff";
import { isRemote, sentence } from "../core/errors";
import { isKnown } from "../core/unknown";
import { nodeName } from "./asking";
import { declaredOf } from "./declarations";
import { isLegacyNode } from "./legacy";
import type { Site } from "./site";
import { refuseSizes } from "./vm-fit";
import { legacyVmPreflight } from "./vm-legacy-rules";
import { refusePorts } from "./vm-ports";
import { unevenCores } from "./vm-preflight";
import { type Room, roomOf } from "./vm-room";

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

/** Whether the program brings an image of this name to the node. */
const isBrought = (site: Site, nodeId: string, name: string): boolean =>
  declaredOf(site, "Image").some((image) => image.nodeId === nodeId && image.name === name);

/**
 * Images that a node lists: those based on another one only where an image server has them too, so that each server is
 * asked about before one counts as missing.
 */
const listedImages = async (site: Site, nodeId: string, rentOrder: string | undefined): Promise<string[]> => {
  const servers = await site.client.listImageServers();
  const lists = [await site.nodeImages(nodeId, { own: true, rentOrder }).fresh()];
  for (const imageServer of servers)
    lists.push(await site.nodeImages(nodeId, { imageServer, rentOrder }).recent(60_000));
  return [...new Set(lists.flat().map(({ name }) => name))];
};

const refuseImage = async (
  site: Site,
  { image }: Values,
  nodeId: string,
  rentOrder: string | undefined,
  room: Room,
): Promise<Problem[]> => {
  if (typeof image !== "string" || !isKnown(image)) return [];
  // the node lists none with such a name, and none that a running VM has as its disk
  if (image.includes("data") || room.info.images.some(({ name }) => name === image)) return [];
  if (isBrought(site, nodeId, image)) return [];
  const there = await site.asking.ask(nodeName(nodeId), () => listedImages(site, nodeId, rentOrder));
  if (there === undefined || there.includes(image)) return [];
  const choice =
    there.length === 0
      ? "it has none"
      : `it has ${quoted(there.slice(0, 8))}${there.length > 8 ? " and more" : ""}`;
  return [
    {
      field: "image",
      reason: `image: ${nodeName(nodeId)} has no image "${image}" (${choice}): use one of them, or bring it there with an Image and pass that one's name.`,
    },
  ];
};

const refuseLan = async (site: Site, { lan }: Values, nodeId: string): Promise<Problem[]> => {
  if (typeof lan !== "string" || !isKnown(lan)) return [];
  if (declaredOf(site, "Lan").some(({ name }) => name === lan)) return [];
  const known = await site.asking.ask(nodeName(nodeId), async () => {
    try {
      await site.client.getLan(nodeId, lan);
      return undefined;
    } catch (error) {
      if (!isRemote(error, "not-found")) throw error;
      return site.client.listLans(nodeId);
    }
  });
  if (known === undefined) return [];
  const choice = known.length === 0 ? "it knows none" : `it knows ${quoted(known.map(({ name }) => name))}`;
  return [
    {
      field: "lan",
      reason: `lan: ${nodeName(nodeId)} knows no LAN "${lan}" (${choice}): mend the name, or make a Lan in its machine room and pass that one's name.`,
    },
  ];
};

/** The data disk is made with the VM: no larger than what is free for it. */
const refuseDisk = ({ dataDiskGib, dataFile }: Values, nodeId: string, { info }: Room): Problem[] => {
  const free = info.disks.find(({ path }) => path === "/data")?.freeGib;
  return typeof dataDiskGib === "number" && dataFile === undefined && free !== undefined && dataDiskGib > free
    ? [
        {
          field: "dataDiskGib",
          reason: `dataDiskGib: ${dataDiskGib} is more than ${nodeName(nodeId)} has free in /data (${Math.floor(free)} GiB): ask for at most that, or free some.`,
        },
      ]
    : [];
};

/** What the node would say of a VM only while it is made or changed. */
export const vmPreflight = async (
  site: Site,
  news: Values,
  changes: readonly Change[],
): Promise<Problem[]> => {
  const { nodeId, adoptTaskId } = news;
  if (typeof nodeId !== "string" || !isKnown(nodeId)) return [];
  if (await isLegacyNode(site, nodeId)) return legacyVmPreflight(site, news, changes);
  const isNew = changes.some(({ cost }) => cost === "replace");
  // one that is taken over is there already, and what only the state holds asks nothing of the node
  if (isNew ? adoptTaskId !== undefined : changes.every(({ cost }) => cost === "stateOnly")) return [];
  const rentOrder = typeof news.rentOrder === "string" ? news.rentOrder : site.rentOrder;
  if (!isKnown(rentOrder) && rentOrder !== undefined) return [];
  const room = await roomOf(site, nodeId, rentOrder);
  if (room === undefined) return [];
  // what exists is told of it by the step itself
  if ("refusal" in room) return isNew ? [{ field: "nodeId", reason: sentence(room.refusal) }] : [];
  const problems = [
    ...(isNew || changes.some(({ field }) => field === "cpuCores") ? unevenCores(room.info, news) : []),
    ...refusePorts(site, news, changes, nodeId, room),
  ];
  if (isNew)
    problems.push(
      ...refuseDisk(news, nodeId, room),
      ...(news.bios === "pxe" ? [] : await refuseImage(site, news, nodeId, rentOrder, room)),
      ...(await refuseLan(site, news, nodeId)),
    );
  return [...(await refuseSizes(site, news, changes, { nodeId, rentOrder, isNew }, room)), ...problems];
};
