import type { Say } from "./engine";
import { down } from "./lab/down";
import { inSession, type Session } from "./lab/session";
import { up } from "./lab/up";

const say: Say = (line) => {
  process.stdout.write(`${line}\n`);
};

const commands: Readonly<Record<string, (session: Session) => Promise<void>>> = { up, down };

/** `make up` and `make down`. */
const main = async (): Promise<void> => {
  const command = commands[process.argv[2] ?? ""];
  if (!command) throw new Error("Say what to do: up or down.");
  await inSession(process.env, say, command);
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
