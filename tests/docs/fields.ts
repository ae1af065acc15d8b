import * as z from "zod";
import { type Cost, notesOf } from "../../provider/core/fields";
import type { Shape } from "../../provider/core/resource";

/** One argument, as the docs tell of it. */
export interface FieldDoc {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default: string | undefined;
  readonly description: string;
  readonly cost: Cost;
  readonly wire: string | undefined;
  readonly source: string | undefined;
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: unknown;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
}

/** TypeScript of a JSON schema; inside lists and objects every value may come from another resource. */
const typeText = (schema: JsonSchema, wrap: (text: string) => string): string => {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((word) => JSON.stringify(word)).join(" | ");
  if (schema.anyOf) return [...new Set(schema.anyOf.map((one) => typeText(one, wrap)))].join(" | ");
  if (schema.type === "array") return `${wrap(typeText(schema.items ?? {}, wrap))}[]`;
  if (schema.type === "object" && schema.properties === undefined && schema.additionalProperties)
    return "Record<string, unknown>";
  if (schema.type === "object")
    return `{ ${Object.entries(schema.properties ?? {})
      .map(
        ([name, inner]) =>
          `${name}${schema.required?.includes(name) ? "" : "?"}: ${wrap(typeText(inner, wrap))}`,
      )
      .join("; ")} }`;
  return schema.type === "integer" ? "number" : (schema.type ?? "unknown");
};

/** The arguments of a shape, in its order. */
export const fieldDocs = (shape: Shape, wrap: (text: string) => string = (text) => text): FieldDoc[] =>
  Object.entries(shape).map(([name, schema]) => {
    const json = z.toJSONSchema(schema, { io: "input" }) as JsonSchema;
    const { cost, wire, source } = notesOf(schema);
    return {
      name,
      type: typeText(json, wrap),
      required: !schema.safeParse(undefined).success,
      default: json.default === undefined ? undefined : JSON.stringify(json.default),
      description: json.description ?? "",
      cost,
      wire,
      source,
    };
  });

/** What a change of a field costs, as a sentence. */
export const COSTS: Readonly<Record<Cost, string>> = {
  live: "A change is made in place, without a stop.",
  needsStop: "A change needs a power-off and a start: see `allowStop`.",
  replace: "A change replaces the resource.",
  stateOnly: "A change makes no API call.",
};
