import * as z from "zod";

/**
 * What a change of a field costs: `live` (changed while running), `needsStop` (power-off, change, power-on),
 * `replace` (delete and create anew), `stateOnly` (no API call).
 */
export type Cost = "live" | "needsStop" | "replace" | "stateOnly";

/** What is known of a field beside its type; check, diff, docs and tests are derived from it. */
export interface FieldNotes {
  readonly cost: Cost;
  /** Name on the wire; absent for fields that never leave. */
  readonly wire?: string;
  /** Endpoint or document that the rule comes from. */
  readonly source?: string;
  /** Never shown, encrypted in state. */
  readonly secret?: true;
}

const registry = z.registry<FieldNotes>();

/** Marks the schema of a field; must be the outermost call, because zod's methods return new instances. */
export const field = <S extends z.ZodType>(notes: FieldNotes, schema: S): S => {
  registry.add(schema, notes);
  return schema;
};

/** The notes of a field; a field without any is a mistake of ours. */
export const notesOf = (schema: z.ZodType): FieldNotes => {
  const notes = registry.get(schema);
  if (!notes) throw new Error("a field has no notes: wrap its schema in field()");
  return notes;
};

/** A whole number from `min` to `max`. */
export const whole = (min: number, max = Number.MAX_SAFE_INTEGER, unit = "") => {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const error = `must be a whole number ${range}${unit && ` (${unit})`}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

/** A TCP or UDP port. */
export const port = (min = 1) => whole(min, 65_535);

/** Text that fits `pattern`; `expected` says in words what fits. */
export const text = (pattern: RegExp, expected: string) =>
  z.string({ error: `must be ${expected}` }).regex(pattern, { error: `must be ${expected}` });

/** One of a few words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(words: T) =>
  z.enum(words, { error: `must be ${words.map((word) => `"${word}"`).join(" or ")}` });

export const flag = () => z.boolean({ error: "must be true or false" });

export const list = <S extends z.ZodType>(item: S) => z.array(item, { error: "must be a list" });

/** 32 bytes in lower-case hex: how DBC names a node. */
export const nodeId = () => text(/^[0-9a-f]{64}$/, "a node id: 64 digits and letters a to f");
