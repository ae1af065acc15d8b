/** The shapes in which the service wraps its lists, and the way through their pages (reference 3.2). */
import * as z from "zod";

/** Most items of a list that are taken. */
const MAX_ITEMS = 10_000;

const KEYS = ["data", "list", "records", "items", "rows"] as const;
const TOTALS = ["total", "totalCount", "count"] as const;

export interface Page<Item> {
  readonly items: readonly Item[];
  /** How many there are on all pages, where the service tells. */
  readonly total: number | undefined;
}

/** The list inside an answer: the answer itself, or one of the names that sites use for it. */
const unwrap = (data: unknown): Page<unknown> | undefined => {
  if (data === null || data === undefined) return { items: [], total: undefined };
  if (Array.isArray(data)) return { items: data, total: undefined };
  if (typeof data !== "object") return undefined;
  const inner = data as Readonly<Record<string, unknown>>;
  const items = KEYS.map((key) => inner[key]).find((value) => Array.isArray(value));
  if (!Array.isArray(items)) return undefined;
  const total = TOTALS.map((key) => inner[key]).find((value) => Number.isSafeInteger(value));
  return { items, total: typeof total === "number" ? total : undefined };
};

/** A page of items, in whichever shape it comes; one item of a wrong shape spoils it, because it could be ours. */
export const pageOf = <Item>(item: z.ZodType<Item>): z.ZodType<Page<Item>> =>
  z.unknown().transform((data, context): Page<Item> => {
    const page = unwrap(data);
    if (page === undefined || page.items.length > MAX_ITEMS) {
      context.addIssue("is not a list");
      return z.NEVER;
    }
    const items: Item[] = [];
    for (const [index, one] of page.items.entries()) {
      const result = item.safeParse(one);
      if (result.success) items.push(result.data);
      else context.issues.push({ code: "custom", message: "does not fit", path: [index], input: one });
    }
    return { items, total: page.total };
  });

/** The size of a page that we ask for, and the smallest to which a site may cut it. */
export const PAGE_LIMIT = 100;
const SMALLEST_LIMIT = 20;

/** Asks for pages until the end. Each item counts once, because a list may shift between two pages. */
export const allPages = async <Item>(
  idOf: (item: Item) => string,
  ask: (start: number) => Promise<Page<Item>>,
): Promise<Item[]> => {
  const found = new Map<string, Item>();
  for (let start = 0; start < MAX_ITEMS; ) {
    const { items, total } = await ask(start);
    const before = found.size;
    for (const item of items) found.set(idOf(item), item);
    start += items.length;
    const isLast =
      items.length === 0 ||
      (total !== undefined && total >= items.length ? start >= total : items.length < SMALLEST_LIMIT);
    // a site that does not know `start` gives the first page for ever
    if (isLast || found.size === before) break;
  }
  return [...found.values()];
};
