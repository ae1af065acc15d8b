/** Longest piece of remote text that is ever shown or stored. */
const MAX_TEXT = 500;

/** Values that the engine gives a meaning of its own; as text from outside they are never let through. */
const ENGINE_SENTINELS = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // "unknown until up"
  "4dabf18193072939515e22adb298388d", // the key that marks secrets, assets and references
  "c44067f5952c0a294b673a41bacd8c17", // an asset
];

// Control characters, escape sequences' introducers, direction marks, zero-width characters, lone surrogates.
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the purpose
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/** Text without the values that the engine gives a meaning of its own; otherwise as it is. */
export const withoutMagic = (text: string): string =>
  ENGINE_SENTINELS.reduce((rest, sentinel) => rest.replaceAll(sentinel, "?"), text.toWellFormed());

/**
 * Makes text from outside safe to show in a terminal, to store in state and to hand to the engine: one line, no
 * control or direction characters, none of the engine's colour directives (`<{%…%}>` stops the CLI in mid-update)
 * or magic values, at most 500 characters, or `most`.
 */
export const sanitise = (text: string, most = MAX_TEXT): string => {
  const line = text
    .slice(0, 4 * most)
    .toWellFormed()
    .replace(UNPRINTABLE, " ")
    .replaceAll("<{%", "< {%");
  const plain = withoutMagic(line).replace(/ {2,}/g, " ").trim();
  return plain.length > most ? `${plain.slice(0, most - 1).toWellFormed()}…` : plain;
};
