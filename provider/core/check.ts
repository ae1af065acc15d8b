import type * as z from "zod";
import { notesOf } from "./fields";
import { sanitise } from "./sanitise";
import { isUnknown } from "./unknown";

/** A mistake in what the user wrote; `reason` is a whole sentence that names the field. */
export interface Problem {
  readonly field: string;
  readonly reason: string;
  /** Further fields: a mistake in one of them says enough, and this one is left out. */
  readonly unless?: readonly string[];
}

/** Field values as a user wrote them. */
export type Values = Readonly<Record<string, unknown>>;

const named = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index ? "." : ""}${String(part)}`))
    .join("");

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, part) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, part) : undefined),
    value,
  );

const shown = (value: unknown): string =>
  value === undefined ? "" : `, not ${sanitise(JSON.stringify(value)).slice(0, 80)}`;

const problemsOf = (name: string, value: unknown, error: z.ZodError, secret: boolean): Problem[] =>
  error.issues.map((issue) => {
    const path = named([name, ...issue.path]);
    if (issue.code === "unrecognized_keys")
      return {
        field: name,
        reason: `${path} has no field ${issue.keys.map((key) => `"${sanitise(key)}"`).join(", ")}.`,
      };
    if (value === undefined) return { field: name, reason: `${path} is missing: it ${issue.message}.` };
    return { field: name, reason: `${path} ${issue.message}${secret ? "" : shown(at(value, issue.path))}.` };
  });

/** The field whose name is written most like `name`, if any is. */
const nearest = (name: string, fields: readonly string[]): string | undefined => {
  const letters = (word: string) => word.toLowerCase().replace(/[^a-z]/g, "");
  const wanted = letters(name);
  return fields.find(
    (known) =>
      letters(known) === wanted || letters(known).startsWith(wanted) || wanted.startsWith(letters(known)),
  );
};

/**
 * Checks every field on its own and fills in defaults. Values not known yet pass; names that begin with `__` are
 * ours and pass untouched. All mistakes are found, not only the first; values of `secrets` are not shown.
 */
export const checkFields = (
  shape: Readonly<Record<string, z.ZodType>>,
  news: Values,
  secrets: readonly string[] = [],
): { values: Values; problems: Problem[] } => {
  const values: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(news)) {
    if (name.startsWith("__")) values[name] = value;
    else if (!Object.hasOwn(shape, name)) {
      const known = nearest(name, Object.keys(shape));
      problems.push({
        field: name,
        reason: `there is no field "${sanitise(name)}"${known ? `: did you mean ${known}?` : "."}`,
      });
    }
  }
  for (const [name, schema] of Object.entries(shape)) {
    const value = news[name] ?? undefined;
    if (isUnknown(value)) {
      values[name] = value;
      continue;
    }
    const result = schema.safeParse(value);
    if (!result.success)
      problems.push(
        ...problemsOf(name, value, result.error, notesOf(schema).secret === true || secrets.includes(name)),
      );
    else if (result.data !== undefined) values[name] = result.data;
  }
  return { values, problems };
};
