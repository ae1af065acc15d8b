/** `make test-recorded`: replays the file that RECORDED names, or the project's own copy. */
import { loadExchanges, ownRecording } from "./exchange";
import { type ReplayResult, replay } from "./replay";

/** One line for each disagreement, then the numbers. */
export function report({ agree, disagreements }: ReplayResult): string {
  const lines = disagreements.map(({ exchange, what, reason }) => {
    const why = reason === undefined ? "" : ` (right: ${reason})`;
    return `${exchange.n} ${exchange.group} | ${exchange.label}: ${what}${why}`.replace(/\s+/g, " ");
  });
  return [...lines, `${agree} agree, ${disagreements.length} differ`, ""].join("\n");
}

async function main(): Promise<void> {
  const file = process.env.RECORDED;
  const result = await replay(loadExchanges(file === undefined || file === "" ? ownRecording() : file));
  process.stdout.write(report(result));
  process.exitCode = result.disagreements.some(({ reason }) => reason === undefined) ? 1 : 0;
}

if (require.main === module)
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
