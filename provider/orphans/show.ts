import { sanitise } from "../core/sanitise";
import type { Findings } from "./find";
import { markOf, type Thing } from "./thing";

const COLUMNS = ["ID", "KIND", "STATUS", "CREATED", "ABOUT"] as const;
const WIDEST = 80;

const cells = ({ kind, id, remoteId, status, createdAt, about }: Thing): readonly string[] =>
  [
    // what was ordered twice has one name, and is told apart by this
    kind === "ContainerTask" && remoteId !== undefined ? `${id} (${remoteId})` : id,
    kind,
    status,
    createdAt,
    about,
  ].map((text, column) => sanitise(text, column === 0 ? 300 : WIDEST));

/** Orphans as lines for people. */
export const toTable = (orphans: readonly Thing[]): string => {
  const rows = [COLUMNS, ...orphans.map(cells)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};

/** What was found, in words. */
export const toText = ({ orphans, seen, looked, failed }: Findings): string => {
  const where = `${seen.length} things in ${looked.length} places`;
  const summary =
    orphans.length === 0
      ? `Nothing here is without an owner: looked at ${where}.`
      : `${toTable(orphans)}\n\n${orphans.length} of ${where} carry pulumi-dbc's mark and belong to no state that was given. Delete one with --delete ID.`;
  return [
    summary,
    ...failed.map(({ place, reason }) => `Nothing is known of ${sanitise(place)}: ${sanitise(reason)}`),
  ].join("\n");
};

/** What was found, for programs. */
export const toJson = ({ orphans, seen, looked, failed }: Findings): string =>
  JSON.stringify(
    {
      orphans: orphans.map((thing) => {
        const [, , status, createdAt, about] = cells(thing);
        const { kind, id, remoteId, rentOrder } = thing;
        return { kind, id, remoteId, mark: markOf(thing), status, createdAt, about, rentOrder };
      }),
      seen: seen.length,
      looked,
      failed: failed.map(({ place, reason }) => ({ place: sanitise(place), reason: sanitise(reason) })),
    },
    undefined,
    2,
  );
