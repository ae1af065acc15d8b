import type { Values } from "../core/check";
import { type Context, type Definition, defineResource, PartialState, type Shape } from "../core/resource";
import { titleOf } from "./declarations";
import type { Site } from "./site";

/** Names the real thing that a resource with this state stands for, with its kind; `undefined` while nobody knows. */
type Identity = (id: string, state: Values) => string | undefined;

/** A resource of the program that stands for a thing. */
export interface Holder {
  readonly urn: string;
  readonly state: Values;
  /** The name under which it is recorded, if an alias gave it another since. */
  readonly alias?: string | undefined;
  /** It was there before this run. */
  readonly isOld: boolean;
  /** Made in this run, as the successor of one of the same name that is yet to end. */
  readonly again: boolean;
}

const word = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Names things of several stacks apart. */
const keyOf = (urn: string, thing: string): string => `${urn.split("::", 2).join("::")} ${thing}`;

const isBy = (urn: string, holder: Holder): boolean => holder.urn === urn || holder.alias === urn;

/** Who of the program stands for what, as far as this run has seen. A destroy sees nobody. */
export class Holds {
  readonly #holders = new Map<string, Map<string, Holder>>();

  hold(thing: string | undefined, holder: Holder): void {
    if (thing === undefined) return;
    const key = keyOf(holder.urn, thing);
    this.#holders.set(key, (this.#holders.get(key) ?? new Map()).set(holder.urn, holder));
  }

  /** Whether a resource of this name stood for a thing before this run, and has not ended. */
  had(thing: string | undefined, urn: string): boolean {
    return thing !== undefined && this.#holders.get(keyOf(urn, thing))?.get(urn)?.isOld === true;
  }

  /** A resource of this name has ended. */
  release(thing: string | undefined, urn: string): void {
    if (thing === undefined) return;
    const holders = this.#holders.get(keyOf(urn, thing));
    for (const holder of holders?.values() ?? [])
      if (!holder.again && isBy(urn, holder)) holders?.delete(holder.urn);
  }

  /** Those that go on standing for a thing when the resource of this name ends. */
  beside(thing: string | undefined, urn: string): Holder[] {
    const holders = thing === undefined ? [] : [...(this.#holders.get(keyOf(urn, thing))?.values() ?? [])];
    return holders.filter((holder) => holder.again || !isBy(urn, holder));
  }
}

/** Who else stands for the thing of a resource that ends. */
export const others = ({ site, hidden }: Context<Site>, thing: string | undefined): Holder[] =>
  hidden.__urn === undefined ? [] : site.holds.beside(thing, hidden.__urn);

/** Tells the user why something stays. */
export const tellStays = (context: Context<Site>, what: string, holder: Holder): void =>
  context.warn(
    `${what} stays, because the resource "${titleOf(holder.urn)}" of this program stands for it now; the old entry is only forgotten.`,
  );

/**
 * Whether a thing must stay although the resource ends, which the user is told: renamed in the program, it is made
 * anew, or adopted, before the old one ends.
 */
export const stays = (context: Context<Site>, thing: string | undefined, what: string): boolean => {
  const [holder] = others(context, thing);
  if (holder) tellStays(context, what, holder);
  return holder !== undefined;
};

/** Defines a resource that notes what it stands for: whatever is made, changed, or left as it is by a run. */
export const defineHolder = <S extends Shape>(
  identity: Identity,
  definition: Definition<S, Site>,
): Definition<S, Site> => {
  /** Notes what came of a step. What failed without being recorded stands for nothing. */
  const noted = async <T>(
    { site, hidden: { __urn: urn } }: Context<Site>,
    isNew: boolean,
    step: Promise<T>,
    made: (result: T) => { readonly id: string; readonly state: Values },
  ): Promise<T> => {
    const note = ({ id, state }: { readonly id: string; readonly state: Values }): void => {
      const thing = identity(id, state);
      if (urn === undefined) return;
      const had = site.holds.had(thing, urn);
      site.holds.hold(thing, { urn, state, isOld: had && !isNew, again: had && isNew });
    };
    try {
      const result = await step;
      note(made(result));
      return result;
    } catch (error) {
      if (error instanceof PartialState) note(error);
      throw error;
    }
  };
  const { planned, create, update, delete: end } = definition;
  return defineResource<S, Site>({
    ...definition,
    planned(site, id, state, news, plan) {
      const urn = word(news.__urn);
      if (urn !== undefined)
        site.holds.hold(identity(id, state), {
          urn,
          state,
          alias: word(state.__urn),
          isOld: true,
          again: false,
        });
      planned?.(site, id, state, news, plan);
    },
    create: (context, args) => noted(context, true, create(context, args), (made) => made),
    ...(update && {
      update: (context: Context<Site>, id: string, state: Values, args: Parameters<typeof update>[3]) =>
        noted(context, false, update(context, id, state, args), (changed) => ({ id, state: changed })),
    }),
    async delete(context, id, state) {
      await end(context, id, state);
      const urn = context.hidden.__urn;
      if (urn !== undefined) context.site.holds.release(identity(id, state), urn);
    },
  });
};
