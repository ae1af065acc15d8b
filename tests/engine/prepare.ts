import { ensureEngine } from "./engine";

/** `npm run engine`: has the real engine ready, so that no test has to wait for it. */
ensureEngine().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
