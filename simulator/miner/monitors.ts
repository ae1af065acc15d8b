import type { Authority } from "./authority";
import { business, isString, type NodeRequest, okay, Refused } from "./request";
import type { Site } from "./site";

/** POST /monitor: where the node sends its figures, kept per wallet (reference 7). */
export function listMonitors(site: Site, _request: NodeRequest, authority: Authority): string {
  const servers = (site.node.monitors[authority.wallet] ?? []).map((server) => `"${server}"`);
  return `{"errcode":0, "message":{"servers":[${servers.join(",")}]}}`;
}

/** POST /monitor/set: a missing list changes nothing and is no error. */
export function setMonitors(site: Site, request: NodeRequest, authority: Authority): string {
  const servers = request.additional.get("servers");
  if (servers === undefined) return okay;
  if (!Array.isArray(servers)) throw new Refused(business, "servers must be an array");
  if (servers.length > 2) throw new Refused(business, "can not enter more than two servers");
  const good = servers.filter(isString).map((server) => {
    const parts = server.split(":").filter((part) => part !== "");
    if (parts.length !== 2) throw new Refused(business, "server not match format ip:port");
    return parts.join(":");
  });
  site.node.monitors[authority.wallet] = good;
  return okay;
}
