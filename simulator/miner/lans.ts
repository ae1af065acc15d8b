import { isIPv4, isIPv6 } from "node:net";
import { stringOf } from "../json";
import { wallTime } from "../size";
import { lanRange } from "../world/seed";
import type { Lan } from "../world/world";
import type { Authority } from "./authority";
import { lanNamed, lansOf, nativeFlags } from "./lan-table";
import { generic, NodeDies, type NodeRequest, okay, Refused } from "./request";
import type { Site } from "./site";

function refuse(text: string): never {
  throw new Refused(generic, text);
}

/** One LAN as the API writes it; `flags` are the view of the node that is asked. */
export function lanText(lan: Lan, flags: number): string {
  const fields: [string, string][] = [
    ["network_name", lan.name],
    ["bridge_name", `br${lan.name}`],
    ["vxlan_name", `vx${lan.name}`],
    ["vxlan_vni", lan.vni],
    ["ip_cidr", lan.cidr],
    ["ip_start", lan.start],
    ["ip_end", lan.end],
    ["dhcp_interface", lan.dhcpInterface],
    ["machine_id", lan.machineId],
    ["rent_wallet", lan.wallet],
  ];
  const head = fields.map(([name, value]) => `"${name}":"${value}"`).join(",");
  const members = lan.members.map((member) => `"${member}"`).join(",");
  return `{${head},"members":[${members}],"lastUseTime":"${wallTime(lan.lastUsedAt)}","native_flags":"${flags}"}`;
}

/** POST /lan[/<name>] of a node; nobody is asked who he is (reference 6). */
export function listLans(site: Site, request: NodeRequest): string {
  if (request.name === "") {
    const items = lansOf(site)
      .slice(0, 31)
      .map((lan) => lanText(lan, nativeFlags(lan, site.node)));
    return `{"errcode":0, "message":[${items.join(",")}]}`;
  }
  const lan = lanNamed(site, request.name) ?? refuse("network name not exist");
  return `{"errcode":0, "message":${lanText(lan, nativeFlags(lan, site.node))}}`;
}

export function createLan(site: Site, request: NodeRequest, authority: Authority): string {
  const name = stringOf(request.additional, "network_name");
  const cidr = stringOf(request.additional, "ip_cidr");
  if (name === "") refuse("network name can not be empty");
  if (!/^[0-9A-Za-z]{6,10}$/.test(name))
    refuse("network name requires a combination of 6 to 10 letters or numbers");
  if (lanNamed(site, name) !== undefined) refuse("network name already existed");
  if (cidr === "") refuse("ip cidr can not be empty");
  if (cidr.includes("192.168.122.")) refuse("ip cidr already exist");
  const parts = cidr.split("/").filter((part) => part !== "");
  if (parts.length !== 2) refuse("invalid ip cidr");
  const [address = ""] = parts;
  if (isIPv6(address)) refuse("invalid ip cidr");
  if (!isIPv4(address)) throw new NodeDies(`ip_cidr ${cidr}`);
  const { dice, faults } = site.engine;
  const failure = faults.strike(["lan-error"], { operation: "lan.create", nodeId: site.node.id, taskId: "" });
  if (failure !== undefined) refuse(failure.message ?? "create vxlan failed");
  const range = lanRange(cidr) ?? { start: address, end: address };
  site.engine.world.lans.push({
    name,
    room: site.node.room,
    machineId: site.node.id,
    wallet: authority.wallet,
    vni: `${1 + dice.below(10_000)}`,
    cidr,
    ...range,
    dhcpInterface: `tap${dice.text(10, "abcdefghijklmnopqrstuvwxyz0123456789")}`,
    members: [],
    lastUsedAt: site.now,
  });
  scheduleReaping(site);
  return okay;
}

export function deleteLan(site: Site, request: NodeRequest, authority: Authority): string {
  const lan = lanNamed(site, request.name) ?? refuse("network name not exist");
  if (lan.wallet !== authority.wallet) refuse("wallet error, you are not the owner of the network");
  if (lan.members.length > 0) refuse("network is in used, please delete task in the network first");
  drop(site, lan);
  return okay;
}

function drop(site: Site, lan: Lan): void {
  site.engine.world.lans = site.engine.world.lans.filter((other) => other !== lan);
}

const unusedFor = 3 * 24 * 3_600_000;
const reapEvery = 120_000;

/** A LAN without members is removed by the node that made it after three days (reference 6). */
export function scheduleReaping(site: Site): void {
  const own = lansOf(site).filter((lan) => lan.machineId === site.node.id);
  const next =
    own.length === 0
      ? undefined
      : Math.max(site.now + 1, Math.min(...own.map((lan) => lan.lastUsedAt)) + unusedFor) + reapEvery;
  site.engine.schedule(`lans ${site.node.id}`, next, () => {
    site.engine.node(site.node.id);
    for (const lan of lansOf(site))
      if (lan.machineId === site.node.id && lan.members.length === 0 && site.now - lan.lastUsedAt > unusedFor)
        drop(site, lan);
    scheduleReaping(site);
    site.engine.saveSoon();
  });
}
