import { stringOf } from "../json";
import type { BareMetalServer } from "../world/node";
import { business, generic, type NodeRequest, Refused, refusal } from "./request";
import type { Site } from "./site";

/** What ipmitool prints, and does. */
export function powerText(_site: Site, server: BareMetalServer, command: string): string {
  switch (command) {
    case "on":
      server.power = "on";
      return "Chassis Power Control: Up/On";
    case "off":
      server.power = "off";
      return "Chassis Power Control: Down/Off";
    case "reset":
      return "Chassis Power Control: Reset";
    default:
      return `Chassis Power is ${server.power}`;
  }
}

/** POST /bare_metal/power; switching clears the remote-control password (reference 8). */
export function controlPower(site: Site, request: NodeRequest, server: BareMetalServer): string {
  const command = stringOf(request.additional, "command");
  if (!["status", "on", "off", "reset"].includes(command)) throw new Refused(generic, "invalid command");
  if (server.deeplink !== null && (command === "on" || command === "off"))
    server.deeplink.devicePassword = "";
  return refusal(0, powerText(site, server, command));
}

/** POST /bare_metal/bootdev: always says that it failed, although it was done (reference 8). */
export function setBootDevice(_site: Site, request: NodeRequest, server: BareMetalServer): string {
  const device = stringOf(request.additional, "device");
  if (!["none", "pxe", "cdrom", "disk", "bios"].includes(device))
    throw new Refused(generic, "invalid device");
  server.bootDevice = device;
  throw new Refused(generic, "bare metal client not existed");
}

/** What a renter gets to know of his server. */
export function showOwnServer(site: Site, server: BareMetalServer): string {
  const parts = [
    `"version":"${site.node.version}"`,
    `"ip":"${server.ip}"`,
    `"os":"${server.os}"`,
    `"description":"${server.description}"`,
    `"power_status":"${powerText(site, server, "status")}"`,
  ];
  if (server.deeplink !== null) {
    parts.push(`"deeplink_device_id":"${server.deeplink.deviceId}"`);
    parts.push(`"deeplink_device_password":"${server.deeplink.devicePassword}"`);
  }
  return `{"errcode":0, "message":{${parts.join(",")}}}`;
}

export function showDeeplink(_site: Site, _request: NodeRequest, server: BareMetalServer): string {
  if (server.deeplink === null) throw new Refused(business, "deeplink service not connected");
  const { deviceId, devicePassword } = server.deeplink;
  return `{"errcode":0, "message":{"device_id":"${deviceId}","device_password":"${devicePassword}"}}`;
}

export function setDeeplink(_site: Site, request: NodeRequest, server: BareMetalServer): string {
  const deviceId = stringOf(request.additional, "device_id");
  const devicePassword = stringOf(request.additional, "device_password");
  if (deviceId === "" && devicePassword === "") throw new Refused(generic, "invalid device");
  if (server.deeplink === null) throw new Refused(generic, "deeplink service not connected");
  server.deeplink.deviceId = deviceId || server.deeplink.deviceId;
  server.deeplink.devicePassword = devicePassword || server.deeplink.devicePassword;
  return refusal(0, "ok");
}
