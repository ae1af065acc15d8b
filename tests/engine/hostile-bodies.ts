/** Twenty answers that no honest node gives, each made out of a true one. */

export interface HostileBody {
  readonly name: string;
  /** The whole body, made from the message of the true answer. */
  readonly of: (message: unknown) => string | Buffer;
}

const ok = (message: unknown): string => JSON.stringify({ errcode: 0, message });

type Leaf = (value: unknown, name: string) => unknown;

/** The same message with every value replaced that does not tell which VM it is about, or how it is. */
const withValues = (message: unknown, leaf: Leaf, name = ""): unknown => {
  if (Array.isArray(message)) return message.map((item) => withValues(item, leaf, name));
  if (typeof message === "object" && message !== null)
    return Object.fromEntries(
      Object.entries(message).map(([key, value]) => [
        key,
        key === "task_id" || key === "status" ? value : withValues(value, leaf, key),
      ]),
    );
  return leaf(message, name);
};

/** Only what is text stays text of another kind, so that the answer is taken. */
const withTexts = (message: unknown, text: string): string =>
  ok(
    withValues(message, (value, name) =>
      typeof value === "string" &&
      ["desc", "ssh_ip", "user_name", "source_file", "create_time"].includes(name)
        ? text
        : value,
    ),
  );

const everywhere = (value: unknown) => (message: unknown) => ok(withValues(message, () => value));
const always = (body: string | Buffer) => () => body;
const inside = (members: string) => (message: unknown) =>
  ok(message).replace(/"message":\[?\{/, (head) => `${head}${members},`);

const ASSET = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", path: "/etc/passwd" };
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "x" };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const HOSTILE_BODIES: readonly HostileBody[] = [
  { name: "nothing", of: always("") },
  {
    name: "bytes that are no text",
    of: always(Buffer.from(Array.from({ length: 512 }, (_, at) => (at * 37) % 256))),
  },
  { name: "an HTML page with colours", of: always("<html><{%bogus%}>\u001b[31m</html>") },
  { name: "brackets 100,000 deep", of: always(`${"[".repeat(100_000)}${"]".repeat(100_000)}`) },
  { name: "a message 60 deep", of: always(ok(JSON.parse(`${"[".repeat(60)}1${"]".repeat(60)}`))) },
  { name: "a million items", of: always(`{"errcode":0,"message":[${"{},".repeat(300_000)}{}]}`) },
  { name: "megabytes of text", of: (message) => withTexts(message, "x".repeat(2 * 1024 * 1024)) },
  { name: "texts of 100,000 characters", of: (message) => withTexts(message, "<{%x%}>".repeat(15_000)) },
  { name: "an errcode beyond all numbers", of: always('{"errcode":1e400,"message":"ok"}') },
  { name: "an errcode that is an object", of: always('{"errcode":{},"message":"<{%reset%}>"}') },
  { name: "null everywhere", of: everywhere(null) },
  { name: "numbers everywhere", of: everywhere(-1e300) },
  { name: "lists everywhere", of: everywhere([[]]) },
  {
    name: "a prototype",
    of: inside('"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}'),
  },
  { name: "an asset of Pulumi's, with a file of this machine", of: everywhere(ASSET) },
  { name: "a secret of Pulumi's", of: everywhere(SECRET) },
  { name: "Pulumi's unknown value", of: (message) => withTexts(message, UNKNOWN) },
  { name: "colour directives", of: (message) => withTexts(message, "<{%bogus%}><{%fg 1%}>%s%n") },
  {
    name: "control and direction characters",
    of: (message) => withTexts(message, "a\u001b[2J\u0000\u0007\u202eb\r\n::error::"),
  },
  { name: "half a character", of: (message) => withTexts(message, "\ud800x\udfff") },
];
