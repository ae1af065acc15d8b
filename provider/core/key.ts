import type { Random } from "./effects";

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

/** What every key begins with: ours, version 1. */
export const KEY_MARK = "pd1";

/** Length of a key; the node takes 20 to 22 letters and digits as a task id. */
const KEY_LENGTH = 22;

/** Whether a task id carries our mark. */
export const isKey = (id: string): boolean =>
  new RegExp(`^${KEY_MARK}[0-9a-z]{${KEY_LENGTH - KEY_MARK.length}}$`).test(id);

/** A new random key: our mark and 19 random base-36 characters. */
export const newKey = (random: Random): string => {
  let key = KEY_MARK;
  while (key.length < KEY_LENGTH)
    for (const byte of random(32)) {
      // 252 is the largest multiple of 36 in a byte: beyond it some digits would be likelier than others
      if (byte < 252 && key.length < KEY_LENGTH) key += DIGITS.charAt(byte % 36);
    }
  return key;
};

/** What the task ids of all machines of a key begin with: the last two characters count them. */
export const rootOf = (keyOrId: string): string => keyOrId.slice(0, KEY_LENGTH - 2);

/**
 * The task id of a key's nth machine. The first is the key itself; the number rises only past a zombie, which the
 * node keeps listing under the earlier id, and then takes the place of the last two characters.
 */
export const taskIdOf = (key: string, number: number): string =>
  number === 0 ? key : rootOf(key) + number.toString(36).padStart(2, "z");
