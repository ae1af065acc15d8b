/**
 * Crash-point enumeration: wherever a lifecycle breaks, an up and a destroy mend it. `CRASH_POINT`, as a failure prints
 * it, runs that one alone; `CRASH_SEED` makes chance another.
 */
import "./signatures";
import { run } from "./crash-points";
import { LIFECYCLES } from "./lifecycles";
import { MODES } from "./seam";
import { SUBJECTS } from "./subjects";

const seed = Number(process.env.CRASH_SEED ?? 1);
const alone = process.env.CRASH_POINT;

let [scenarios, failures] = [0, 0];
afterAll(() => {
  process.stdout.write(`crash points: ${scenarios} scenarios, ${failures} failures (seed ${seed})\n`);
});

const rows = SUBJECTS.flatMap((subject) =>
  LIFECYCLES.flatMap((lifecycle) => {
    const wanted = lifecycle.wants(subject);
    const name = `${subject.name.split("::")[0]}, ${lifecycle.name}`;
    return wanted && alone?.startsWith(`${name}, `) !== false
      ? [[name, subject, lifecycle, wanted] as const]
      : [];
  }),
);

test.each(rows)(
  "%s",
  async (name, subject, lifecycle, wanted) => {
    const whole = await run(subject, lifecycle, wanted, seed);
    const wrong = whole.wrong.map((what) => `${name}, without a fault: ${what}`);
    for (const [at, effect] of whole.effects.entries())
      for (const mode of MODES) {
        const point = `${name}, ${at}, ${mode}`;
        if (alone !== undefined && alone !== point) continue;
        scenarios += 1;
        const verdict = await run(subject, lifecycle, wanted, seed, { at, mode }, effect);
        if (verdict.wrong.length === 0) continue;
        failures += 1;
        wrong.push(`CRASH_POINT="${point}" CRASH_SEED=${seed} (${effect}): ${verdict.wrong.join("; ")}`);
      }
    process.stdout.write(`  ${name}: ${whole.effects.length} boundaries (${whole.effects.join(", ")})\n`);
    expect(wrong).toEqual([]);
  },
  3_600_000, // hundreds of lives, on a machine of any speed
);
