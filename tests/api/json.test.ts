/// <reference types="jest" />
import { parseJson } from "../../provider/api/json";

const nest = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

test.each([
  ['{"a":[1,"x",null,true]}', { a: [1, "x", null, true] }],
  ['"text"', "text"],
  [" 5 \r\n", 5],
  [nest(32), JSON.parse(nest(32))],
  [`{"a":"${"[".repeat(100)}"}`, { a: "[".repeat(100) }],
  [`{"a":"\\"${"[".repeat(40)}"}`, { a: `"${"[".repeat(40)}` }],
  [`[${Array(50).fill("[]").join(",")}]`, Array(50).fill([])],
])("%j is parsed", (text, value) => {
  expect(parseJson(text)).toEqual({ ok: true, value });
});

test.each([
  ["", /empty/],
  [" \n ", /empty/],
  [nest(33), /nested/],
  ["[".repeat(100_000), /nested/],
  ['{"a":'.repeat(100_000), /nested/],
  ["<HTML>", /HTML page/],
  ["{'a':1}", /not JSON/],
  ["canary", /not JSON/],
  ['{"a":1', /not JSON/],
  ["[1,]", /not JSON/],
])("%.40j is refused in words that do not quote it", (text, why) => {
  const result = parseJson(text);
  expect(result).toMatchObject({ ok: false, reason: expect.stringMatching(why) });
  expect(JSON.stringify(result)).not.toContain("canary");
});

test("keys that reach a prototype are left out, at every depth", () => {
  const result = parseJson(
    '{"__proto__":{"polluted":1},"a":[{"constructor":{"prototype":{"polluted":1}},"b":1}],"prototype":1}',
  );
  expect(result).toEqual({ ok: true, value: { a: [{ b: 1 }] } });
  const value = result.ok ? (result.value as object) : {};
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(Object.keys(Object.assign({}, value))).toEqual(["a"]);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});
