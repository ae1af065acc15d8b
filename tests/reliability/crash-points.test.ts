/** Crash-point enumeration: wherever a lifecycle breaks, an up and a destroy mend it. */
import { defaultWorld } from "../../simulator";
import { Lab } from "../resources/lab";
import { LIFECYCLES, run } from "./crash-points";
import { MODES } from "./seam";
import { SUBJECTS } from "./subjects";

let [scenarios, failures] = [0, 0];
afterAll(() => {
  process.stdout.write(`crash points: ${scenarios} scenarios, ${failures} failures\n`);
});

const rows = SUBJECTS.flatMap((subject) =>
  LIFECYCLES.filter(({ name, wants }) => {
    const isNamed = subject.lifecycles === undefined || subject.lifecycles.includes(name);
    return isNamed && (!wants || wants(subject) !== undefined);
  }).map((lifecycle) => [subject.kind, lifecycle.name, subject, lifecycle] as const),
);

test.each(rows)(
  "%s: %s",
  async (kind, name, subject, lifecycle) => {
    const lab = await Lab.open();
    const fresh = () => lab.simulator.seed(defaultWorld);
    const whole = await run(lab, subject, lifecycle, undefined);
    expect(whole.wrong).toEqual([]);
    const wrong: string[] = [];
    for (const [at, effect] of whole.effects.entries())
      for (const mode of MODES) {
        await fresh();
        scenarios += 1;
        const verdict = await run(lab, subject, lifecycle, { at, mode }, effect);
        if (verdict.wrong.length === 0) continue;
        failures += 1;
        wrong.push(`${kind}, ${name}, ${mode} effect ${at} (${effect}): ${verdict.wrong.join("; ")}`);
      }
    process.stdout.write(
      `  ${kind}, ${name}: ${whole.effects.length} boundaries (${whole.effects.join(", ")})\n`,
    );
    await lab.close();
    expect(wrong).toEqual([]);
  },
  3_600_000, // hundreds of lives, on a machine of any speed
);
