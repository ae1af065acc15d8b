import { checkFields, type Problem, type Values } from "./check";
import type { Definition, Shape } from "./resource";

/** What the part of a definition is made of that needs no remote system. */
export type Offline = Pick<Definition<Shape, never>, "shape" | "helper" | "derive" | "rules" | "declared">;

/** Under this name the sdk passes along which fields the user marked as secret. */
const SECRETS = "__secret";

/** Names that only serve a check and are in no state. */
const PASSING = ["__nodes"];

/** The fields whose values the user marked as secret. */
export const secretFields = ({ [SECRETS]: names }: Values): readonly string[] =>
  Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];

const leaves = (value: unknown): string[] => {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(leaves);
  // a shorter one is no secret, and would be found everywhere
  return value !== undefined && String(value).length > 2 ? [String(value)] : [];
};

/** Takes the values that the user marked as secret out of a text. */
export const hideSecrets = (values: Values, text: string): string =>
  secretFields(values)
    .flatMap((name) => leaves(values[name]))
    .reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);

/** Inputs as they are kept: without what only served the check. */
export const lasting = (inputs: Values): Values =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => !PASSING.includes(name)));

/** The checked inputs, with defaults, and every mistake that shows without a remote system. */
export const mistakesIn = (definition: Offline, news: Values): { inputs: Values; problems: Problem[] } => {
  const { values, problems } = checkFields(definition.shape, news, secretFields(news));
  const inputs = definition.derive?.(values) ?? values;
  const together = definition.rules?.(inputs) ?? [];
  return {
    inputs,
    problems: [
      ...problems,
      ...together.filter(
        ({ field, unless = [] }) => !problems.some((problem) => [field, ...unless].includes(problem.field)),
      ),
    ],
  };
};
