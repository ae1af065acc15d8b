/** Deeper nesting than any answer of the systems we talk to; rejects bombs before they reach a recursive function. */
const MAX_DEPTH = 32;

/** Keys through which foreign JSON could reach a prototype when somebody merges it later. */
const PROTOTYPE_KEYS = new Set(["__proto__", "constructor", "prototype"]);

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string };

/** The deepest nesting of brackets outside of strings; never recursive, and right also for text that is no JSON. */
const isTooDeep = (text: string): boolean => {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "[" || character === "{") {
      if (++depth > MAX_DEPTH) return true;
    } else if (character === "]" || character === "}") depth--;
  }
  return false;
};

const withoutPrototypeKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutPrototypeKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !PROTOTYPE_KEYS.has(key))
      .map(([key, inner]) => [key, withoutPrototypeKeys(inner)]),
  );
};

/** Parses text from outside. Never throws, and its reason never quotes the text. The caller has limited its size. */
export const parseJson = (text: string): ParsedJson => {
  if (text.trim() === "") return { ok: false, reason: "an empty answer" };
  if (isTooDeep(text)) return { ok: false, reason: `JSON nested more than ${MAX_DEPTH} levels deep` };
  try {
    return { ok: true, value: withoutPrototypeKeys(JSON.parse(text)) };
  } catch {
    return { ok: false, reason: /^\s*</.test(text) ? "an HTML page" : "text that is not JSON" };
  }
};
