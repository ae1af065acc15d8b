import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KNOWN_TEXTS } from "../../provider/api/dbc/texts";
import { CLASSES, classOf, classOfOwn } from "./error-class";
import { ownMessages } from "./messages";

const HERE = join("tests", "docs");

/** All tests as one text, as they would read without the escapes of their strings and patterns. */
const tests = readdirSync("tests", { recursive: true, encoding: "utf8" })
  .map((path) => join("tests", path))
  .filter((path) => path.endsWith(".ts") && !path.startsWith(HERE))
  .map((path) => readFileSync(path, "utf8"))
  .join("\n")
  .replace(/\\(.)/g, "$1")
  .replace(/\s+/g, " ");

/** Runs of four words of a sentence, which no two sentences share by chance. */
const runsOf = (text: string): string[] =>
  text.split("…").flatMap((part) => {
    const words = part.trim().split(/\s+/);
    if (words.length < 3) return [];
    return words.length < 4
      ? [words.join(" ")]
      : words.slice(3).map((_, at) => words.slice(at, at + 4).join(" "));
  });

/** A sentence of which too little is fixed to be found by its words, as a whole. */
const pattern = (text: string): RegExp =>
  new RegExp(
    text
      .split("…")
      .map((part) => part.replace(/[^\w\s]/g, "\\$&"))
      .join("\\S.{0,100}?"),
  );

const isIn = (text: string): boolean => {
  const runs = runsOf(text);
  return runs.length > 0 ? runs.some((run) => tests.includes(run)) : pattern(text).test(tests);
};

const messages = ownMessages();

test("the search finds sentences in every room", () => {
  expect(messages.length).toBeGreaterThan(150);
  for (const room of ["provider/core", "provider/resources", "provider/hosts", "sdk"])
    expect(messages.some(({ file }) => file.startsWith(room))).toBe(true);
});

test("every sentence that a user may read is in a test", () => {
  expect(messages.filter(({ text }) => !isIn(text)).map(({ text }) => text)).toEqual([]);
});

test("capacity, quota, rental, bad request, auth and network are told apart", () => {
  const remote = Object.values(KNOWN_TEXTS).flatMap((texts) =>
    texts.map(([text, outcome, remedy = ""]) => [text, classOf(outcome, text, remedy)] as const),
  );
  const of = Object.fromEntries(remote);
  expect(of).toMatchObject({
    "allocate gpu failed": "capacity",
    "allocate disk failed": "capacity",
    "gpu_count exceeds number of leases": "quota",
    "check authority failed: wallet not rented": "rental",
    "check authority failed: nonce check failed": "auth",
    "invalid public ip": "bad request",
    "please close task first and try again": "state",
    "no session id": "network",
  });
  const found = new Set([...remote.map(([, name]) => name), ...messages.map(classOfOwn)]);
  expect([...found].sort()).toEqual(Object.keys(CLASSES).sort());
});
