/** Shorter texts are too common in ordinary words to be told from them. */
const MIN_SECRET = 3;

const MARK = "[secret]";

/** Base64 of `bytes` as it looks inside a longer text, at each of the three alignments; whole quanta only. */
const base64Within = (bytes: Buffer): string[] =>
  [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const first = before === 0 ? 0 : before + 1; // characters that also hold bits of what stands before
    const last = (before + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1;
    return encoded.slice(first, last);
  });

/** The ways in which a remote system may repeat a text. */
const formsOf = (secret: string): string[] => {
  const bytes = Buffer.from(secret, "utf8");
  const hex = bytes.toString("hex");
  const url = encodeURIComponent(secret.toWellFormed());
  const base64 = [
    bytes.toString("base64"),
    bytes.toString("base64").replace(/=+$/, ""),
    ...base64Within(bytes),
  ];
  return [
    secret,
    secret.toLowerCase(),
    secret.toUpperCase(),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(secret).slice(1, -1).replaceAll("/", "\\/"),
    url,
    url.replace(/%[0-9A-F]{2}/g, (escaped) => escaped.toLowerCase()),
    url.replaceAll("%20", "+"),
    ...base64,
    ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_")),
    hex,
    hex.toUpperCase(),
  ].filter((form) => form.length >= MIN_SECRET);
};

/** A function that takes our own secrets out of text that a remote system sent back, in every usual encoding. */
export const redactor = (secrets: Iterable<string>): ((text: string) => string) => {
  const forms = [...new Set([...secrets].filter((secret) => secret.length >= MIN_SECRET).flatMap(formsOf))];
  // The longest first: a short one may be part of it.
  forms.sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((rest, form) => rest.replaceAll(form, MARK), text);
};
