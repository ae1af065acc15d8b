import type * as z from "zod";
import type { Problem, Values } from "./check";
import type { Change } from "./diff";
import type { Clock, Random } from "./effects";
import type { Cost } from "./fields";
import type { Versioned } from "./schema";

export type Shape = Readonly<Record<string, z.ZodType>>;

/** The checked arguments of a resource with this shape. */
export type ArgsOf<S extends Shape> = z.output<z.ZodObject<S>>;

/** Names that the sdk adds and a user never writes; all are kept in state and left out of every diff. */
export interface Hidden {
  /** URN of the resource, for messages on its row. */
  readonly __urn?: string;
  /** Random key of the resource (`VmKey`). */
  readonly __key?: string;
  /** What was there before the resource was made (`DiskClaim`). */
  readonly __claim?: unknown;
  /** What the program declares on the same VM. */
  readonly __peers?: unknown;
  /** What the VM's own outputs say about its power and rental. */
  readonly __vm?: unknown;
  /** Names of the arguments that the user marked as secret. */
  readonly __secret?: unknown;
}

/** What a lifecycle step may use of its surroundings. `site` is what it talks to. */
export interface Context<Site> {
  readonly site: Site;
  readonly clock: Clock;
  readonly random: Random;
  readonly hidden: Hidden;
  /** Shows on the resource's row what is being waited for; changes are shown at once, else one line a minute. */
  progress(text: string): void;
  /** The step is over, well or not. */
  done(): void;
  /** Tells the user something that must not scroll away. */
  warn(text: string): void;
}

/**
 * The operation did not end well, but the resource exists, or may exist: `state` is recorded and the next `up` goes
 * on from its `phase`. From the moment a create may have left, this is the only error that may be thrown.
 */
export class PartialState extends Error {
  override readonly name = "PartialState";
  constructor(
    readonly id: string,
    readonly state: Values,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** What an `up` does with a resource that exists. */
export interface Plan {
  readonly changes: boolean;
  /** Fields because of which it is replaced. */
  readonly replaces: readonly string[];
}

/** Everything that is particular to one resource; the rest is derived from it or done by `lifecycle.ts`. */
export interface Definition<S extends Shape = Shape, Site = unknown> extends Versioned {
  /** Type, default, meaning, validation, wire name and cost of every argument. */
  readonly shape: S;
  readonly deleteBeforeReplace: boolean;
  /** It only serves another resource: a plan says nothing about it. */
  readonly helper?: true;
  /** Fills in defaults that depend on other fields. Fields may be unknown. */
  derive?(values: Values): Values;
  /** Mistakes that only show when fields are seen together. Fields may be missing, wrong or unknown. */
  rules?(values: Values): Problem[];
  /**
   * Mistakes that only show beside what else the program declares; asked of every declaration that is right. All that
   * is declared with the same `plan` belongs together.
   */
  declared?(plan: object, values: Values): Problem[];
  /** Why a change of what exists must not be made, before anything is touched. `olds` are the earlier inputs. */
  refuse?(site: Site, olds: Values, changes: readonly Change[], news: Values): Promise<Problem[]>;
  /**
   * Mistakes that the remote system would tell of only later, for creates and `changes`; asked only when all else is
   * right. It answers soon, and has nothing to say while the remote system can't be reached.
   */
  preflight?(site: Site, values: Values, changes: readonly Change[]): Promise<Problem[]>;
  /**
   * Told what this run is about to do with one that exists, in time for what depends on it. Makes no call; fields of
   * `news` may be unknown.
   */
  planned?(site: Site, id: string, state: Values, news: Values, plan: Plan): void;
  /** What a change costs, for the preview, where it is not what the field's cost says by itself. */
  costs?(state: Values, news: Values): Partial<Record<Cost, string>>;
  /** Files that are deleted with one that is replaced. */
  lost?(state: Values): readonly string[];
  /** `false`: an unfinished one is left as it is until the user changes something; gone on with unless given. */
  readonly resumes?: boolean;
  /** Whether a change of a field that may go either way replaces after all. */
  replaces?(state: Values, change: Change): boolean;
  /** Whether one that failed to come up is mended by `update` and not replaced. */
  keepsFailed?(state: Values): boolean;
  create(context: Context<Site>, args: ArgsOf<S>): Promise<{ id: string; state: Values }>;
  /** `undefined` only when the resource is proven to be gone; `state` is undefined in a `get`. */
  read(context: Context<Site>, id: string, state: Values | undefined): Promise<Values | undefined>;
  update?(context: Context<Site>, id: string, state: Values, args: ArgsOf<S>): Promise<Values>;
  delete(context: Context<Site>, id: string, state: Values): Promise<void>;
}

/** Keeps the types of a definition's shape. */
export const defineResource = <S extends Shape, Site>(definition: Definition<S, Site>): Definition<S, Site> =>
  definition;
