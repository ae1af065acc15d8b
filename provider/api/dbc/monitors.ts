/** Calls about where a node sends its figures: `/monitor`. */
import * as z from "zod";
import { toMonitorServers } from "./domain";
import * as field from "./fields";
import { atNode, type Call, check } from "./requests";
import * as wire from "./wire";

export const getMonitorServers = (node: string): Call<string[]> => {
  const { nodeId, what } = atNode("read the monitor servers of", node);
  return {
    operation: "list monitor server",
    nodeId,
    what,
    path: "/monitor",
    write: false,
    additional: {},
    needsAuthority: true,
    answer: wire.MonitorServersAnswer.transform(toMonitorServers),
  };
};

const New = z.object({ servers: z.array(field.monitorServer).max(2, "must be at most 2") });

/** Replaces the whole list; an empty one clears it. */
export const setMonitorServers = (node: string, list: readonly string[]): Call<undefined> => {
  const { nodeId, what } = atNode("set the monitor servers of", node);
  const { servers } = check(what, New, { servers: list });
  return {
    operation: "set monitor server",
    nodeId,
    what,
    path: "/monitor/set",
    write: true,
    additional: { servers },
    needsAuthority: true,
    answer: wire.AcceptedAnswer.transform(() => undefined),
  };
};
