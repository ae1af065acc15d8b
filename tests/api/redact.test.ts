/// <reference types="jest" />
import * as fc from "fast-check";
import { redactor } from "../../provider/api/dbc/redact";

const SECRET = 'pa/ss+wörd "1"~x';

describe("a secret is taken out", () => {
  const bytes = Buffer.from(SECRET, "utf8");
  const url = encodeURIComponent(SECRET);
  test.each([
    ["as it is", SECRET],
    ["in capitals", SECRET.toUpperCase()],
    ["as in JSON", JSON.stringify(SECRET).slice(1, -1)],
    ["as in JSON with escaped slashes", JSON.stringify(SECRET).slice(1, -1).replaceAll("/", "\\/")],
    ["as in a URL", url],
    ["as in a URL in small letters", url.toLowerCase().replace("pa", "pa")],
    ["as in a form", url.replaceAll("%20", "+")],
    ["in base64", bytes.toString("base64")],
    ["in base64 for URLs", bytes.toString("base64url")],
    ["in hexadecimal", bytes.toString("hex")],
    ["in hexadecimal capitals", bytes.toString("hex").toUpperCase()],
  ])("%s", (_, form) => {
    expect(redactor([SECRET])(`before ${form} after`)).toMatch(/^before \[secret\]=* after$/);
  });

  test("in base64 of a longer text, wherever it begins", () => {
    for (const before of ["", "a", "ab", "abc", "abcd"]) {
      const encoded = Buffer.from(`${before}${SECRET}, and more`).toString("base64");
      expect(redactor([SECRET])(encoded)).toContain("[secret]");
    }
  });

  test("wherever it stands, however often, next to a longer one that holds it", () => {
    expect(redactor(["secret-a", "secret-a-b"])("secret-a-b|secret-a|secret-asecret-a")).toBe(
      "[secret]|[secret]|[secret][secret]",
    );
  });

  test("in any form that fast-check thinks of", async () => {
    await fc.assert(
      fc.property(
        fc.string({ unit: "binary", minLength: 4, maxLength: 40 }),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          const text = `${before}${secret}${after}|${JSON.stringify(secret)}|${Buffer.from(secret).toString("hex")}`;
          const shown = redactor([secret])(text);
          return !shown.includes(secret) || "[secret]".includes(secret);
        },
      ),
      { numRuns: 500, seed: 1 },
    );
  });
});

test("what is too short to be told from ordinary words is left", () => {
  expect(redactor(["", "a", "ok"])("a ok text")).toBe("a ok text");
});
