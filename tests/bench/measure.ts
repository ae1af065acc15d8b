/** One line of the table: what was measured, beside what others need for the same work. */
export interface Figure {
  readonly key: string;
  /** What the number is, for people. */
  readonly title: string;
  readonly unit: string;
  /** The most that `ours` may be. */
  readonly target: number;
  readonly ours: number;
  /** What each repeat gave, where there were several; `ours` is their median. */
  readonly repeats?: readonly number[];
  /** The same work done by others, in the same unit. */
  readonly rivals: Readonly<Record<string, number>>;
  /** How it came about, and why a target was missed. */
  readonly notes?: readonly string[];
}

/** Says a line to the person who waits. */
export type Say = (line: string) => void;

/** Something that gives one or more figures. */
export interface Measure {
  readonly keys: readonly string[];
  /** Whether it runs the real engine. */
  readonly engine?: boolean;
  run(say: Say): Promise<readonly Figure[]>;
}

export const isMet = ({ ours, target }: Figure): boolean => ours <= target;

export const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

export const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** The standard deviation. */
export const deviation = (numbers: readonly number[]): number =>
  Math.sqrt(mean(numbers.map((number) => (number - mean(numbers)) ** 2)));

/** Rounded for a table, without a tail of zeros. */
export const shown = (number: number): string => {
  const size = Math.abs(number);
  return String(Number(number.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)));
};

/** `3.1 to 3.4`, or nothing where all repeats agree. */
export const spread = (repeats: readonly number[] = []): string => {
  if (repeats.length < 2) return "";
  const [least, most] = [shown(Math.min(...repeats)), shown(Math.max(...repeats))];
  return least === most ? "" : `${least} to ${most}`;
};
