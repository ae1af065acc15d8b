import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Engine, ensureEngine, type Say } from "../engine";
import { withLock } from "../lock";
import { repositoryRoot } from "../pins";
import { PulumiStack, pulumiEnvironment } from "../pulumi";
import { LabFolder, neutral } from "./folder";
import { judgeLocks } from "./stack-lock";
import { chooseTarget, type Target } from "./target";

/** One run of `make up` or `make down`. */
export interface Session {
  readonly folder: LabFolder;
  /** The folder of compiled code. */
  readonly dist: string;
  readonly target: Target;
  readonly env: NodeJS.ProcessEnv;
  readonly say: Say;
}

/** Runs `work` as the only `make up` or `make down` of this lab. */
export const inSession = <T>(
  env: NodeJS.ProcessEnv,
  say: Say,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  const folder = new LabFolder(join(repositoryRoot, ".lab"));
  const dist = join(repositoryRoot, "dist");
  const target = chooseTarget(env, folder, dist);
  const refuse = ({ pid }: { readonly pid: number }) => {
    throw new Error(
      `Another \`make up\` or \`make down\` (process ${pid}) works on this lab: let it end first.`,
    );
  };
  return withLock(folder.lock, refuse, () => work({ folder, dist, target, env, say }));
};

/** Does one step and prints how long it took, and what came of it. */
export const phase = async <T>(
  say: Say,
  name: string,
  work: () => Promise<T>,
  tell: (result: T) => string,
): Promise<T> => {
  const began = Date.now();
  const result = await work();
  say(`${name.padEnd(10)} ${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${tell(result)}`);
  return result;
};

/** Has engine and target ready, and the stack free to work on. */
export const openStack = async (session: Session): Promise<PulumiStack> => {
  const { folder, target, say } = session;
  const engine = await openEngine(session);
  await phase(
    say,
    target.kind,
    () => target.prepare(say),
    (words) => words,
  );
  folder.writeEnv(engine, target.stack, target.variables);
  return freeStack(session, engine);
};

/** Has the engine ready, and says at once which it is or how long its making takes. */
export const openEngine = ({ say }: Session): Promise<Engine> =>
  phase(
    say,
    "engine",
    () => ensureEngine(say),
    () => "ready",
  );

/** The stack, once no `pulumi` holds it: the lock of one that died is cleared, that of a live one is respected. */
export const freeStack = async (session: Session, engine: Engine): Promise<PulumiStack> => {
  const { folder, target, env, say } = session;
  mkdirSync(folder.state, { recursive: true }); // Pulumi takes no backend that isn't there
  const stack = new PulumiStack({
    engine,
    project: repositoryRoot,
    stack: target.stack,
    env: {
      ...pulumiEnvironment(engine, neutral(env), folder),
      PULUMI_CONFIG_PASSPHRASE_FILE: folder.passphrase(),
      ...target.secrets,
      ...target.variables,
    },
  });
  const verdict = judgeLocks(folder.locksOf(target.stack));
  if (verdict === "dead") {
    await phase(
      say,
      "lock",
      () => stack.cancel(),
      () => "cleared: the `pulumi` that held it is gone",
    );
  } else if (verdict !== "free") {
    throw new Error(
      `Another \`pulumi\` (${verdict.heldBy}) holds the lock of this lab: let it end, or end it, and run this again.`,
    );
  }
  return stack;
};
