/** One run for each boundary of a lifecycle and each way in which it can break there. */
import type { Program, Recorded } from "./engine-run";
import { failing, Life, type Lifecycle } from "./lifecycles";
import { type CrashPoint, Died, Seam } from "./seam";
import type { Subject } from "./subjects";
import { type Moment, NODE, World } from "./world";

/** What came of one run; `wrong` is empty when all is well. */
interface Verdict {
  readonly effects: readonly string[];
  readonly wrong: readonly string[];
}

/** What is recorded equals what is there, and another up has nothing to do. */
const settles = async (life: Life, wanted: Program, wrong: string[]): Promise<void> => {
  const { world, subject } = life;
  await life.up(world.process(), wanted);
  // what was ordered before may take a moment
  await world.clock.advance(60_000);
  const { recorded } = life;
  if (!recorded) wrong.push("the next up recorded nothing");
  else expect(recorded.state).toMatchObject({ phase: "ready", ...subject.world(world, recorded) });
  const again = await life.up(world.process(), wanted);
  if (again.length > 0) wrong.push(`the up after that did ${again.join(", ")}`);
};

/** How a lifecycle begins; the same for each of its runs, so that it is got to only once. */
interface Beginning {
  readonly moment: Moment;
  readonly checkpoint: readonly Recorded[];
}

const beginnings = new Map<string, Promise<Beginning>>();

const begin = async (subject: Subject, lifecycle: Lifecycle, seed: number): Promise<Beginning> => {
  const world = await World.open(seed);
  const life = new Life(world, subject);
  await lifecycle.before(life);
  const moment = world.moment();
  await world.close();
  return { moment, checkpoint: [...life.engine.checkpoint.values()] };
};

/** A life that has got to the point at which something is to befall it. */
const beginningOf = async (subject: Subject, lifecycle: Lifecycle, seed: number): Promise<Life> => {
  const name = `${subject.name} ${lifecycle.name} ${seed}`;
  const found = beginnings.get(name) ?? begin(subject, lifecycle, seed);
  beginnings.set(name, found);
  const { moment, checkpoint } = await found;
  const life = new Life(await World.open(seed, moment), subject);
  for (const recorded of checkpoint) life.engine.checkpoint.set(recorded.declared.name, recorded);
  return life;
};

/** Makes the seam of the process that something befalls; it is told of every boundary. */
export type Strike = (world: World, passed: () => void) => Promise<Seam>;

/** Runs a lifecycle with a fault at `point`, or with none, and then an up and a destroy without any. */
export const run = async (
  subject: Subject,
  lifecycle: Lifecycle,
  wanted: Program,
  seed: number,
  point?: CrashPoint | Strike,
  expected?: string,
): Promise<Verdict> => {
  const wrong: string[] = [];
  const life = await beginningOf(subject, lifecycle, seed);
  const { world } = life;
  const earlier = life.alive();
  const [{ definition } = { definition: undefined }] = wanted.filter(({ name }) => name === subject.name);
  const isSecond = lifecycle.name === "replace" && definition?.deleteBeforeReplace === false;
  const most = (subject.isRecord ? earlier.length : 0) + (isSecond && !subject.isRecord ? 2 : 1);
  const count = () => {
    const many = life.alive().length;
    if (many > most) wrong.push(`${many} of them at once`);
  };
  const seam = typeof point === "function" ? await point(world, count) : new Seam(point, count);
  const error = await failing(() => lifecycle.breaks(life, world.process(seam), wanted));
  if (point && seam.struck !== expected) wrong.push(`struck ${seam.struck}, not ${expected}`);
  if (seam.isDead !== error instanceof Died) wrong.push(`ended with ${String(error)}`);
  // whoever lives must have recorded what it has made
  if (!seam.isDead && !life.recorded && life.alive().some((one) => !earlier.includes(one)))
    wrong.push(`forgotten, with ${String(error)}`);

  const after = await failing(async () => {
    if (lifecycle.looks) {
      // a power-off that was ordered comes to its end before it can be seen
      await world.clock.advance(60_000);
      await life.refresh(world.process());
    }
    if (wanted !== subject.base) await settles(life, wanted, wrong);
  });
  if (after !== undefined) wrong.push(`afterwards: ${String(after)}`);
  const gone = await failing(() => life.up(world.process(), subject.base));
  if (gone !== undefined) wrong.push(`taken out of the program: ${String(gone)}`);
  const left = (subject.left ?? subject.alive)(world);
  if (left.length > 0) wrong.push(`${left.length} left behind`);
  const end = await failing(() => world.run(life.engine.destroy(world.process())));
  if (end !== undefined) wrong.push(`the destroy: ${String(end)}`);
  const { checkpoint, leaving } = life.engine;
  if (checkpoint.size + leaving.size > 0) wrong.push("something is left in the checkpoint");
  if (Object.keys(world.simulator.requireNode(NODE).tasks).length > 0) wrong.push("a VM is left behind");
  await world.close();
  return { effects: seam.effects, wrong };
};
