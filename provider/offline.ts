/**
 * The rules that need no remote system, for the sdk: it asks for this module when a program has declared something,
 * and judges all of it before any of it is registered.
 */
import type { Values } from "./core/check";
import { hideSecrets, mistakesIn, type Offline } from "./core/mistakes";
import { definitions } from "./definitions";

export { UNKNOWN } from "./core/unknown";

/** What users write; what only serves another resource holds nothing of theirs. */
const definitionOf = (handler: string): Offline | undefined => {
  const definition: Offline | undefined = Object.entries(definitions).find(
    ([name]) => name === handler,
  )?.[1]();
  return definition?.helper ? undefined : definition;
};

/**
 * The mistakes in a resource's arguments, each a sentence. Values not known yet pass. All that is judged with the same
 * `plan` belongs to one program; `urn` tells its resources apart.
 */
export const judge = (handler: string, urn: string, args: Values, plan: object): string[] => {
  const definition = definitionOf(handler);
  if (!definition) return [];
  const { inputs, problems } = mistakesIn(definition, args);
  const beside = definition.declared?.(plan, { ...inputs, __urn: urn }) ?? [];
  problems.push(...beside.filter(({ field }) => !problems.some((problem) => problem.field === field)));
  return problems.map(({ reason }) => hideSecrets(inputs, reason));
};
