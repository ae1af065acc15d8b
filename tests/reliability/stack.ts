/** What the engine does with one resource, as far as it matters to who dies in the middle; see the real-engine tests. */
import type { Values } from "../../provider/core/check";
import * as lifecycle from "../../provider/core/lifecycle";
import { type Definition, PartialState, type Shape } from "../../provider/core/resource";
import type { Site } from "../../provider/resources/site";
import type { Lab, Recorded } from "../resources/lab";

/** One resource of one stack, from up to up. */
export class Stack {
  /** What the checkpoint holds. */
  recorded: Recorded | undefined;

  constructor(
    readonly lab: Lab,
    readonly definition: Definition<Shape, Site>,
  ) {}

  /** An up: a plain error records nothing, and a deletion is recorded before the create that follows it. */
  async up(news: Values): Promise<"nothing" | "create" | "update" | "replace"> {
    const { lab, definition, recorded } = this;
    if (!recorded) {
      this.recorded = await lab.create(definition, news);
      return "create";
    }
    const { inputs, reasons } = await lab.check(definition, recorded.inputs, news);
    if (reasons.length > 0) throw new Error(reasons.join("\n"));
    const { changes, replaces } = lifecycle.diff(definition, recorded.state, inputs);
    definition.planned?.(lab.site, recorded.id, recorded.state, inputs, { changes, replaces });
    if (replaces.length > 0) {
      await this.destroy();
      this.recorded = await lab.create(definition, news);
      return "replace";
    }
    // what did not end well is updated even without a change
    if (!changes && recorded.reason === undefined) return "nothing";
    this.recorded = await this.#update(recorded, inputs);
    return "update";
  }

  async refresh(): Promise<void> {
    if (this.recorded) this.recorded = await this.lab.refresh(this.definition, this.recorded);
  }

  async destroy(): Promise<void> {
    if (this.recorded) await this.lab.delete(this.definition, this.recorded);
    this.recorded = undefined;
  }

  async #update({ id, state }: Recorded, inputs: Values): Promise<Recorded> {
    const { lab, definition } = this;
    try {
      const work = lifecycle.update(definition, lab.context(inputs), id, state, inputs);
      return { id, inputs, state: await lab.run(work) };
    } catch (error) {
      if (!(error instanceof PartialState)) throw error;
      return { id: error.id, inputs, state: error.state, reason: error.reason };
    }
  }
}
