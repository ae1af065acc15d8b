/**
 * Twenty labs side by side, each a stack of its own: one that fails, or is taken down, leaves the others alone.
 *
 *   npm run up
 *   npm run down
 *
 * It wants DBC_ENDPOINT and DBC_WALLET_SEED, or a session, as any program does; LABS says how many.
 * Each lab runs an engine and a provider process of its own, which take memory and their time to start: AT_ONCE says how
 * many begin at a time, all unless given. Waiting costs next to nothing.
 */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { LocalWorkspace, type LocalWorkspaceOptions } from "@pulumi/pulumi/automation";
import * as dbc from "pulumi-dbc";
import { type LabPlan, lab } from "./lab";
import { Progress } from "./progress";

const LABS = Number(process.env.LABS ?? 20);
const AT_ONCE = Number(process.env.AT_ONCE ?? LABS);
const PROJECT = "many-labs";

/** The nodes that answer to our account. */
const rentedNodes = async (): Promise<string[]> => {
  const asked = (await dbc.getNodes()).map(async ({ nodeId }) => {
    try {
      await dbc.getVms({ nodeId });
      return [nodeId];
    } catch {
      return []; // somebody else's
    }
  });
  return (await Promise.all(asked)).flat();
};

/** A local backend unless the environment names a shared one (PULUMI_BACKEND_URL). */
const workspaceOf = (name: string): LocalWorkspaceOptions => {
  const labs = resolve(".labs");
  // a folder for each, where its settings stay; all at once in one folder would write the same file
  const workDir = join(labs, name);
  mkdirSync(workDir, { recursive: true });
  const { PULUMI_BACKEND_URL = `file://${labs}`, PULUMI_CONFIG_PASSPHRASE = "" } = process.env;
  return {
    workDir,
    envVars: { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE },
    // where the provider process runs, and finds pulumi-dbc
    projectSettings: { name: PROJECT, runtime: "nodejs", main: process.cwd() },
  };
};

/** Does `work` for each item, so many at a time; one that fails stops no other. */
const forEach = async <T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};

const main = async (): Promise<void> => {
  const verb = process.argv[2] === "down" ? "down" : "up";
  const nodes = await rentedNodes();
  if (nodes.length === 0) throw new Error("this account rents no node");
  const names = Array.from({ length: LABS }, (_, n) => `lab-${String(n + 1).padStart(2, "0")}`);
  const plans = new Map<string, LabPlan>(
    names.map((name, n) => [
      name,
      { nodeId: nodes[n % nodes.length] ?? "", place: Math.floor(n / nodes.length) },
    ]),
  );
  const progress = new Progress((text) => process.stdout.write(text), process.stdout.isTTY);
  const logins = new Map<string, string>();
  const failed: string[] = [];

  await forEach([...plans], AT_ONCE, async ([name, plan]) => {
    try {
      progress.say(name, "starting");
      const stack = await LocalWorkspace.createOrSelectStack(
        { stackName: name, projectName: PROJECT, program: lab(plan) },
        workspaceOf(name),
      );
      const onEvent = progress.event.bind(progress, name);
      if (verb === "up") logins.set(name, String((await stack.up({ onEvent })).outputs.ssh?.value));
      else await stack.destroy({ onEvent, remove: true });
      progress.say(name, verb === "up" ? "ready" : "gone");
    } catch (error) {
      failed.push(name);
      const reason = error instanceof Error ? error.message : String(error);
      progress.say(name, `failed: ${/error: (.*)/.exec(reason)?.[1] ?? reason.split("\n")[0]}`);
    }
  });

  for (const name of names) if (logins.has(name)) process.stdout.write(`${name}  ${logins.get(name)}\n`);
  if (failed.length > 0) throw new Error(`${failed.length} of ${LABS} labs failed: ${failed.join(", ")}`);
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
