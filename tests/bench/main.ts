import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { ensureEngine } from "../engine/engine";
import { still, ups } from "./engine-speed";
import { startup } from "./first-check";
import type { Figure, Measure } from "./measure";
import { power } from "./power";
import { importing, memory, providerTextBytes } from "./sizes";
import { jsonOf, tableOf } from "./table";
import { frozen, outage, refreshing, waiting } from "./waiting";

/** In the order of the table. */
const MEASURES: readonly Measure[] = [
  waiting,
  frozen,
  refreshing,
  providerTextBytes,
  importing,
  power,
  memory,
  outage,
  startup,
  still,
  ups,
];

interface Flags {
  readonly json?: string;
  readonly only?: readonly string[];
}

/** Runs what was chosen. A target that is missed is a result; only a measure that could not be taken is a failure. */
const bench = async ({ json, only }: Flags): Promise<number> => {
  const keys = MEASURES.flatMap((measure) => measure.keys);
  const unknown = only?.filter((key) => !keys.includes(key)) ?? [];
  if (unknown.length > 0)
    throw new Error(`there is no measure ${unknown.join(", ")}; there are ${keys.join(", ")}`);
  const figures: Figure[] = [];
  const failed: Record<string, string> = {};
  const say = (line: string) => void process.stderr.write(`  ${line}\n`);
  for (const measure of MEASURES) {
    const wanted = measure.keys.filter((key) => only?.includes(key) ?? true);
    if (wanted.length === 0) continue;
    const began = performance.now();
    process.stderr.write(`${measure.keys.join(", ")}\n`);
    try {
      if (measure.engine) await ensureEngine(say);
      figures.push(...(await measure.run(say)).filter(({ key }) => wanted.includes(key)));
    } catch (error) {
      for (const key of wanted) failed[key] = error instanceof Error ? error.message : String(error);
    }
    say(`${Math.round((performance.now() - began) / 1_000)} s`);
  }
  process.stdout.write(`${tableOf(figures)}\n`);
  for (const [key, why] of Object.entries(failed)) process.stdout.write(`FAILED  ${key}: ${why}\n`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(jsonOf(figures, failed), undefined, 2)}\n`);
  return Object.keys(failed).length > 0 ? 1 : 0;
};

const program = new Command("npm run bench --")
  .description("Measures what the provider costs, beside what others cost for the same work.")
  .option("--json <file>", "write the figures there as well")
  .option("--only <key...>", "measure only these")
  .action(async (flags: Flags) => {
    process.exitCode = await bench(flags);
  });

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
