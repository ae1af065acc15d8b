import { unescape as decoded } from "node:querystring";
import { redactor } from "../api/dbc/redact";
import type { Values } from "../core/check";
import { hideSecrets } from "../core/mistakes";
import { type Kind, kinds } from "../kinds";

/** Shorter ones are too likely to be ordinary words, or ports. */
const MIN_LENGTH = 6;
/** Longer ones are whole answers, of which nobody repeats all. */
const MAX_LENGTH = 4_096;

const isLong = (text: string): boolean => text.length >= MIN_LENGTH && text.length <= MAX_LENGTH;

/** A text, and what an address holds as its key: whoever repeats only that tells it all. */
const partsOf = (text: string): string[] => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const keys = url ? [...url.searchParams.values(), url.password, decoded(url.password)] : [];
  return [text, ...keys].filter(isLong);
};

/** Every text in a secret value, but for a login's user name, which messages are full of. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return partsOf(value);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === "username" ? [] : textsIn(inner)));
};

/**
 * Takes what a resource's own properties hold as secrets out of text about it: a remote system may repeat a password
 * that only the state knows.
 */
export const hideSecretsOf = (kind: string, ...properties: readonly Values[]): ((text: string) => string) => {
  // made only where there is text to show
  let made: ((text: string) => string) | undefined;
  return (text) => {
    const known: Kind | undefined = Object.values(kinds).find(({ type }) => type === kind);
    made ??= redactor(
      properties.flatMap((values) => (known?.secrets ?? []).flatMap((field) => textsIn(values[field]))),
    );
    return properties.reduce((rest, values) => hideSecrets(values, rest), made(text));
  };
};
