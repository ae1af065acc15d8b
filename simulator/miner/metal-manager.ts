import { intOf, JsonObject, stringOf } from "../json";
import { signingKey } from "../signing-key";
import type { BareMetalServer } from "../world/node";
import { isFreshlySigned } from "./authority";
import { powerText } from "./metal-power";
import { generic, NodeDies, type NodeRequest, Refused, refusal } from "./request";
import type { Site } from "./site";

function refuse(text: string): never {
  throw new Refused(generic, text);
}

/** The manager obeys only its own key: the wallet is its node id (reference 8). */
export function checkOwner(site: Site, request: NodeRequest): void {
  const { credentials } = request;
  const signed = isFreshlySigned(site, credentials);
  if (credentials.wallet !== site.node.id || !signed) refuse("verify sign failed");
}

export function matching(site: Site, name: string): BareMetalServer[] {
  const servers = sorted(site.node.servers);
  if (name === "") return servers;
  const byId = servers.filter((server) => server.nodeId === name);
  return byId.length > 0 ? byId : servers.filter((server) => server.uuid === name);
}

function sorted(servers: readonly BareMetalServer[]): BareMetalServer[] {
  return [...servers].sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
}

/** POST /bare_metal of a manager: secrets are starred unless the manager's own key signed. */
export function listServers(site: Site, request: NodeRequest): string {
  const signed = isFreshlySigned(site, request.credentials) && request.credentials.wallet === site.node.id;
  const servers = matching(site, request.name);
  return serverList(site, servers, signed, servers.length === 1);
}

/** `withPower` costs a question to the machine, and is only asked of a single one. */
export function serverList(
  site: Site,
  servers: BareMetalServer[],
  signed: boolean,
  withPower: boolean,
): string {
  const items = servers.slice(0, 51).map((server) => serverText(site, server, signed, withPower));
  return `{"errcode":0, "message":{"bare_metal_nodes":[${items.join(",")}]}}`;
}

function serverText(site: Site, server: BareMetalServer, signed: boolean, single: boolean): string {
  const secret = (text: string) => (signed ? text : "*".repeat(Buffer.byteLength(text)));
  const parts = [
    `"node_id":"${server.nodeId}"`,
    `"node_private_key":"${secret(server.privateKey)}"`,
    `"uuid":"${server.uuid}"`,
    `"ip":"${server.ip}"`,
    `"os":"${server.os}"`,
    `"description":"${server.description}"`,
    `"ipmi_hostname":"${server.ipmiHostname}"`,
    `"ipmi_username":"${secret(server.ipmiUsername)}"`,
    `"ipmi_password":"${secret(server.ipmiPassword)}"`,
  ];
  if (server.ipmiPort !== "") parts.push(`"ipmi_port":${server.ipmiPort}`);
  if (single) parts.push(`"power_status":"${powerText(site, server, "status")}"`);
  if (server.deeplink !== null) {
    parts.push(`"deeplink_device_id":"${server.deeplink.deviceId}"`);
    parts.push(`"deeplink_device_password":"${secret(server.deeplink.devicePassword)}"`);
  }
  return `{${parts.join(",")}}`;
}

/** POST /bare_metal/add: each new server gets an id and a key of its own. */
export function addServers(site: Site, request: NodeRequest): string {
  const list = request.additional.get("bare_metal_nodes");
  if (list === undefined) refuse("additional bare_metal_nodes not existed");
  if (!Array.isArray(list)) refuse("additional bare_metal_nodes must be an array");
  const added = new Map<string, BareMetalServer>();
  for (const entry of list) {
    if (!(entry instanceof JsonObject)) throw new NodeDies("bare_metal_nodes");
    const server = serverFrom(site, entry);
    if (site.node.servers.some((other) => other.uuid === server.uuid))
      refuse(`bare metal node uuid ${server.uuid} already existed`);
    added.set(server.uuid, server);
  }
  if (added.size === 0) refuse("additional bare_metal_nodes is empty");
  const servers = [...added.values()].sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
  site.node.servers.push(...servers);
  const items = servers.map((server) => `{"node_id":"${server.nodeId}","uuid":"${server.uuid}"}`);
  return `{"errcode":0, "message":{"bare_metal_nodes":[${items.join(",")}]}}`;
}

/** A port that is no whole number counts as none; one out of range is refused. */
function ipmiPort(fields: JsonObject, text: string): string {
  const port = intOf(fields, "ipmi_port");
  if (port === undefined || port < 0) return "";
  if (port < 1 || port > 65535) refuse(text);
  return `${port}`;
}

function serverFrom(site: Site, fields: JsonObject): BareMetalServer {
  const uuid = stringOf(fields, "uuid");
  const port = ipmiPort(fields, `invalid ipmi port in ${uuid}`);
  const needed = ["ip", "ipmi_hostname", "ipmi_username", "ipmi_password"].map((name) =>
    stringOf(fields, name),
  );
  if (!/^[0-9A-Za-z-]+$/.test(uuid) || needed.includes("")) refuse(`bare metal node info ${uuid} invalid`);
  const [ip = "", ipmiHostname = "", ipmiUsername = "", ipmiPassword = ""] = needed;
  const seed = site.engine.dice.bytes(32);
  return {
    nodeId: signingKey(seed),
    knownAt: site.now + site.engine.profile.gossip,
    privateKey: Buffer.from(seed).toString("hex"),
    uuid,
    ip,
    os: stringOf(fields, "os"),
    description: stringOf(fields, "desc"),
    ipmiHostname,
    ipmiUsername,
    ipmiPassword,
    ipmiPort: port,
    power: "on",
    bootDevice: "none",
    deeplink: null,
    machineStatus: site.node.machineStatus,
    rentals: site.node.rentals,
  };
}

export function deleteServers(site: Site, request: NodeRequest): string {
  const list = request.additional.get("bare_metal_node_ids");
  if (list === undefined) refuse("additional bare_metal_node_ids not existed");
  if (!Array.isArray(list)) refuse("additional bare_metal_node_ids must be an array");
  if (list.some((id) => typeof id !== "string")) refuse("bare_metal_node_ids item must be a string");
  if (list.length === 0) refuse("additional bare_meta_node_ids is an empty array");
  let gone = 0;
  let last = "";
  for (const id of list) {
    const before = site.node.servers.length;
    site.node.servers = site.node.servers.filter((server) => server.nodeId !== id);
    if (site.node.servers.length < before) gone++;
    else last = `bare metal node id ${id} not existed`;
  }
  if (gone === 0) return refusal(-1, last);
  return refusal(0, `${gone} were successfully deleted, ${list.length - gone} failed`);
}

/** POST /bare_metal/modify/<node_id>: empty keeps; success says nothing at all. */
export function modifyServer(site: Site, request: NodeRequest): string {
  const server =
    site.node.servers.find((item) => item.nodeId === request.name) ?? refuse("node id not existed");
  const fields = request.additional;
  const uuid = stringOf(fields, "uuid");
  if (!/^[0-9A-Za-z-]*$/.test(uuid)) refuse("invalid uuid");
  const port = ipmiPort(fields, "invalid ipmi port");
  if (site.node.servers.some((other) => other !== server && other.uuid === uuid))
    return refusal(-1, `bare metal node uuid ${uuid} already existed`);
  server.uuid = uuid || server.uuid;
  server.ip = stringOf(fields, "ip") || server.ip;
  server.os = stringOf(fields, "os") || server.os;
  server.description = stringOf(fields, "desc") || server.description;
  server.ipmiHostname = stringOf(fields, "ipmi_hostname") || server.ipmiHostname;
  server.ipmiUsername = stringOf(fields, "ipmi_username") || server.ipmiUsername;
  server.ipmiPassword = stringOf(fields, "ipmi_password") || server.ipmiPassword;
  server.ipmiPort = port || server.ipmiPort;
  return refusal(0, "");
}
