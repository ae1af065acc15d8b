import type { Values } from "./check";
import { type Change, changesOf } from "./diff";
import { sentence, UserError } from "./errors";
import { hideSecrets, lasting, mistakesIn } from "./mistakes";
import {
  type ArgsOf,
  type Context,
  type Definition,
  type Hidden,
  PartialState,
  type Shape,
} from "./resource";
import { withoutMagic } from "./sanitise";
import { inputMark, isMarked, migrated, outputMark, type Versioned } from "./schema";
import { isKnown } from "./unknown";

/** What the sdk has found wrong with a whole inline program: it is refused in the place of all that it declares. */
const MISTAKES = "__mistakes";

/** Only what the engine can store, and nothing that means more to it: no `undefined`, no infinite number, no magic. */
const storable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item) => storable(item) ?? null);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, inner]) => {
        const kept = storable(inner);
        return kept === undefined || key === "__proto__" ? [] : [[withoutMagic(key), kept]];
      }),
    );
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "string") return withoutMagic(value);
  return typeof value === "boolean" || value === null ? value : undefined;
};

/** The names that the sdk adds, as far as they are known. */
export const hiddenOf = ({ __urn, __key, ...values }: Values): Hidden => ({
  ...(typeof __urn === "string" && { __urn }),
  ...(typeof __key === "string" && { __key }),
  ...Object.fromEntries(
    (["__claim", "__peers", "__vm", "__secret"] as const)
      .filter((name) => isKnown(values[name]))
      .map((name) => [name, values[name]]),
  ),
});

const argsOf = (shape: Shape, values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(shape, name)));

/** What the engine stores: arguments as applied, outputs, and our hidden names. */
const stored = (definition: Versioned, hidden: Hidden, state: Values): Values =>
  storable({ ...state, ...hidden, ...outputMark(definition) }) as Values;

/** Whether an earlier operation was left unfinished, so that the next `up` has something to do. */
const unfinished = (state: Values): boolean => state.phase !== undefined && state.phase !== "ready";

/** The checked inputs, with defaults, and every mistake as a sentence. `olds` are the inputs of the last `up`. */
export const check = async <Site>(
  definition: Definition<Shape, Site>,
  site: () => Promise<Site>,
  earlier: Values,
  news: Values,
): Promise<{ inputs: Values; reasons: string[] }> => {
  const { [MISTAKES]: told } = news;
  if (typeof told === "string") return { inputs: news, reasons: [told] };
  // none on a create
  const olds = Object.keys(earlier).length === 0 ? earlier : migrated(definition, earlier);
  const { inputs, problems: all } = mistakesIn(definition, news);
  if (all.length === 0 && definition.declared)
    all.push(...definition.declared((await site()) as object, inputs));
  const changes = changesOf(
    definition.shape,
    argsOf(definition.shape, olds),
    argsOf(definition.shape, inputs),
  );
  // on a replacement the engine passes no olds: what could be refused was refused before
  if (all.length === 0 && changes.length > 0 && definition.refuse && Object.keys(olds).length > 0)
    all.push(...(await definition.refuse(await site(), olds, changes, inputs)));
  if (all.length === 0 && changes.length > 0 && definition.preflight)
    all.push(...(await definition.preflight(await site(), inputs, changes)));
  const reasons = all.map(({ reason }) => hideSecrets(inputs, reason));
  return { inputs: { ...lasting(inputs), ...inputMark(definition) }, reasons };
};

/** What an `up` would do. `state` are the stored outputs. */
export const diff = (
  definition: Pick<
    Definition<Shape, never>,
    keyof Versioned | "shape" | "update" | "replaces" | "keepsFailed" | "deleteBeforeReplace" | "resumes"
  >,
  earlier: Values,
  news: Values,
): { changes: boolean; replaces: string[]; deleteBeforeReplace: boolean; list: Change[] } => {
  const state = migrated(definition, earlier);
  const list = changesOf(definition.shape, argsOf(definition.shape, state), argsOf(definition.shape, news));
  const replaces = list
    .filter(
      (change) =>
        change.cost === "replace" || !definition.update || definition.replaces?.(state, change) === true,
    )
    .map(({ field }) => field);
  if (state.phase === "failed" && replaces.length === 0 && definition.keepsFailed?.(state) !== true)
    replaces.push("phase");
  return {
    changes: list.length > 0 || (definition.resumes !== false && unfinished(state)),
    replaces,
    deleteBeforeReplace: definition.deleteBeforeReplace,
    list,
  };
};

/** Throws in place of whatever came out of a step what the engine should see. */
const failed = (definition: Versioned, hidden: Hidden, error: unknown): never => {
  if (error instanceof PartialState)
    throw new PartialState(error.id, stored(definition, hidden, error.state), error.reason);
  throw new UserError(sentence(error));
};

export const create = async <Site>(
  definition: Definition<Shape, Site>,
  context: Context<Site>,
  inputs: Values,
): Promise<{ id: string; state: Values }> => {
  try {
    const { id, state } = await definition.create(context, argsOf(definition.shape, inputs) as ArgsOf<Shape>);
    return { id, state: stored(definition, hiddenOf(inputs), state) };
  } catch (error) {
    return failed(definition, hiddenOf(inputs), error);
  }
};

/** `undefined` when the resource is proven gone; in a `get` that is an error. */
export const read = async <Site>(
  definition: Definition<Shape, Site>,
  context: Context<Site>,
  id: string,
  props: Values,
): Promise<{ state: Values; inputs: Values } | undefined> => {
  const known = isMarked(props);
  try {
    const state = await definition.read(context, id, known ? migrated(definition, props) : undefined);
    if (state) {
      const whole = stored(definition, hiddenOf(props), state);
      const inputs = { ...argsOf(definition.shape, whole), ...hiddenOf(props), ...inputMark(definition) };
      return { state: whole, inputs };
    }
  } catch (error) {
    return failed(definition, hiddenOf(props), error);
  }
  if (known) return undefined;
  throw new UserError(
    `there is no ${definition.kind} with the id ${id}: it was deleted, or the id or the account is wrong.`,
  );
};

export const update = async <Site>(
  definition: Definition<Shape, Site>,
  context: Context<Site>,
  id: string,
  earlier: Values,
  news: Values,
): Promise<Values> => {
  const hidden = { ...hiddenOf(earlier), ...hiddenOf(news) };
  try {
    const olds = migrated(definition, earlier);
    if (!definition.update) throw new UserError(`a ${definition.kind} can't be changed in place.`);
    const args = argsOf(definition.shape, news);
    const known = argsOf(definition.shape, olds);
    // what only the state holds is changed there, also while the remote system can't be reached
    if (
      !unfinished(olds) &&
      changesOf(definition.shape, known, args).every(({ cost }) => cost === "stateOnly")
    ) {
      const outputs = Object.fromEntries(
        Object.entries(olds).filter(([name]) => !Object.hasOwn(known, name)),
      );
      return stored(definition, hidden, { ...outputs, ...args });
    }
    const state = await definition.update(context, id, olds, args as ArgsOf<Shape>);
    return stored(definition, hidden, state);
  } catch (error) {
    return failed(definition, hidden, error);
  }
};

export const remove = async <Site>(
  definition: Definition<Shape, Site>,
  context: Context<Site>,
  id: string,
  props: Values,
): Promise<void> => {
  try {
    await definition.delete(context, id, migrated(definition, props));
  } catch (error) {
    failed(definition, hiddenOf(props), error);
  }
};
