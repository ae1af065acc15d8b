import { isDeepStrictEqual } from "node:util";
import type * as z from "zod";
import type { Values } from "./check";
import { type Cost, notesOf } from "./fields";
import { isUnknown } from "./unknown";

/** One field that differs between the state and the program. */
export interface Change {
  readonly field: string;
  readonly cost: Cost;
  readonly from: unknown;
  readonly to: unknown;
}

/** The fields in which `news` differs from `olds`; a value not known yet differs from everything. */
export const changesOf = (shape: Readonly<Record<string, z.ZodType>>, olds: Values, news: Values): Change[] =>
  Object.entries(shape).flatMap(([field, schema]) => {
    const [from, to] = [olds[field] ?? undefined, news[field] ?? undefined];
    return !isUnknown(to) && isDeepStrictEqual(from, to)
      ? []
      : [{ field, cost: notesOf(schema).cost, from, to }];
  });
