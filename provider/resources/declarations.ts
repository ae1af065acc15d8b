import type { Values } from "../core/check";

/** By plan and kind: what was declared so far, by URN. */
const plans = new WeakMap<object, Map<string, Map<string, Values>>>();

/** What the resource is called in the program. */
export const titleOf = (urn: string): string => urn.split("::").slice(3).join("::") || urn;

/** Notes a declaration, and answers what else of its kind was declared before, with its name in the program. */
export const declareBeside = (
  plan: object,
  kind: string,
  values: Values,
): readonly { readonly title: string; readonly values: Values }[] => {
  const { __urn: urn } = values;
  if (typeof urn !== "string") return [];
  const kinds = plans.get(plan) ?? new Map<string, Map<string, Values>>();
  const ofKind = kinds.get(kind) ?? new Map<string, Values>();
  plans.set(plan, kinds.set(kind, ofKind.set(urn, values)));
  return [...ofKind].flatMap(([other, theirs]) =>
    other === urn ? [] : [{ title: titleOf(other), values: theirs }],
  );
};

/** What was declared of a kind so far. */
export const declaredOf = (plan: object, kind: string): readonly Values[] => [
  ...(plans.get(plan)?.get(kind)?.values() ?? []),
];
