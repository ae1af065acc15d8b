import { type Figure, isMet, shown, spread } from "./measure";

const HEAD = ["key", "ours", "spread", "rivals", "target", ""] as const;

const cellsOf = (figure: Figure): string[] => [
  figure.key,
  `${shown(figure.ours)}${figure.unit && ` ${figure.unit}`}`,
  spread(figure.repeats),
  Object.entries(figure.rivals)
    .map(([name, value]) => `${name} ${shown(value)}${ratio(value, figure.ours)}`)
    .join(", "),
  `<= ${shown(figure.target)}`,
  isMet(figure) ? "met" : "NOT MET",
];

/** How many times as much as ours that is, where this says something. */
const ratio = (theirs: number, ours: number): string =>
  ours > 0 && theirs > 0 ? ` (x${shown(theirs / ours)})` : "";

/** The figures for people: a table, and a line for each target. */
export const tableOf = (figures: readonly Figure[]): string => {
  const rows = [[...HEAD], ...figures.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const [head = "", ...body] = lines;
  return [head, head.replaceAll(/\S/g, "-"), ...body, "", ...figures.flatMap(verdictOf)].join("\n");
};

const verdictOf = (figure: Figure): string[] => [
  `${isMet(figure) ? "met    " : "NOT MET"} ${figure.key}: ${figure.title}`,
  ...(figure.notes ?? []).map((note) => `          ${note}`),
];

/** The figures for machines: `key: {ours, ...rivals, target, met}`. */
export const jsonOf = (
  figures: readonly Figure[],
  failed: Readonly<Record<string, string>>,
): Record<string, unknown> => ({
  ...Object.fromEntries(
    figures.map((figure) => [
      figure.key,
      {
        ours: figure.ours,
        ...figure.rivals,
        target: figure.target,
        met: isMet(figure),
        unit: figure.unit,
        ...(figure.repeats && { repeats: figure.repeats }),
        ...(figure.notes && { notes: figure.notes }),
      },
    ]),
  ),
  ...Object.fromEntries(Object.entries(failed).map(([key, error]) => [key, { met: false, error }])),
});
