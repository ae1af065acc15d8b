import type { Dice } from "../dice";

export const randomIp = (dice: Dice): string =>
  `10.${dice.below(256)}.${dice.below(256)}.${1 + dice.below(254)}`;

/** The platform's times: its own zone, +08:00, and none written (reference 3.3). */
export const localTime = (time: number): string =>
  new Date(time + 8 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");

/** `14d 23h 48m`. */
export const span = (ms: number): string => {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  return `${Math.floor(minutes / 1_440)}d ${Math.floor(minutes / 60) % 24}h ${minutes % 60}m`;
};
