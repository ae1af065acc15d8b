/** A range of IPv4 addresses, as numbers. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

const addressOf = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");

/** The range that `10.0.0.0/24` stands for, whatever address of it is written; `undefined` if it is none. */
export const rangeOf = (cidr: unknown): (Range & { readonly cidr: string }) | undefined => {
  const match = typeof cidr === "string" ? CIDR.exec(cidr) : null;
  if (!match) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((byte) => byte > 255) || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  const first = Math.floor((a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / size) * size;
  return { first, last: first + size - 1, cidr: `${addressOf(first)}/${bits}` };
};

export const overlap = (one: Range, other: Range): boolean =>
  one.first <= other.last && other.first <= one.last;
