/** A search for planted secrets, in every usual encoding; it shares no code with the redactor that it checks. */

/** A secret that must be seen nowhere. */
export interface Planted {
  readonly name: string;
  readonly text: string;
}

export const ENCODINGS = ["raw", "json", "url", "base64", "hex"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** What two ways of surrounding a text have in common: the characters that depend on the text alone. */
const common = (one: string, other: string): string => {
  let [best, run] = ["", ""];
  for (let at = 0; at < one.length; at++) {
    run = one[at] === other[at] ? run + (one[at] ?? "") : "";
    if (run.length > best.length) best = run;
  }
  return best;
};

/** Base64 as it looks in a longer text, at each of the three alignments. */
const base64 = (text: string): string[] =>
  [0, 1, 2].map((before) => {
    const around = (filler: number) =>
      Buffer.concat([Buffer.alloc(before, filler), Buffer.from(text), Buffer.alloc(3, filler)]).toString(
        "base64",
      );
    return common(around(0x00), around(0xff));
  });

/** All the forms of a text in one encoding. */
export const formsIn = (encoding: Encoding, text: string): string[] => {
  switch (encoding) {
    case "raw":
      return [text];
    case "json": {
      const once = JSON.stringify(text).slice(1, -1);
      return [once, JSON.stringify(once).slice(1, -1), once.replaceAll("/", "\\/")];
    }
    case "url":
      return [encodeURIComponent(text), encodeURIComponent(text).replaceAll("%20", "+"), encodeURI(text)];
    case "base64":
      return base64(text).flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
    case "hex":
      return [Buffer.from(text).toString("hex"), Buffer.from(text).toString("hex").toUpperCase()];
  }
};

/** A secret found in `channel`. */
export interface Hit {
  readonly channel: string;
  readonly secret: string;
  readonly encoding: Encoding;
}

/** Every secret in every channel of what was told; a form that several encodings share counts for each. */
export const search = (planted: readonly Planted[], told: Readonly<Record<string, string>>): Hit[] =>
  Object.entries(told).flatMap(([channel, text]) =>
    planted.flatMap(({ name, text: secret }) =>
      ENCODINGS.filter((encoding) => formsIn(encoding, secret).some((form) => text.includes(form))).map(
        (encoding) => ({ channel, secret: name, encoding }),
      ),
    ),
  );
