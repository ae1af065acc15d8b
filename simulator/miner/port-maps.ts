const spec = /^([0-9]+)(?:-([0-9]+))?(?::([0-9]+)(?:-([0-9]+))?)?$/;

/**
 * The ports that a machine's `custom_port` really opens, as `tcp 8000-8010 to 9000-9010`. Entries of any other form
 * are kept and do nothing, such as `tcp/udp,80` (reference 2.1).
 */
export function openedPorts(entries: readonly string[]): string[] {
  return entries.flatMap((entry) => {
    const [protocol = "", ports = "", ...more] = entry.split(",");
    const found = spec.exec(ports);
    if ((protocol !== "tcp" && protocol !== "udp") || more.length > 0 || found === null) return [];
    const [, first = "", last, guestFirst, guestLast] = found;
    const host = last === undefined ? first : `${first}-${last}`;
    const guest =
      guestFirst === undefined ? host : guestLast === undefined ? guestFirst : `${guestFirst}-${guestLast}`;
    return host.includes("-") === guest.includes("-") ? [`${protocol} ${host} to ${guest}`] : [];
  });
}
