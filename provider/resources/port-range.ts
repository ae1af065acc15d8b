/** Ports from `first` to `last`, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** The range that a port, or a text such as "8000-8010", stands for; `undefined` for anything else. */
export const rangeOf = (value: unknown): Range | undefined => {
  if (typeof value === "number") return { first: value, last: value };
  const match = typeof value === "string" ? /^(\d+)-(\d+)$/.exec(value) : null;
  return match ? { first: Number(match[1]), last: Number(match[2]) } : undefined;
};
