/**
 * What may leave in a request. The client node process dies of some malformed requests, a mining node of others, and
 * values that the node can't read are silently taken as absent, so everything is checked here, whatever was checked
 * before. Messages never quote a value: it may be a secret.
 */
import { isIP } from "node:net";
import * as z from "zod";

const rule = (pattern: RegExp, message: string) => z.string({ error: message }).regex(pattern, message);

const whole = (from: number, to: number) =>
  z
    .int({ error: `must be a whole number` })
    .min(from, `must be at least ${from}`)
    .max(to, `must be at most ${to}`);

export const nodeId = rule(/^[0-9A-Fa-f]{64}$/, "must be the 64 hexadecimal digits of a node").transform(
  (id) => id.toLowerCase(),
);
export const taskId = rule(/^[0-9A-Za-z]{1,64}$/, "must be 1 to 64 letters and digits");
/** The node takes a caller's id only in its own format. */
export const newTaskId = rule(/^[0-9A-Za-z]{20,22}$/, "must be 20 to 22 letters and digits");
export const rentOrder = rule(/^[0-9A-Za-z]{1,64}$/, "must be 1 to 64 letters and digits");

/** Words that a client node rewrites wherever they are a whole JSON text (REST 1223, on create). */
const REWRITTEN = new Set(["ubuntu", "win", "linux", "windows"]);

// `"`, `\` and control characters are not escaped in the node's replies: one breaks the list of all VMs.
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the purpose
const BREAKS_JSON = /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

const plainText = (most: number) =>
  z
    .string({ error: "must be text" })
    .min(1, "must not be empty")
    .max(most, `must be at most ${most} characters`)
    .refine((text) => !BREAKS_JSON.test(text) && text.isWellFormed(), {
      error: "must not hold quotes, backslashes or control characters",
    });

/** A file below the node's /data. */
export const fileName = plainText(200).refine(
  (name) => !/^\/|(^|\/)\.{1,2}(\/|$)|\/$/.test(name) && !REWRITTEN.has(name),
  { error: "must be a file's name" },
);
export const image = fileName.refine((name) => name.endsWith(".qcow2"), { error: "must end in .qcow2" });
export const imageServer = rule(/^[0-9A-Za-z_.-]{1,64}$/, "must be the id of an image server");

/** A whole path: how uploads are told apart. */
export const filePath = plainText(500).refine(
  (path) => path.startsWith("/") && !/(^|\/)\.{1,2}(\/|$)|.\/$/.test(path),
  { error: "must be a whole path" },
);
/** It becomes part of a path, where the node decodes nothing. */
export const snapshotName = rule(
  /^[0-9A-Za-z_][0-9A-Za-z_.-]{0,63}$/,
  "must be 1 to 64 letters, digits, dots, dashes or underscores",
).refine((name) => !REWRITTEN.has(name), {
  error: "must not be the name of an operating system, which client nodes rewrite",
});

export const os = rule(/^[0-9A-Za-z._-]{1,40}$/, "must be linux or windows").refine(
  (name) => /linux|ubuntu|win/i.test(name),
  { error: "must be linux or windows" },
);
export const bios = z.enum(["legacy", "uefi", "pxe"], { error: "must be legacy, uefi or pxe" });
export const interfaceModel = z.enum(["e1000", "rtl8139"], { error: "must be e1000 or rtl8139" });

// The node reads these by atoi into an int.
export const gpuCount = whole(0, 1024);
export const cpuCores = whole(1, 65_535);
export const memoryGib = whole(1, 1_048_576);
export const diskGib = whole(1, 1_048_576);

// The node wraps a port at 65536 without a word.
export const port = whole(1, 65_535);
export const vncPort = whole(5900, 65_535);

export const publicIp = z
  .string({ error: "must be an IP address" })
  .refine((address) => isIP(address) !== 0 && !address.includes("%"), {
    error: "must be an IPv4 or IPv6 address",
  });

/** `tcp,80`, `udp,8080:80`, `tcp,8000-8009`, `tcp,8000-8009:9000-9009`; the node drops a bad one without a word. */
export const customPort = z.string({ error: "must be text" }).refine(
  (text) => {
    const match = /^(?:tcp|udp),(\d{1,5})(?:-(\d{1,5}))?(?::(\d{1,5})(?:-(\d{1,5}))?)?$/.exec(text);
    if (!match) return false;
    const [
      hostFrom = 0,
      hostTo = hostFrom,
      guestFrom = hostFrom,
      guestTo = match[3] === undefined ? hostTo : guestFrom,
    ] = match.slice(1).map((digits) => (digits === undefined ? undefined : Number(digits)));
    const isPort = (n: number): boolean => n >= 1 && n <= 65_535;
    return (
      [hostFrom, hostTo, guestFrom, guestTo].every(isPort) &&
      hostFrom <= hostTo &&
      hostTo - hostFrom === guestTo - guestFrom
    );
  },
  { error: "must be like tcp,80 or udp,8080:80 or tcp,8000-8009:9000-9009" },
);

const octet = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const ipv4 = `${octet}(?:\\.${octet}){3}`;

/** Anything else than an address here probably ends the node's process (TM 1337). */
export const multicast = rule(
  new RegExp(`^(?:22[4-9]|23\\d)(?:\\.${octet}){3}:\\d{1,5}$`),
  "must be a multicast IPv4 address and a port, like 224.0.0.1:5000",
).refine((text) => port.safeParse(Number(text.split(":")[1])).success, {
  error: "must have a port from 1 to 65535",
});

export const networkFilter = rule(
  new RegExp(
    `^(?:in|out|inout),(?:all|tcp|udp|ssh|rdp|https?|icmp|ftp|dns\\((?:udp|tcp)\\)),(?:all|\\d{1,5}(?:[-:]\\d{1,5})?),${ipv4}(?:/(?:3[0-2]|[12]?\\d))?,(?:accept|drop)$`,
  ),
  "must be direction,protocol,port,cidr,action, like in,tcp,22,0.0.0.0/0,accept",
);

export const lanName = rule(/^[0-9A-Za-z]{6,10}$/, "must be 6 to 10 letters and digits").refine(
  (name) => !REWRITTEN.has(name),
  { error: "must not be the name of an operating system, which client nodes rewrite" },
);

/** The node takes what is before the colon as it is, and knows no IPv6 (MON 98). */
export const monitorServer = rule(
  /^[0-9A-Za-z]([0-9A-Za-z.-]{0,251}[0-9A-Za-z])?:\d{1,5}$/,
  "must be like zabbix.example.com:10051",
).refine((text) => port.safeParse(Number(text.split(":")[1])).success, {
  error: "must have a port from 1 to 65535",
});

/** A directory of the node's host. */
export const directory = filePath;

/** Text that is no address ends the node's process (VX 192). */
export const cidr = rule(
  new RegExp(`^${ipv4}/(?:[1-9]|[12]\\d|3[0-2])$`),
  "must be a range of addresses, like 10.0.0.0/24",
);

export const disk = rule(/^vd[a-z]{1,2}$/, "must be like vdb");

export const username = plainText(64);
export const password = plainText(128);

export const several = <Item extends z.ZodType>(item: Item) => z.array(item).max(256, "must be at most 256");

/** A description that can't break the node's JSON and that no client node rewrites. */
export const harmlessDescription = (text: string): string => {
  const harmless = text
    .toWellFormed()
    .replaceAll('"', "'")
    .replaceAll("\\", "/")
    .replace(new RegExp(BREAKS_JSON, "g"), " ");
  return REWRITTEN.has(harmless) ? `${harmless} ` : harmless;
};
export const description = z
  .string({ error: "must be text" })
  .max(500, "must be at most 500 characters")
  .transform(harmlessDescription);
