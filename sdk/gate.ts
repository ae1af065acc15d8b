import * as pulumi from "@pulumi/pulumi";
import type { Kind } from "../provider/kinds";
import type * as offline from "../provider/offline";
import { type Later, later } from "./arguments";
import { refuseInline } from "./refuse";
import { settingsInClear } from "./settings-in-clear";
import { mayBeTransformed } from "./transforms";

interface Declaration {
  readonly kind: Kind;
  readonly name: string;
  readonly args: Readonly<Record<string, Later>>;
  readonly opts: pulumi.CustomResourceOptions;
  resource?: pulumi.Resource;
}

/** What one run of one program has declared. */
interface Plan {
  turn?: Turn | undefined;
  /** Tells the declarations apart. */
  count: number;
  /** Nodes that it names. */
  readonly nodes: Set<string>;
}

/** All that is declared until the program next waits for something. */
interface Turn {
  readonly declarations: Declaration[];
  /** Mistakes that the classes here have found by themselves. */
  readonly mistakes: string[];
  /** Rejects when any of it is wrong. */
  readonly verdict: Promise<void>;
}

/** By the stack that a program declares; several may run in one process. */
const plans = new WeakMap<object, Plan>();

const newPlan = (): Plan => ({ count: 0, nodes: new Set() });

/** Without a stack, as in unit tests with mocks, what belongs together is what is declared together. */
let without: Plan | undefined;

const planNow = (): Plan => {
  const stack = pulumi.runtime.getStackResource();
  if (stack === undefined) {
    without ??= newPlan();
    return without;
  }
  const plan = plans.get(stack) ?? newPlan();
  plans.set(stack, plan);
  return plan;
};

/** An error that is shown as it is, once: the SDK would put its own words before the message at each resource. */
const fixed = (text: string): Error =>
  Object.defineProperties(
    new pulumi.RunError(text),
    Object.fromEntries(
      ["message", "stack"].map((property) => [property, { get: () => text, set: () => undefined }]),
    ),
  );

const told = (mistakes: readonly string[]): string =>
  mistakes.length === 1
    ? `a mistake in this program: ${mistakes.join()}`
    : `${mistakes.length} mistakes in this program:\n${mistakes.map((mistake) => `    ${mistake}`).join("\n")}`;

/** Whether the engine may put an earlier value in the place of a field's. */
const isIgnored = ({ ignoreChanges = [] }: pulumi.CustomResourceOptions, field: string): boolean =>
  ignoreChanges.some((path) => path === "*" || path.split(/[.[]/)[0] === field);

/** The mistakes in the arguments of what was declared, but of what the program itself changes on the way. */
const mistakesOf = async (plan: Plan, declarations: readonly Declaration[]): Promise<string[]> => {
  // loaded here, so that importing this package stays quick
  const { UNKNOWN, judge: reasons } = require("../provider/offline") as typeof offline;
  const mistakes = declarations.flatMap((declaration) => {
    const { kind, name, args, opts } = declaration;
    const known = Object.fromEntries(
      Object.entries(args).map(([field, argument]) => [
        field,
        isIgnored(opts, field) ? UNKNOWN : argument.value(UNKNOWN),
      ]),
    );
    const secret = Object.entries(args).flatMap(([field, argument]) => (argument.secret() ? [field] : []));
    if (typeof known.nodeId === "string" && known.nodeId !== UNKNOWN) plan.nodes.add(known.nodeId);
    plan.count += 1;
    const urn = `gate::${plan.count}::${kind.type}::${name}`;
    return reasons(kind.handler, urn, { ...known, __secret: secret }, plan).map((reason) => ({
      declaration,
      text: `${kind.type} "${name}": ${reason}`,
    }));
  });
  if (mistakes.length === 0) return [];
  const changeable = await mayBeTransformed(
    [...new Set(mistakes.map(({ declaration }) => declaration))].map(({ resource, opts }) => ({
      resource,
      opts,
    })),
  );
  return mistakes.filter(({ declaration }) => !changeable(declaration.resource)).map(({ text }) => text);
};

const turnOf = (plan: Plan): Turn => {
  if (plan.turn) return plan.turn;
  const declarations: Declaration[] = [];
  // the configuration is the same for all turns
  const mistakes = plan.count === 0 ? settingsInClear() : [];
  const judge = async (): Promise<void> => {
    plan.turn = undefined;
    if (plan === without) without = undefined;
    const all = [...mistakes, ...(await mistakesOf(plan, declarations))];
    if (all.length === 0) return;
    refuseInline(told(all));
    throw fixed(told(all));
  };
  const verdict = new Promise<void>((resolve, reject) => {
    setImmediate(() => {
      judge().then(resolve, reject);
    });
  });
  plan.turn = { declarations, mistakes, verdict };
  return plan.turn;
};

/**
 * Holds a resource back until all that the program declares with it is known to be right, as far as that shows without
 * a remote system: the engine itself stops at the first resource that it finds wrong. Nothing is waited for but the
 * next event, so that the program goes on as ever.
 */
export const declare = (
  kind: Kind,
  name: string,
  args: pulumi.Inputs,
  opts: pulumi.CustomResourceOptions,
): { readonly verdict: Promise<void>; made(resource: pulumi.Resource): void } => {
  const { declarations, verdict } = turnOf(planNow());
  const own = Object.entries(args).filter(([field]) => !field.startsWith("__"));
  const declaration: Declaration = {
    kind,
    name,
    args: Object.fromEntries(own.map(([field, value]) => [field, later(value)])),
    opts,
  };
  declarations.push(declaration);
  return {
    verdict,
    made: (resource) => {
      declaration.resource = resource;
    },
  };
};

/**
 * Notes a mistake that shows without the arguments' own rules. It is told with all others, and nothing that is
 * declared with it is registered.
 */
export const mistake = (where: string, reason: string): void => {
  turnOf(planNow()).mistakes.push(`${where}: ${reason}`);
};

/** A program is told of at most so many of its nodes. */
const MOST_NODES = 16;

/** The nodes that the program names, where there are several: where something might fit that does not elsewhere. */
export const declaredNodes = (): pulumi.Output<string[] | undefined> => {
  const plan = planNow();
  return pulumi.output(
    turnOf(plan).verdict.then(
      () => (plan.nodes.size > 1 ? [...plan.nodes].slice(0, MOST_NODES) : undefined),
      // told by the gate
      () => undefined,
    ),
  );
};
