import type { HttpReply } from "../http/message";
import { isForLegacy, legacyRoute } from "../legacy/routes";
import type { Call } from "./call";
import { imageRoute } from "./image-routes";
import { lanRoute } from "./lan-routes";
import { deeplinkRoute, metalRoute } from "./metal-routes";
import { type Found, nodeRoute, peerRoute, rentOrderRoute } from "./node-routes";
import {
  badRequest,
  ClientRefusal,
  internalError,
  invalidRequest,
  methodNotFound,
  notFound,
  prettyReply,
  responseError,
} from "./reply";
import { taskRoute } from "./task-routes";
import { type Group, groups, prefix } from "./uri";
import { diskRoute, monitorRoute, snapshotRoute } from "./vm-part-routes";

const routes: Readonly<Record<Group, (call: Call) => Found | undefined>> = {
  "/tasks": taskRoute,
  "/images": imageRoute,
  "/snapshot": snapshotRoute,
  "/disk": diskRoute,
  "/mining_nodes": nodeRoute,
  "/peers": peerRoute,
  // Their bodies are commented out in the node: nobody answers (reference 1.8).
  "/stat": () => undefined,
  "/config": () => undefined,
  "/monitor": monitorRoute,
  "/lan": lanRoute,
  "/bare_metal": metalRoute,
  "/deeplink": deeplinkRoute,
  "/rent_orders": rentOrderRoute,
};

function version(call: Call): HttpReply {
  return prettyReply(200, 0, { client_version: call.world.client.version });
}

/** Finds the route of a request by plain text prefix (reference 0.2). */
export function findRoute(bytes: string, callWith: (path: string) => Call): Found {
  const uri = Buffer.from(bytes, "latin1").toString("utf8");
  if (!uri.startsWith(prefix))
    throw new ClientRefusal(badRequest, invalidRequest, `request uri is invalid, uri:${uri}`);
  if (uri === `${prefix}/`) return { operation: "version", run: () => version(callWith("")) };
  const group = groups.find((name) => uri.startsWith(prefix + name));
  if (group === undefined) throw new ClientRefusal(notFound, methodNotFound, `not support uri:${uri}`);
  const call = callWith(uri.slice(prefix.length + group.length));
  const found = isForLegacy(call) ? legacyRoute(group, call) : routes[group](call);
  if (found === undefined) throw new ClientRefusal(internalError, responseError, "Unhandled request");
  return found;
}
