import type { HttpReply } from "../http/message";
import { stringOf } from "../json";
import { addServers, deleteServers, matching, modifyServer, serverList } from "../miner/metal-manager";
import { NodeDies, type NodeRequest, Refused } from "../miner/request";
import type { Site } from "../miner/site";
import { isSignedBy } from "../signature";
import { invalid, type RequestBody } from "./body";
import { badUri, type Call, forward } from "./call";
import { ClientCrash, textReply } from "./reply";

/** Texts of the manager's own listener that differ from those behind a client node. */
const localTexts: Readonly<Record<string, string>> = {
  "additional bare_metal_nodes not existed": "parse json additional bare_metal_nodes failed",
  "additional bare_metal_node_ids not existed": "parse json additional bare_metal_node_ids failed",
};

/** A manager that is asked directly answers by itself; its refusals are then HTTP errors (reference 8). */
export function localMetal(call: Call, operation: string, body: RequestBody, name: string): HttpReply {
  const site = call.own;
  if (site === undefined) throw badUri("only bare metal node support");
  const { credentials } = body;
  const signedBy = (key: string) =>
    credentials.wallet === key && isSignedBy(credentials.sign, credentials.nonce, key);
  if (operation === "bare_metal.list")
    return textReply(serverList(site, matching(site, name), signedBy(site.node.id), false));
  if (operation.startsWith("deeplink.")) return localDeeplink(site, operation, body, name, signedBy(name));
  if (!signedBy(site.node.id)) throw invalid("verify sign failed");
  const { request } = forward(operation, site.node.id, body, { name });
  return textReply(managed(site, request));
}

function managed(site: Site, request: NodeRequest): string {
  try {
    switch (request.operation) {
      case "bare_metal.add":
        return addServers(site, request);
      case "bare_metal.delete":
        return spaced(deleteServers(site, request));
      default:
        return spaced(modifyServer(site, request));
    }
  } catch (error) {
    if (error instanceof NodeDies) throw new ClientCrash(error.message);
    if (!(error instanceof Refused)) throw error;
    throw invalid(localTexts[error.message] ?? error.message.replace(/^(invalid ipmi port) in .*/, "$1"));
  }
}

function spaced(text: string): string {
  return text.replace('{"errcode":', '{"errcode": ').replace(', "message":', ',"message": ');
}

function localDeeplink(
  site: Site,
  operation: string,
  body: RequestBody,
  id: string,
  signed: boolean,
): HttpReply {
  const server = site.node.servers.find((item) => item.nodeId === id);
  const deeplink = server?.deeplink ?? undefined;
  if (operation === "deeplink.set" && !signed) throw invalid("verify sign failed");
  if (deeplink === undefined) {
    const text = "deeplink service not connected";
    if (operation === "deeplink.show") throw badUri(text);
    return textReply(`{"errcode": -1,"message": "${text}"}`);
  }
  if (operation === "deeplink.set") {
    deeplink.deviceId = stringOf(body.additional, "device_id") || deeplink.deviceId;
    deeplink.devicePassword = stringOf(body.additional, "device_password") || deeplink.devicePassword;
    return textReply('{"errcode": 0,"message": "ok"}');
  }
  const password = signed ? deeplink.devicePassword : "*".repeat(deeplink.devicePassword.length);
  return textReply(
    `{"errcode":0, "message":{"device_id":"${deeplink.deviceId}","device_password":"${password}"}}`,
  );
}
