import fc from "fast-check";
import { sanitise } from "../../provider/core/sanitise";
import { UNKNOWN } from "../../provider/core/unknown";

test("control characters, escape sequences and direction marks are taken out, words stay", () => {
  expect(sanitise("no\u0000 \u001b[31mGPUs\r\n left\u202e!\u200b")).toBe("no [31mGPUs left !");
});

test("the engine's colour directives and magic values are defused", () => {
  expect(sanitise("a <{%bogus%}> b")).not.toContain("<{%");
  expect(sanitise("<<{%{%x%}>")).not.toContain("<{%");
  expect(sanitise(`id ${UNKNOWN}`)).toBe("id ?");
});

test("text is cut at 500 characters, and never within a character", () => {
  expect(sanitise("x".repeat(10_000))).toBe(`${"x".repeat(499)}…`);
  expect(sanitise("x".repeat(500))).toBe("x".repeat(500));
  expect(sanitise("x".repeat(501))).toBe(`${"x".repeat(499)}…`);
  // far beyond the end nothing is even looked at
  expect(sanitise(`${" ".repeat(2_000)}x`)).toBe("");
  expect(sanitise("😀".repeat(1_000)).isWellFormed()).toBe(true);
});

test("whatever comes in, what goes out is one harmless line", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (text) => {
      const safe = sanitise(text);
      expect(safe.length).toBeLessThanOrEqual(500);
      expect(safe.isWellFormed()).toBe(true);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is what is tested
      expect(safe).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|<\{%/);
    }),
    { numRuns: 3_000 },
  );
});
