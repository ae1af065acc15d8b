/** Tokens that a remote system puts into what it says, and that are nobody's business. */

const MARK = "[secret]";

// repetitions are bounded, so that no text can make the search slow
const SECRET_NAME =
  "[\\w.-]{0,30}(?:token|secret|passw(?:or)?d|pwd|api_?key|access_?key|sign(?:ature)?|credential|auth)";

/** `?token=…`, `password='…'`, `"secret": "…"` */
const NAMED = new RegExp(
  `(\\b${SECRET_NAME}[\\w.-]{0,30}(?:\\s?=\\s?["']?|["']\\s?[:=]\\s?["']))(?!\\[secret\\])[^\\s"'&#;,}]+`,
  "gi",
);
/** `https://user:password@host` */
const USER_INFO = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@]{1,1000}@/gi;
/** A JSON web token, wherever it stands. */
const JWT = /\beyJ[\w-]{4,2000}\.[\w-]{4,8000}\.[\w-]*/g;

/** `text` without what looks like a token or a password in it. */
export const hideTokens = (text: string): string =>
  text.replace(USER_INFO, `$1${MARK}@`).replace(JWT, MARK).replace(NAMED, `$1${MARK}`);

const isSecretName = new RegExp(SECRET_NAME, "i");

/** Texts inside a request that stand under a secret's name: the remote system must not be quoted with them. */
export const secretsIn = (value: unknown, name = ""): string[] => {
  if (typeof value === "string") return isSecretName.test(name) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretsIn(item, name));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    secretsIn(inner, isSecretName.test(name) ? name : key),
  );
};
