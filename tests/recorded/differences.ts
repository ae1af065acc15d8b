/** Differences that are right, by the text of a line; the reasons are told in simulator/README.md. */
export interface RightDifference {
  readonly group: RegExp;
  readonly label: RegExp;
  readonly reason: string;
}

export const rightDifferences: readonly RightDifference[] = [];

export function reasonFor(group: string, label: string): string | undefined {
  return rightDifferences.find((item) => item.group.test(group) && item.label.test(label))?.reason;
}
