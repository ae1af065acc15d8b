import type { Values } from "./check";
import type { Change } from "./diff";
import { type Cost, notesOf } from "./fields";
import { hideSecrets, secretFields } from "./mistakes";
import type { Definition, Shape } from "./resource";
import { sanitise } from "./sanitise";
import { isUnknown } from "./unknown";

const SHOWN_CHARACTERS = 60;

/** What a change costs, unless the resource has words of its own. */
const USUAL: Readonly<Record<Exclude<Cost, "replace">, string>> = {
  needsStop: "power-off, change, start",
  live: "changed while it runs",
  stateOnly: "only recorded, no call",
};

const shown = (value: unknown): string | undefined => {
  if (value === undefined || value === null) return "none";
  if (isUnknown(value)) return "known in the up";
  const text = typeof value === "object" ? undefined : sanitise(JSON.stringify(value));
  return text !== undefined && text.length <= SHOWN_CHARACTERS ? text : undefined;
};

const oneChange = (shape: Shape, secrets: readonly string[], { field, from, to }: Change): string => {
  const schema = shape[field];
  const isSecret = secrets.includes(field) || (schema !== undefined && notesOf(schema).secret === true);
  const [before, after] = [shown(from), shown(to)];
  return isSecret || before === undefined || after === undefined
    ? `${field} changed`
    : `${field} ${before} → ${after}`;
};

const and = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

/** What an `up` would do, as `diff` finds it. */
export interface Planned {
  readonly changes: boolean;
  readonly replaces: readonly string[];
  readonly list: readonly Change[];
}

/** A line on the resource's row, and whether data is lost. */
export interface CostLine {
  readonly text: string;
  readonly losesData: boolean;
}

type Source = Pick<Definition<Shape, never>, "shape" | "helper" | "deleteBeforeReplace" | "costs" | "lost">;

const replacement = (
  definition: Source,
  state: Values,
  news: Values,
  { replaces, list }: Planned,
  changed: (change: Change) => string,
): CostLine => {
  const why = list.filter(({ field }) => replaces.includes(field)).map(changed);
  if (replaces.includes("phase")) why.push("it failed to come up");
  const also = list.filter(({ field }) => !replaces.includes(field)).map(changed);
  const usual = definition.deleteBeforeReplace
    ? "replaced: deleted, then made anew"
    : "replaced: made anew, then the old one deleted";
  const how = definition.costs?.(state, news).replace ?? usual;
  const lost = definition.lost?.(state) ?? [];
  return {
    text: [
      `${why.join(", ")}: ${how}`,
      ...(also.length > 0 ? [`also ${also.join(", ")}`] : []),
      ...(lost.length > 0 ? [`${and(lost)} ${lost.length === 1 ? "is" : "are"} deleted with it`] : []),
    ].join("; "),
    losesData: lost.length > 0,
  };
};

/** Says what a planned change costs; `undefined` when there is nothing to say. Secret values are never in it. */
export const costLine = (
  definition: Source,
  state: Values,
  news: Values,
  planned: Planned,
): CostLine | undefined => {
  const { changes, replaces, list } = planned;
  if (definition.helper || (!changes && replaces.length === 0)) return undefined;
  const secrets = secretFields(news);
  const changed = (change: Change): string => oneChange(definition.shape, secrets, change);
  const hide = (text: string): string => hideSecrets(news, text);
  if (replaces.length > 0) {
    const { text, losesData } = replacement(definition, state, news, planned, changed);
    return { text: hide(text), losesData };
  }
  const words = { ...USUAL, ...definition.costs?.(state, news) };
  const groups = (["needsStop", "live", "stateOnly"] as const).flatMap((cost) => {
    const fields = list.filter((change) => change.cost === cost).map(changed);
    return fields.length > 0 ? [`${fields.join(", ")}: ${words[cost]}`] : [];
  });
  if (state.phase !== undefined && state.phase !== "ready")
    groups.unshift("goes on with what an earlier run did not finish");
  return { text: hide(groups.join("; ")), losesData: false };
};
