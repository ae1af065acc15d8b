import type { Values } from "./check";
import { UserError } from "./errors";

/** Name of ours, in what is stored, for the version of its meaning. */
const SCHEMA = "__schema";

/** What brings stored arguments and outputs up from one version to the next; any of them may be missing. */
export type Migration = (values: Values) => Values;

/** A kind whose stored outputs have a meaning that may change. */
export interface Versioned {
  readonly kind: string;
  /** Raised when the meaning of stored arguments or outputs changes. */
  readonly schemaVersion: number;
  /** By the version that they take; one for each version before the present one. */
  readonly migrations?: Readonly<Record<number, Migration>>;
}

/** The mark of the present version, on outputs. */
export const outputMark = ({ schemaVersion }: Versioned): Values => ({ [SCHEMA]: schemaVersion });

/** The mark of the present version, on inputs; those of version 1 never had one. */
export const inputMark = (versioned: Versioned): Values =>
  versioned.schemaVersion === 1 ? {} : outputMark(versioned);

/** Whether these are outputs from a stack's state, and not the arguments of a `get`. */
export const isMarked = (values: Values): boolean => values[SCHEMA] !== undefined;

/** What is stored, in the terms of the present version, whatever release has stored it. */
export const migrated = (versioned: Versioned, stored: Values): Values => {
  const { kind, schemaVersion, migrations = {} } = versioned;
  const found = stored[SCHEMA] ?? 1;
  if (typeof found !== "number" || found > schemaVersion)
    throw new UserError(
      `the state of this ${kind} was written by a newer pulumi-dbc (schema ${String(found)}, and this one knows up to ${schemaVersion}): install that version or a later one.`,
    );
  let values = stored;
  for (let version = found; version < schemaVersion; version++) {
    const migration = migrations[version];
    if (!migration) throw new Error(`${kind} has no migration from schema ${version}`);
    values = { ...migration(values), [SCHEMA]: version + 1 };
  }
  return values;
};
