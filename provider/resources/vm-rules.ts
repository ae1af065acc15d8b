import type { Problem, Values } from "../core/check";
import { isKnown, isUnknown } from "../core/unknown";
import { type Range, rangeOf } from "./port-range";

/** Firmware that fits the guest, unless given. */
export const derive = (values: Values): Values =>
  values.bios === undefined && isKnown(values.os)
    ? { ...values, bios: values.os === "windows" ? "uefi" : "legacy" }
    : values;

/** A port of the node, or several, that a VM takes, and the field that asks for it. */
export interface HostPort {
  readonly field: string;
  readonly name: string;
  readonly range: Range;
  readonly tcp: boolean;
  readonly udp: boolean;
}

/** Ports of the node that the VM takes. */
export const hostPorts = (values: Values): HostPort[] => {
  const single = ["sshPort", "rdpPort", "vncPort"].flatMap((field) => {
    const range = rangeOf(values[field]);
    return range ? [{ field, name: field, range, tcp: true, udp: false }] : [];
  });
  const maps = Array.isArray(values.portMaps) ? values.portMaps : [];
  return [
    ...single,
    ...maps.flatMap((map: unknown, index) => {
      const { host, protocol } = (typeof map === "object" && map !== null ? map : {}) as Values;
      const range = rangeOf(host);
      return range
        ? [
            {
              field: "portMaps",
              name: `portMaps[${index}]`,
              range,
              tcp: protocol !== "udp",
              udp: protocol !== "tcp",
            },
          ]
        : [];
    }),
  ];
};

/** Whether two ask for the same port of the node. */
export const clash = (one: HostPort, other: HostPort): boolean =>
  ((one.tcp && other.tcp) || (one.udp && other.udp)) &&
  one.range.first <= other.range.last &&
  other.range.first <= one.range.last;

/** The first port that both ask for. */
export const firstCommon = (one: HostPort, other: HostPort): number =>
  Math.max(one.range.first, other.range.first);

const clashes = (values: Values): Problem[] => {
  const ports = hostPorts(values);
  return ports.flatMap((one, index) =>
    ports
      .slice(index + 1)
      .filter((other) => clash(one, other))
      .map((other) => ({
        field: other.field,
        reason: `${one.name} and ${other.name} ask for the same port of the node (${firstCommon(one, other)}): give each its own.`,
      })),
  );
};

const unequalRanges = (values: Values): Problem[] =>
  (Array.isArray(values.portMaps) ? values.portMaps : []).flatMap((map: unknown, index) => {
    const { host, guest } = (typeof map === "object" && map !== null ? map : {}) as Values;
    const [outer, inner] = [rangeOf(host), rangeOf(guest)];
    if (outer && outer.first > outer.last)
      return [{ field: "portMaps", reason: `portMaps[${index}].host ends before it begins.` }];
    if (outer && inner && outer.last - outer.first !== inner.last - inner.first)
      return [
        {
          field: "portMaps",
          reason: `portMaps[${index}] maps ${outer.last - outer.first + 1} ports to ${inner.last - inner.first + 1}: host and guest must have the same number of ports.`,
        },
      ];
    return [];
  });

/** Mistakes that only show when fields are seen together. */
export const rules = (values: Values): Problem[] => {
  const { os, bios, publicIp } = values;
  const given = (field: string) => values[field] !== undefined && values[field] !== null;
  const wants = (condition: boolean, field: string, reason: string): Problem[] =>
    condition ? [{ field, reason }] : [];
  const pxe = bios === "pxe";
  return [
    ...wants(
      os === "linux" && !pxe && !given("sshPort") && !given("publicIp"),
      "sshPort",
      "sshPort is missing: a Linux VM needs a port of the node for SSH, unless it has a publicIp.",
    ),
    ...wants(
      os === "windows" && !pxe && !given("rdpPort") && !given("publicIp"),
      "rdpPort",
      "rdpPort is missing: a Windows VM needs a port of the node for RDP, unless it has a publicIp.",
    ),
    ...wants(
      os === "linux" && given("rdpPort"),
      "rdpPort",
      "rdpPort is for Windows VMs: a Linux VM is reached by sshPort.",
    ),
    ...wants(
      os === "windows" && given("sshPort"),
      "sshPort",
      "sshPort is for Linux VMs: a Windows VM is reached by rdpPort.",
    ),
    ...wants(
      isKnown(bios) && !pxe && !given("dataDiskGib") && !given("dataFile"),
      "dataDiskGib",
      "dataDiskGib is missing: the node makes a data disk for every VM, and needs its size in GiB.",
    ),
    ...wants(
      pxe && given("dataDiskGib"),
      "dataDiskGib",
      'dataDiskGib can\'t be used with bios "pxe": such a VM has no disks.',
    ),
    ...wants(
      pxe && given("dataFile"),
      "dataFile",
      'dataFile can\'t be used with bios "pxe": such a VM has no disks.',
    ),
    ...wants(
      given("dataFile") && given("dataDiskGib"),
      "dataDiskGib",
      "dataDiskGib and dataFile exclude each other: the file is the data disk.",
    ),
    ...wants(
      pxe && given("login"),
      "login",
      'login can\'t be used with bios "pxe": the node sets no password there.',
    ),
    ...wants(
      values.waitFor === "ssh" && (os === "windows" || pxe),
      "waitFor",
      'waitFor "ssh" is for Linux VMs that boot from their disk.',
    ),
    ...wants(
      values.powerState === "stopped" && values.waitFor === "ssh",
      "waitFor",
      'waitFor "ssh" and powerState "stopped" exclude each other.',
    ),
    ...wants(
      given("restartTrigger") && values.powerState === "stopped",
      "restartTrigger",
      'restartTrigger and powerState "stopped" exclude each other.',
    ),
    ...(isUnknown(publicIp) ? [] : clashes(values)),
    ...unequalRanges(values),
  ];
};
