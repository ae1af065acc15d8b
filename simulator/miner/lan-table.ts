import type { NodeState } from "../world/node";
import type { Task } from "../world/task";
import type { Lan } from "../world/world";
import { business, Refused } from "./request";
import type { Site } from "./site";

/** LANs that a node knows: those of its room (reference 6). */
export function lansOf(site: Site): Lan[] {
  return site.engine.world.lans
    .filter((lan) => lan.room === site.node.room)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function lanNamed(site: Site, name: string): Lan | undefined {
  return lansOf(site).find((lan) => lan.name === name);
}

export function useLan(site: Site, name: string): void {
  if (lanNamed(site, name) === undefined) throw new Refused(business, "can not find network info");
}

export function joinLan(site: Site, task: Task): void {
  const lan = task.network === "" ? undefined : lanNamed(site, task.network);
  if (lan === undefined) return;
  lan.members.push(task.id);
  lan.lastUsedAt = site.now;
}

export function leaveLan(site: Site, task: Task): void {
  const lan = task.network === "" ? undefined : lanNamed(site, task.network);
  if (lan === undefined) return;
  lan.members = lan.members.filter((member) => member !== task.id);
  lan.lastUsedAt = site.now;
}

/** What the node's bridge of a LAN is called. */
export function bridgeOf(name: string): string {
  return `br${name}`;
}

/** 1: the LAN's bridge is on this node; 2: so is its DHCP server. */
export function nativeFlags(lan: Lan, node: NodeState): number {
  if (lan.machineId === node.id) return 3;
  return Object.values(node.tasks).some((task) => task.network === lan.name) ? 1 : 0;
}
