import { openStack, phase, type Session } from "./session";

/** Brings the lab up, or on, and prints what came of it; a second run changes nothing. */
export const up = async (session: Session): Promise<void> => {
  const { say } = session;
  const stack = await openStack(session);
  await stack.select();
  await phase(
    say,
    "pulumi up",
    async () => {
      const done = await stack.watch(["up", "--yes", "--skip-preview", "--suppress-outputs"]);
      if (done.code !== 0)
        throw new Error("`pulumi up` failed, as said above: `make up` goes on where it stopped.");
    },
    () => "done",
  );
  // Pulumi repeats its warning about operations that a killed run left open until it is told that they are settled.
  const { pending } = await stack.state();
  if (pending > 0) {
    await phase(
      say,
      "settle",
      async () => {
        const done = await stack.refresh("--clear-pending-creates");
        if (done.code !== 0)
          throw new Error(`pulumi could not settle what a killed run left open: ${done.output}`);
      },
      () => `${pending} ${pending === 1 ? "operation" : "operations"} of a run that was killed`,
    );
  }
  for (const [name, value] of Object.entries(await stack.outputs()))
    say(`${name}: ${JSON.stringify(value, null, 2)}`);
  say("by hand:   source .lab/env && pulumi stack output");
};
