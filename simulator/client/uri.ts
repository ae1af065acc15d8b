/** The parts of a path: the query is cut off, empty middle parts stay, one empty last part is dropped (reference 0.2). */
export function pathParts(path: string): string[] {
  const plain = path.split("?", 1)[0] ?? "";
  return parts(plain.startsWith("/") ? plain.slice(1) : plain, "/");
}

function parts(text: string, mark: string): string[] {
  const found = text.split(mark);
  if (found.at(-1) === "") found.pop();
  return found;
}

/** `k=v` pairs of the query; others are passed over, the last of equal names wins, nothing is decoded. */
export function queryOf(path: string): Map<string, string> {
  const table = new Map<string, string>();
  const mark = path.indexOf("?");
  if (mark < 0) return table;
  for (const pair of parts(path.slice(mark + 1), "&")) {
    const [name = "", value, ...more] = parts(pair, "=");
    if (value !== undefined && more.length === 0) table.set(name, value);
  }
  return table;
}

export const prefix = "/api/v1";

/** First hit wins, and there is no boundary: `/tasksfoo` is `/tasks` (reference 0.2). */
export const groups = [
  "/tasks",
  "/images",
  "/snapshot",
  "/disk",
  "/mining_nodes",
  "/peers",
  "/stat",
  "/config",
  "/monitor",
  "/lan",
  "/bare_metal",
  "/deeplink",
  "/rent_orders",
] as const;

export type Group = (typeof groups)[number];
