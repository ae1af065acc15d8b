/**
 * Model-based test: random histories of two stacks, shrunk when something does not hold. `MODEL_RUNS` and `MODEL_SEED`
 * make it longer, and another; a failure prints the seed and the path that replay it.
 */
import "./signatures";
import * as fc from "fast-check";
import { Site } from "./model";
import { COMMANDS, commandsRun, RENTAL, type Sense } from "./model-commands";

const all = Number(process.env.MODEL_RUNS ?? 1_000);
/** Those that have to come to an end take longer. */
const lively = Math.ceil(all * 0.4);
const seed = Number(process.env.MODEL_SEED ?? 20_260_101);

let [runs, failures] = [0, 0];
afterAll(() => {
  process.stdout.write(
    `model: ${runs} runs, ${commandsRun()} commands, ${failures} failures (seed ${seed})\n`,
  );
});

const histories = (commands: typeof COMMANDS, end: (site: Site) => Promise<void>) =>
  fc.asyncProperty(fc.commands(commands, { maxCommands: 8 }), async (history) => {
    runs += 1;
    const site = await Site.open(1);
    try {
      const start = (): { model: Sense; real: Site } => ({ model: { unsettled: new Set() }, real: site });
      await fc.asyncModelRun(start, history);
      await end(site);
      if (site.broken.length > 0) throw new Error(site.broken.join("; "));
    } catch (error) {
      failures += 1;
      throw error;
    } finally {
      await site.close();
    }
  });

const LONG = 3_600_000; // hundreds of histories, on a machine of any speed

test(
  "safety: whatever happens, nothing is doubled, forgotten, or taken away",
  () =>
    fc.assert(
      histories([...COMMANDS, ...RENTAL], async () => undefined),
      { numRuns: all - lively, seed },
    ),
  LONG,
);

test(
  "liveness: once it stops happening, every stack comes to what its program says, and goes without a trace",
  () =>
    fc.assert(
      histories([...COMMANDS, ...RENTAL], (site) => site.converges()),
      { numRuns: lively, seed },
    ),
  LONG,
);
