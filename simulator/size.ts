export const gib = 1024 * 1024; // in KiB, the node's own unit

/**
 * The node's way to print a size given in KiB: `8G`, `7.5G`, `192K`; `units` ends at G in some places (reference d).
 * It keeps the remainder in 32 bits, so that 1.5 TiB prints as `1T`, as recorded with disks of 31T and 95T.
 */
export function scaleSize(kib: number, units = "KMGTP"): string {
  const bytes = kib * 1024;
  let text = "";
  for (const [index, unit] of [...units].entries()) {
    const size = 1024 ** (index + 1);
    const whole = Math.floor(bytes / size);
    text = `${(bytes % size) % 0x1_0000_0000 === 0 ? whole : shortest(bytes / size)}${unit}`;
    if (whole < 1024) break;
  }
  return text;
}

export function sizeToG(kib: number): string {
  return scaleSize(kib, "KMG");
}

/** Two decimals, printed with six significant digits and no trailing zeros. */
export function shortest(value: number): string {
  return `${Number(Number(value.toFixed(2)).toPrecision(6))}`;
}

/** C's `atoi`. */
export function atoi(text: string): number {
  const digits = /^[ \t\n\v\f\r]*([+-]?[0-9]+)/.exec(text)?.[1];
  if (digits === undefined) return 0;
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value | 0 : value < 0 ? 0 : -1;
}

/** C's cast to an unsigned number of 16 bits: ports wrap (reference 2.1). */
export function uint16(value: number): number {
  return value & 0xffff;
}

/** `YYYY-MM-DD HH:MM:SS`; the nodes' local time is UTC here. */
export function wallTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
}

/** `YYYYMMDDHHMMSS`, as in file names. */
export function fileTime(milliseconds: number): string {
  return wallTime(milliseconds).replace(/[^0-9]/g, "");
}
