/**
 * The fault rows of the wire for every order of every resource: whatever comes back, the next up, and then a destroy,
 * put everything right. `ORDER_FAULT`, as a failure prints it, runs one alone.
 */
import "./signatures";
import type { Effects, HttpRequest } from "../../provider/core/effects";
import { BadWire } from "./bad-wire";
import { run } from "./crash-points";
import { FAULT_ROWS, type FaultRow } from "./fault-rows";
import { LIFECYCLES } from "./lifecycles";
import { Seam } from "./seam";
import { SUBJECTS } from "./subjects";
import type { World } from "./world";

/** One of each kind; the others differ only in how the client comes to the same outcome (faults.test). */
const NAMES = [
  "nobody listens",
  "reset before a byte came back",
  "reset in mid-body",
  "no answer at all",
  "the client node's own timeout",
  "502 of a proxy",
  "an HTML page as a success",
  "401 of a proxy",
  "a redirect elsewhere",
  "a refusal that nobody knows",
  "a success about nothing",
  "null for an object",
  "a prototype, and the engine's own words",
];
const ROWS = FAULT_ROWS.filter(({ name }) => NAMES.includes(name));
const BROKEN = ["create", "update", "replace", "delete"];
/** What changes something; everything else is a question. */
const ORDER =
  /^(DELETE|POST) .*(\/(start|restart|reset|poweroff|shutdown|modify|delete|create|add|resize|download|upload|passwd|set)\b|\/interconnect\/)|^(POST|DELETE) .*\/container\/.*\/task/;
/** What is only forgotten, because no call takes it back. */
const SILENT = /^(ImageUpload|ComputingResourceQuery|TaskTemplateSubmission|TaskPath), delete$/;
const alone = process.env.ORDER_FAULT;

/** A process, one of whose requests goes through a wire that spoils its answer. */
class WireSeam extends Seam {
  constructor(
    private readonly wire: BadWire,
    private readonly nth: number,
    passed: () => void,
  ) {
    super(undefined, passed);
  }

  override wrap(real: Effects): Effects {
    return super.wrap({ ...real, send: (request) => real.send(this.#aim(request)) });
  }

  #aim(request: HttpRequest): HttpRequest {
    // counted just before it is sent
    if (this.effects.length - 1 !== this.nth) return request;
    this.struck = this.effects.at(-1);
    const { pathname, search } = new URL(request.url);
    return this.wire.aim({ ...request, url: `${this.wire.url}${pathname}${search}` });
  }
}

let [cases, failures] = [0, 0];
afterAll(() => {
  process.stdout.write(`fault rows, of every order: ${cases} cases, ${failures} failures\n`);
});

const lives = SUBJECTS.flatMap((subject) =>
  LIFECYCLES.filter(({ name }) => BROKEN.includes(name)).flatMap((lifecycle) => {
    const wanted = lifecycle.wants(subject);
    const name = `${subject.name.split("::")[0]}, ${lifecycle.name}`;
    const isAsked = alone === undefined || alone.startsWith(`${name}, `);
    return wanted && isAsked ? [[name, subject, lifecycle, wanted] as const] : [];
  }),
);

test("every kind of fault is there", () => {
  expect(ROWS.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
});

test.each(lives)(
  "%s",
  async (name, subject, lifecycle, wanted) => {
    const whole = await run(subject, lifecycle, wanted, 1);
    expect(whole.wrong).toEqual([]);
    const orders = [...whole.effects.entries()].filter(([, effect]) => ORDER.test(effect));
    expect(orders.length === 0).toBe(SILENT.test(name));
    const wrong: string[] = [];
    const strike = async (at: number, effect: string, row: FaultRow, deliveries: 0 | 1): Promise<void> => {
      const id = `${name}, ${at}, ${row.name}, ${deliveries === 1 ? "with" : "without"} its effect`;
      if (alone !== undefined && alone !== id) return;
      cases += 1;
      let wire: BadWire | undefined;
      const through = async ({ simulator }: World, passed: () => void) => {
        wire = await BadWire.open(simulator.url);
        const { spoil = () => undefined, url, endless } = row;
        wire.arm({
          path: /./,
          times: 1,
          deliveries,
          spoil,
          ...(url !== undefined && { url }),
          ...(endless && { endless }),
        });
        return new WireSeam(wire, at, passed);
      };
      const verdict = await run(subject, lifecycle, wanted, 1, through, effect);
      const struck = wire?.struck ?? 0;
      await wire?.close();
      if (verdict.wrong.length === 0 && struck === 1) return;
      failures += 1;
      wrong.push(`ORDER_FAULT="${id}" (${effect}), struck ${struck}: ${verdict.wrong.join("; ")}`);
    };
    // what is certain to have been before any effect had none
    for (const [at, effect] of orders)
      for (const row of ROWS)
        for (const deliveries of row.class === "unknown" ? ([0, 1] as const) : ([0] as const))
          await strike(at, effect, row, deliveries);
    process.stdout.write(`  ${name}: ${orders.map(([, effect]) => effect).join(", ")}\n`);
    expect(wrong).toEqual([]);
  },
  3_600_000, // dozens of lives, on a machine of any speed
);
