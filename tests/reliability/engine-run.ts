/** The steps of the imitation of the engine; see engine.ts. */
import type { Values } from "../../provider/core/check";
import * as lifecycle from "../../provider/core/lifecycle";
import { type Definition, PartialState, type Shape } from "../../provider/core/resource";
import { UNKNOWN } from "../../provider/core/unknown";
import type { Site } from "../../provider/resources/site";
import type { Process } from "./world";

/** What dependants see of a resource. */
export interface Outputs {
  readonly id: string;
  readonly state: Values;
}

/** One resource of a program. */
export interface Declared {
  /** `Kind::name`, unique in the program. */
  readonly name: string;
  readonly definition: Definition<Shape, Site>;
  /** Names of those that it is made after and goes before. */
  readonly on: readonly string[];
  /** Its inputs, from the outputs of those. */
  readonly inputs: (of: (name: string) => Outputs) => Values;
  /** With this one it goes without a call. */
  readonly deletedWith?: string;
}

export type Program = readonly Declared[];

/** What the checkpoint holds of a resource. */
export interface Recorded extends Outputs {
  readonly declared: Declared;
  readonly inputs: Values;
  /** Why its last step did not end well, if so. */
  readonly reason?: string;
}

/** The engine was killed, or had Ctrl-C twice. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** Not begun, because something else had failed before. */
class NotBegun extends Error {
  override readonly name = "NotBegun";
}

export const unknowns: Outputs = {
  id: UNKNOWN,
  state: new Proxy({}, { get: () => UNKNOWN }),
};

/** What one run of the engine does. A run that was killed records nothing any more. */
export class Run {
  readonly did: string[] = [];
  #failure: { readonly error: unknown } | undefined;
  isKilled = false;

  constructor(
    readonly process: Process,
    readonly checkpoint: Map<string, Recorded>,
    readonly leaving: Set<Recorded>,
  ) {}

  /** A dead engine asks nothing more of a provider that lives on (vm-crash.test "killed in mid-create"). */
  ask<T>(work: () => T): T {
    if (this.isKilled) throw new Killed();
    return work();
  }

  /** Does one step, unless another has failed (vm-crash.test "a create that failed is recorded"). */
  async step<T>(work: () => Promise<T>): Promise<T> {
    if (this.#failure || this.isKilled) throw new NotBegun();
    try {
      return await this.process.call(work);
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
  }

  /** Waits for all steps that were begun, and throws what failed first. */
  async end(steps: readonly Promise<unknown>[]): Promise<void> {
    await Promise.allSettled(steps);
    if (this.#failure) throw this.#failure.error;
  }

  record(name: string, recorded: Recorded | undefined, did?: string): void {
    if (this.isKilled || this.process.seam.isDead) throw new Killed();
    if (recorded) this.checkpoint.set(name, recorded);
    else this.checkpoint.delete(name);
    if (did !== undefined) this.did.push(`${did} ${name}`);
  }

  async check(declared: Declared, olds: Values, news: Values): Promise<Values> {
    const { site } = this.process;
    const { inputs, reasons } = await this.ask(() =>
      lifecycle.check(declared.definition, async () => site, olds, news),
    );
    if (reasons.length > 0) throw new Error(reasons.join("\n"));
    return inputs;
  }

  diff({ definition }: Declared, { id, state }: Recorded, inputs: Values) {
    const plan = this.ask(() => lifecycle.diff(definition, state, inputs));
    definition.planned?.(this.process.site, id, state, inputs, plan);
    return plan;
  }

  /** Partial state is recorded, a plain error records nothing (vm-crash.test "is partial state", vm-crash.test "ends in a sentence"). */
  async keep(
    declared: Declared,
    inputs: Values,
    did: string,
    work: Promise<Outputs>,
    old?: Recorded,
  ): Promise<Outputs> {
    const record = (made: Outputs & { readonly reason?: string }) => {
      this.record(declared.name, { ...made, declared, inputs }, did);
      if (old) this.leaving.add(old);
    };
    try {
      const made = await work;
      record(made);
      return made;
    } catch (error) {
      if (error instanceof PartialState) record({ id: error.id, state: error.state, reason: error.reason });
      throw error;
    }
  }

  /** One that may have been begun before is simply created again (vm-crash.test "killed in mid-create"). */
  async create(declared: Declared, news: Values, did: string, old?: Recorded): Promise<Outputs> {
    const inputs = await this.check(declared, {}, news);
    const work = this.ask(() => lifecycle.create(declared.definition, this.process.context(inputs), inputs));
    return this.keep(declared, inputs, did, work, old);
  }

  async declare(declared: Declared, of: (name: string) => Outputs): Promise<Outputs> {
    const { name, definition } = declared;
    const news = declared.inputs(of);
    const recorded = this.checkpoint.get(name);
    if (!recorded) return this.create(declared, news, "create");
    const inputs = await this.check(declared, recorded.inputs, news);
    const { changes, replaces } = this.diff(declared, recorded, inputs);
    if (replaces.length > 0) {
      // vm.test "a replacement deletes first"; interconnect.test "rows are written by what is new" for create-first
      if (!definition.deleteBeforeReplace) return this.create(declared, news, "replace", recorded);
      await this.#deleteFirst(recorded);
      return this.create(declared, news, "replace");
    }
    // what did not end well is updated even without a change (interconnect.test "a lost answer is told once")
    if (!changes && recorded.reason === undefined) {
      this.record(name, { ...recorded, declared, inputs });
      return recorded;
    }
    const { id, state } = recorded;
    const work = this.ask(() =>
      lifecycle.update(definition, this.process.context(inputs), id, state, inputs),
    ).then((made) => ({ id, state: made }));
    return this.keep(declared, inputs, "update", work);
  }

  /** Whoever would be replaced with it goes before it (lan.test "another range replaces it, and the VMs with it"). */
  async #deleteFirst(recorded: Recorded): Promise<void> {
    const going = new Set([recorded]);
    for (const one of this.checkpoint.values()) {
      const { declared } = one;
      const isOn = [...going].some((other) => declared.on.includes(other.declared.name));
      if (!isOn) continue;
      const gone = (name: string) => [...going].some((other) => other.declared.name === name);
      const of = (name: string) => (gone(name) ? unknowns : (this.checkpoint.get(name) ?? unknowns));
      if (this.diff(declared, one, declared.inputs(of)).replaces.length > 0) going.add(one);
    }
    for (const one of [...going].reverse()) await this.delete(one, going);
  }

  async delete(recorded: Recorded, going: ReadonlySet<Recorded>): Promise<void> {
    const { declared, id, state } = recorded;
    const isTaken = [...going].some((other) => other.declared.name === declared.deletedWith);
    // data-disk.test "destroy deletes the VM alone"
    if (!isTaken)
      await this.ask(() => lifecycle.remove(declared.definition, this.process.context(state), id, state));
    if (this.leaving.delete(recorded)) this.did.push(`delete the old ${declared.name}`);
    else this.record(declared.name, undefined, `delete ${declared.name}`);
  }

  /** Dependants first; what does not depend on one another at the same time (data-disk.test "add one and remove some"). */
  async deleteAll(going: ReadonlySet<Recorded>): Promise<void> {
    const left = new Set(going);
    while (left.size > 0) {
      const wave = [...left].filter(
        ({ declared }) => ![...left].some((other) => other.declared.on.includes(declared.name)),
      );
      await this.end(wave.map((one) => this.step(() => this.delete(one, going))));
      for (const one of wave) left.delete(one);
    }
  }
}
