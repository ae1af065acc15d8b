import type * as z from "zod";
import type { Problem, Values } from "../core/check";
import { field, flag, list, nodeId, text } from "../core/fields";
import type { ArgsOf } from "../core/resource";
import { isKnown } from "../core/unknown";
import { declareBeside } from "./declarations";
import { defineHolder } from "./holds";
import { refuseLegacy } from "./legacy";
import {
  createMonitorServers,
  deleteMonitorServers,
  readMonitorServers,
  updateMonitorServers,
} from "./monitor-servers-apply";
import { thingOf } from "./monitor-servers-state";
import { rentOrderField } from "./transfer-fields";

const SET = "POST /monitor/set";

const SERVER = "a server and port such as zabbix.example.com:10051";

/** Arguments of a node's monitor servers. */
export const monitorServersShape = {
  nodeId: field(
    { cost: "replace", wire: "peer_nodes_list", source: SET },
    nodeId().describe("Rented node that sends the figures."),
  ),
  servers: field(
    { cost: "live", wire: "servers", source: SET },
    list(
      text(/^[0-9A-Za-z](?:[0-9A-Za-z.-]{0,251}[0-9A-Za-z])?:\d{1,5}$/, SERVER).refine(
        (server) => {
          const port = Number(/:(\d{1,5})$/.exec(server)?.[1] ?? 1); // without one, the pattern says so
          return port >= 1 && port <= 65_535;
        },
        { error: "must have a port from 1 to 65535" },
      ),
    )
      .min(1, { error: "must name one server or two; without any, leave the resource out" })
      .max(2, { error: "must name at most two servers, which is all that a node takes" })
      .describe(
        "One or two Zabbix servers, as `host:port` (host name or IPv4), that the node sends figures of this account's VMs to, every 30 s.",
      ),
  ),
  adopt: field(
    { cost: "stateOnly" },
    flag().default(false).describe("Puts this list in the place of one that is there already."),
  ),
  rentOrder: rentOrderField(SET),
} as const;

/** Arguments of a node's monitor servers as a user may write them. */
export type MonitorServersGiven = z.input<z.ZodObject<typeof monitorServersShape>>;

/** Checked arguments of a node's monitor servers. */
export type MonitorServersArgs = ArgsOf<typeof monitorServersShape>;

const rules = ({ servers }: Values): Problem[] =>
  isKnown(servers) && Array.isArray(servers) && servers.length === 2 && servers[0] === servers[1]
    ? [{ field: "servers", reason: `servers names ${String(servers[0])} twice: name it once.` }]
    : [];

/** An account has one list on a node: a second resource for it would undo what the first does. */
const twice = (plan: object, values: Values): Problem[] => {
  const { nodeId: node } = values;
  const others = declareBeside(plan, "MonitorServers", values);
  const other = isKnown(node) ? others.find(({ values: theirs }) => theirs.nodeId === node) : undefined;
  return other === undefined
    ? []
    : [
        {
          field: "nodeId",
          reason: `nodeId is that of the MonitorServers "${other.title}" too: an account has one list on a node, so name all servers there.`,
        },
      ];
};

/** Where a node sends figures of one account's VMs. */
export const monitorServers = defineHolder<typeof monitorServersShape>(thingOf, {
  kind: "MonitorServers",
  schemaVersion: 1,
  shape: monitorServersShape,
  // on another node it is another list: both may stand for a moment
  deleteBeforeReplace: false,
  rules,
  declared: twice,
  preflight: (site, { nodeId: node }) => refuseLegacy(site, node, "nodeId", "MonitorServers"),
  create: createMonitorServers,
  read: readMonitorServers,
  update: updateMonitorServers,
  delete: deleteMonitorServers,
});
