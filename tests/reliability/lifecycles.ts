/** The lives that a resource may have, each with the part of it that breaks. */
import { Engine } from "./engine";
import type { Program } from "./engine-run";
import { Seam } from "./seam";
import type { Subject } from "./subjects";
import type { Process, World } from "./world";

/** One life of a subject. */
export class Life {
  readonly engine = new Engine();

  constructor(
    readonly world: World,
    readonly subject: Subject,
  ) {}

  up(process: Process, program: Program): Promise<string[]> {
    return this.world.run(this.engine.up(process, program));
  }

  refresh(process: Process): Promise<string[]> {
    return this.world.run(this.engine.refresh(process));
  }

  /** What the checkpoint holds of the subject itself. */
  get recorded() {
    return this.engine.checkpoint.get(this.subject.name);
  }

  alive(): readonly unknown[] {
    return this.subject.alive(this.world);
  }
}

/** What work was ended by, if by an error. */
export const failing = async (work: () => Promise<unknown>): Promise<unknown> => {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error ?? new Error("nothing was thrown");
  }
};

/** A lifecycle: how it is got to, the part of it that breaks, and the program that is wanted in the end. */
export interface Lifecycle {
  readonly name: string;
  /** By processes that nothing befalls, or whose failing is the point. */
  readonly before: (life: Life) => Promise<void>;
  readonly breaks: (life: Life, process: Process, wanted: Program) => Promise<unknown>;
  /** The program from here on; none when the subject has no such lifecycle. */
  readonly wants: (subject: Subject) => Program | undefined;
  /** What a checkpoint can't know of: it has to look first. */
  readonly looks?: true;
}

const made = async (life: Life): Promise<void> => {
  await life.up(life.world.process(), life.subject.program(life.subject.args));
};

/** Leaves partial state in the checkpoint. */
const partial = async (life: Life): Promise<void> => {
  const { subject, world } = life;
  const { start, begun, end } = subject.hinder;
  await life.up(world.process(), subject.base);
  start?.(world);
  let isBegun = false;
  const watch = () => {
    if (isBegun || life.alive().length === 0) return;
    isBegun = true;
    begun?.(world);
  };
  await failing(() => life.up(world.process(new Seam(undefined, watch)), subject.program(subject.args)));
  if (life.recorded?.reason === undefined) throw new Error("the create was not interrupted");
  end(world);
};

/** Leaves something in the world that no checkpoint knows of; its key, made by a step before, is there. */
const orphaned = async (life: Life): Promise<void> => {
  await made(life);
  life.engine.checkpoint.delete(life.subject.name);
  if (life.alive().length === 0) throw new Error("there is no orphan");
};

const nothing = async (life: Life): Promise<void> => {
  await life.up(life.world.process(), life.subject.base);
};

const up = (life: Life, process: Process, wanted: Program) => life.up(process, wanted);
const away = (life: Life, process: Process) => life.up(process, life.subject.base);
const same = ({ program, args }: Subject) => program(args);
const none = ({ base }: Subject) => base;

export const LIFECYCLES: readonly Lifecycle[] = [
  { name: "create", before: nothing, breaks: up, wants: same },
  {
    name: "create, then refresh",
    before: nothing,
    breaks: async (life, process, wanted) => {
      await life.up(process, wanted);
      await life.refresh(process);
    },
    wants: same,
  },
  {
    name: "resume",
    before: partial,
    breaks: up,
    wants: ({ program, args, resumed }) => program({ ...args, ...resumed }),
  },
  {
    name: "update",
    before: made,
    breaks: up,
    wants: ({ program, args, changed }) => changed && program({ ...args, ...changed }),
  },
  {
    name: "replace",
    before: made,
    breaks: up,
    wants: ({ program, args, replaced }) => replaced && program({ ...args, ...replaced }),
  },
  { name: "delete", before: made, breaks: away, wants: none },
  {
    name: "delete, then wanted again",
    before: made,
    breaks: away,
    wants: ({ mended, program, args }) => (mended ?? program)(args),
    looks: true,
  },
  { name: "adopt after a crash", before: orphaned, breaks: up, wants: same },
  { name: "destroy after partial", before: partial, breaks: away, wants: none },
];
