/**
 * A small imitation of Pulumi's engine. Each of its rules names the test of the real engine that shows it; rules that
 * are not listed there are not imitated.
 */
import * as lifecycle from "../../provider/core/lifecycle";
import { Killed, type Outputs, type Program, type Recorded, Run, unknowns } from "./engine-run";
import type { Process } from "./world";

/** One stack: its checkpoint, and the runs that change it. */
export class Engine {
  readonly checkpoint = new Map<string, Recorded>();
  /** Replaced, and not yet deleted. */
  readonly leaving = new Set<Recorded>();
  /** What providers whose engine was killed are still at. */
  readonly background: Promise<unknown>[] = [];
  #kill: (() => void) | undefined;

  /** Brings the stack to what the program declares; answers with what was done. */
  up(process: Process, program: Program): Promise<string[]> {
    return this.#operate(process, async (run) => {
      const steps = new Map<string, Promise<Outputs>>();
      for (const declared of program) {
        const step = Promise.all(declared.on.map(async (on) => [on, await steps.get(on)] as const)).then(
          (made) => {
            const outputs = new Map(made);
            return run.step(() => run.declare(declared, (on) => outputs.get(on) ?? unknowns));
          },
        );
        step.catch(() => undefined);
        steps.set(declared.name, step);
      }
      await run.end([...steps.values()]);
      const wanted = new Set(program.map(({ name }) => name));
      const unwanted = [...this.checkpoint.values()].filter(({ declared }) => !wanted.has(declared.name));
      await run.deleteAll(new Set([...this.leaving, ...unwanted]));
    });
  }

  /** vm.test "refresh sees a stop behind our back", vm.test "one that vanished is made again". */
  refresh(process: Process): Promise<string[]> {
    return this.#operate(process, async (run) => {
      const steps = [...this.checkpoint].map(([name, recorded]) =>
        run.step(async () => {
          const { declared, id, state } = recorded;
          const found = await lifecycle.read(declared.definition, process.context(state), id, state);
          // it wipes the reason, too (container-crash.test "the next up, after a refresh too, goes on waiting")
          run.record(name, found && { declared, id, state: found.state, inputs: found.inputs });
        }),
      );
      await run.end(steps);
    });
  }

  destroy(process: Process): Promise<string[]> {
    return this.#operate(process, (run) =>
      run.deleteAll(new Set([...this.leaving, ...this.checkpoint.values()])),
    );
  }

  /** Nothing of what comes back from the provider is recorded any more (vm-crash.test "killed in mid-create"). */
  kill(): void {
    this.#kill?.();
  }

  async #operate(process: Process, work: (run: Run) => Promise<void>): Promise<string[]> {
    const run = new Run(process, this.checkpoint, this.leaving);
    const killed = new Promise<never>((_resolve, reject) => {
      this.#kill = () => {
        run.isKilled = true;
        this.background.push(whole.catch(() => undefined));
        reject(new Killed());
      };
    });
    const whole = work(run);
    try {
      await Promise.race([whole, killed]);
      return run.did;
    } finally {
      this.#kill = undefined;
    }
  }
}
