import * as z from "zod";
import { DURATION } from "../core/duration";
import { field, flag, nodeId, text } from "../core/fields";
import type { ArgsOf } from "../core/resource";
import { defineHolder } from "./holds";
import { createLan, readLan, rememberLan } from "./lan-apply";
import { deleteLan } from "./lan-delete";
import { rangeOf } from "./lan-range";
import { derive, overlapping, rules } from "./lan-rules";
import { thingOf } from "./lan-state";
import { refuseLegacy } from "./legacy";

const CREATE = "POST /lan/create";

const duration = text(DURATION, 'a duration such as "90s" or "1h30m"').optional();

/** Arguments of a LAN. */
export const lanShape = {
  nodeId: field(
    { cost: "replace", wire: "peer_nodes_list", source: CREATE },
    nodeId().describe("Rented node that the LAN is made on; all nodes of its machine room know it then."),
  ),
  name: field(
    { cost: "replace", wire: "network_name", source: CREATE },
    text(/^[A-Za-z0-9]{6,10}$/, "6 to 10 letters or digits")
      .optional()
      .describe(
        "Name of the LAN, unique in the machine room: what a `Vm` takes as `lan`. Made up unless given.",
      ),
  ),
  cidr: field(
    { cost: "replace", wire: "ip_cidr", source: CREATE },
    z
      .string({ error: 'must be a range of addresses such as "10.0.0.0/24"' })
      .refine((cidr) => rangeOf(cidr) !== undefined, {
        error: 'must be a range of addresses such as "10.0.0.0/24"',
        abort: true,
      })
      .refine((cidr) => /\/([89]|1\d|2\d)$/.test(cidr), { error: "must have a length from /8 to /29" })
      .describe("Range of its addresses, handed out by DHCP."),
  ),
  adopt: field(
    { cost: "stateOnly" },
    flag().default(false).describe("Takes over a LAN of this name that exists."),
  ),
  rentOrder: field(
    { cost: "stateOnly", wire: "rent_order", source: CREATE },
    text(/^\d{1,20}$/, "the number of a rental order")
      .optional()
      .describe("Per-GPU rental order that the node is asked under."),
  ),
  timeouts: field(
    { cost: "stateOnly" },
    z
      .strictObject(
        { create: duration, update: duration, delete: duration },
        { error: "must be an object { create?, update?, delete? }" },
      )
      .optional()
      .describe(
        "Deadlines: 2 m unless given; a delete waits 20 m for VMs that the same run deletes. Filled from `customTimeouts`.",
      ),
  ),
} as const;

/** Arguments of a LAN as a user may write them. */
export type LanGiven = z.input<z.ZodObject<typeof lanShape>>;

/** Checked arguments of a LAN. */
export type LanArgs = ArgsOf<typeof lanShape>;

/** A private network of VMs in one machine room. */
export const lan = defineHolder<typeof lanShape>(thingOf, {
  kind: "Lan",
  schemaVersion: 1,
  shape: lanShape,
  // the new one has the same name, and the VMs on the old one have to leave it first
  deleteBeforeReplace: true,
  derive,
  rules,
  declared: overlapping,
  preflight: (site, { nodeId }) => refuseLegacy(site, nodeId, "nodeId", "a Lan"),
  create: createLan,
  read: readLan,
  update: rememberLan,
  delete: deleteLan,
});
