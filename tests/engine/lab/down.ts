import { freeStack, openEngine, openStack, phase, type Session } from "./session";
import { LabSimulator } from "./simulator";
import { SIMULATOR_STACK } from "./target";

/** Destroys what `make up` made, and ends the simulator with its world. */
export const down = async (session: Session): Promise<void> => {
  const { folder, dist, target, env, say } = session;
  const isSimulated = target.stack === SIMULATOR_STACK;
  const hasStack = folder.stacks().includes(target.stack);
  if (hasStack) await (isSimulated && env.FORGET ? forget(session) : destroy(session));
  const hadSimulator = isSimulated && (await new LabSimulator(folder, dist).remove());
  if (hadSimulator) say("the simulator is stopped, and its world removed");
  if (!hasStack && !hadSimulator) say(`nothing is up${isSimulated ? "" : ` behind ${env.DBC_ENDPOINT}`}`);
  folder.removeEnv();
  for (const left of folder.stacks()) {
    say(`still up: the stack ${left}, on real machines; DBC_ENDPOINT=… CONFIRM=real make down destroys it`);
  }
};

const destroy = async (session: Session): Promise<void> => {
  const stack = await openStack(session);
  const { pending } = await stack.state();
  if (pending > 0 && session.target.stack !== SIMULATOR_STACK) {
    throw new Error(
      "A run was killed in mid-create, and only `make up` can tell what came of it: run that first, then `make down`.",
    );
  }
  await phase(
    session.say,
    "destroy",
    async () => {
      const done = await stack.watch(["destroy", "--yes", "--skip-preview", "--remove"]);
      if (done.code !== 0)
        throw new Error("`pulumi destroy` failed, as said above; `make down` tries again.");
    },
    () => "done",
  );
};

/** The way out when a simulated stack can't be destroyed: nothing real is behind it. */
const forget = async (session: Session): Promise<void> => {
  const stack = await freeStack(session, await openEngine(session));
  const done = await stack.run(["stack", "rm", "--yes", "--force", session.target.stack]);
  if (done.code !== 0) throw new Error(`pulumi could not forget the stack: ${done.output}`);
  session.say("forgotten without being destroyed, as FORGET asks");
};
