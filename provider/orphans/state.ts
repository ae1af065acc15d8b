import * as z from "zod";
import { UserError } from "../core/errors";

/** Prefix of the type tokens of this package's resources. */
const OURS = "pulumi-nodejs:dynamic/dbc:";

const Resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  /** Looked up only: whoever looks owns nothing. */
  external: z.boolean().optional(),
  inputs: z.record(z.string(), z.unknown()).nullish(),
  outputs: z.record(z.string(), z.unknown()).nullish(),
});
type Resource = z.output<typeof Resource>;

/** What `pulumi stack export` prints. Other versions may keep resources elsewhere, and so are not guessed at. */
const Exported = z.looseObject({
  version: z.union([z.literal(3), z.literal(4)]),
  deployment: z
    .looseObject({
      resources: z.array(Resource).nullish(),
      pending_operations: z.array(z.looseObject({ resource: Resource })).nullish(),
    })
    .nullish(),
});

/** A part of a key, as it is found on a machine, a LAN or a task: names and ids are cut to different lengths. */
const TOKEN = /pd1[0-9a-z]{7,19}/g;
const LENGTHS = [10, 11, 20, 22];

/** What stack states say of the world. */
export class Owned {
  readonly #marks = new Set<string>();
  readonly #texts = new Set<string>();
  readonly #orders = new Map<string, Set<string | undefined>>();
  readonly #regions = new Set<string>();

  /** The nodes that the states name, each with the rental orders that they name on it. */
  get nodes(): ReadonlyMap<string, ReadonlySet<string | undefined>> {
    return this.#orders;
  }

  /** The regions of the container platform that the states name, by id. */
  get regions(): ReadonlySet<string> {
    return this.#regions;
  }

  /** Whether a state owns what carries this mark, or stands on it, or has recorded it under this id. */
  has(mark: string, id = ""): boolean {
    return this.#marks.has(mark) || this.#texts.has(id);
  }

  /** Takes in all that one state manages, pending operations included: their inputs hold the key already. */
  add(exported: string, name: string): void {
    const { deployment } = parse(exported, name);
    for (const resource of [
      ...(deployment?.resources ?? []),
      ...(deployment?.pending_operations ?? []).map((pending) => pending.resource),
    ])
      if (resource.type.startsWith(OURS) && resource.external !== true) this.#take(resource);
  }

  #take({ type, id = "", inputs, outputs }: Resource): void {
    const rentOrder = outputs?.rentOrder ?? inputs?.rentOrder;
    if (type === `${OURS}ContainerTask` && id.includes("/")) this.#regions.add(id.slice(0, id.indexOf("/")));
    for (const text of textsIn([id, inputs, outputs])) {
      this.#texts.add(text);
      for (const [token] of text.matchAll(TOKEN))
        for (const length of LENGTHS) if (token.length >= length) this.#marks.add(token.slice(0, length));
      const nodeId = /^[0-9a-f]{64}(?=\/|$)/.exec(text)?.[0];
      if (nodeId === undefined) continue;
      const orders = this.#orders.get(nodeId) ?? new Set([undefined]);
      this.#orders.set(nodeId, typeof rentOrder === "string" ? orders.add(rentOrder) : orders);
    }
  }
}

const parse = (text: string, name: string): z.output<typeof Exported> => {
  try {
    return Exported.parse(JSON.parse(text));
  } catch {
    throw new UserError(
      `could not read ${name} as a stack's state: it must be what \`pulumi stack export\` prints, of version 3 or 4.`,
    );
  }
};

/** Every text in a value, at any depth. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
};
