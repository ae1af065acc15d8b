import { isIPv4 } from "node:net";
import { business, NodeDies, Refused } from "./request";

/** Multicast groups of a VM, `address:port`. What is no address at all kills the node's process (reference 2.1). */
export function checkMulticast(groups: readonly string[]): void {
  for (const group of groups) {
    const [address = "", port = "", ...more] = group.split(":").filter((part) => part !== "");
    if (port === "" || more.length > 0) throw new Refused(business, "multicast format: ip:port");
    if (!isIPv4(address)) throw new NodeDies(`multicast ${group}`);
    const first = Number(address.split(".", 1)[0]);
    if (first < 224 || first > 239) throw new Refused(business, "address is not a multicast address");
    if (!/^[0-9]+$/.test(port) || Number(port) < 1 || Number(port) > 65535)
      throw new Refused(business, "invalid multicast port");
  }
}
