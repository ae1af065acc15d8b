import { createHmac } from "node:crypto";

const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/**
 * The signed text of a login: exactly these keys in this order, no spaces (reference 2.1). Not JSON.stringify, because
 * only backslash and quote are escaped.
 */
export const loginMessage = (accessKey: string, timestamp: string, user: string): string =>
  `{"accessKey":${quoted(accessKey)},"timestamp":${quoted(timestamp)},"user":${quoted(user)}}`;

/** The signature of a login, as lower-case hex. */
export const loginSignature = (
  secretKey: string,
  accessKey: string,
  timestamp: string,
  user: string,
): string =>
  createHmac("sha256", Buffer.from(secretKey, "utf8"))
    .update(loginMessage(accessKey, timestamp, user), "utf8")
    .digest("hex");
