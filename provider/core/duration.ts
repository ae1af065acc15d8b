const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** A duration as Pulumi's `customTimeouts` writes it: `90s`, `1h30m`. */
export const DURATION = /^(?:\d+(?:\.\d+)?(?:h|ms|m|s))+$/;

/** Milliseconds of a duration such as `1h30m`. */
export const milliseconds = (duration: string): number => {
  let total = 0;
  for (const [, amount, unit] of duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g))
    total += Number(amount) * (UNITS[unit ?? "s"] ?? 0);
  return total;
};

/** `90 s`, `12 min` or `1.5 h`, for people. */
export const spoken = (ms: number): string => {
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 360_000) / 10} h`;
};
