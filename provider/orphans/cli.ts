#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { createSigner } from "../api/dbc/signature";
import { systemRandom } from "../core/clock";
import { sentence, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import { readSettings, type Sources } from "../hosts/settings";
import { openSite } from "../hosts/site";
import type { Site } from "../resources/site";
import { findOrphans } from "./find";
import { chooseOrphan, removeOrphan } from "./remove";
import { toJson, toText } from "./show";
import { Owned } from "./state";
import { markOf } from "./thing";

interface Flags {
  readonly node: readonly string[];
  readonly rentOrder: readonly string[];
  readonly region: readonly string[];
  readonly json?: true;
  readonly delete?: string;
}

const EXIT = { nothing: 0, found: 1, trouble: 2 } as const;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const tell = (text: string): void => void process.stderr.write(`${text}\n`);

const read = (file: string): string => {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch {
    throw new UserError(
      `could not read ${file}: give a file that \`pulumi stack export\` wrote, or - for stdin.`,
    );
  }
};

/** The account's own address, where the settings tell it. */
const walletOf = async (sources: Sources): Promise<string | undefined> => {
  const { credentials } = readSettings(sources);
  return credentials?.kind === "wallet" ? (await createSigner(credentials.seed)).address : undefined;
};

const contextOf = (site: Site): Context<Site> => ({
  site,
  clock: site.effects.clock,
  random: systemRandom,
  hidden: {},
  progress: tell,
  warn: tell,
  done: () => undefined,
});

const search = async (files: readonly string[], flags: Flags): Promise<number> => {
  const owned = new Owned();
  for (const file of files) owned.add(read(file), file);
  if (flags.delete !== undefined && files.length === 0)
    throw new UserError(
      "could not delete anything: give the states of all stacks, so that nothing of theirs goes.",
    );
  const places = { nodes: flags.node, rentOrders: flags.rentOrder, regions: flags.region };
  if (files.length === 0 && places.nodes.length + places.regions.length === 0)
    throw new UserError(
      "say where to look: give exported states, --node ID or --region NAME; --help lists all.",
    );
  const sources: Sources = { config: () => undefined, env: process.env };
  const site = openSite(sources);
  const findings = await findOrphans(site, owned, places, await walletOf(sources));
  if (flags.delete !== undefined) {
    const thing = chooseOrphan(findings, flags.delete);
    const end = await removeOrphan(contextOf(site), thing);
    const zombie = "its node can't remove it, and it holds its GPUs until the node restarts";
    if (flags.json) say(JSON.stringify({ deleted: thing.id, mark: markOf(thing), end }, undefined, 2));
    else say(end === "gone" ? `Deleted ${thing.kind} ${thing.id}.` : `${thing.id} stays: ${zombie}.`);
    return end === "gone" ? EXIT.nothing : EXIT.trouble;
  }
  say(flags.json ? toJson(findings) : toText(findings));
  if (findings.failed.length > 0) return EXIT.trouble;
  return findings.orphans.length > 0 ? EXIT.found : EXIT.nothing;
};

const several = (value: string, all: readonly string[]): string[] => [...all, value];

new Command("pulumi-dbc-orphans")
  .description(
    "Lists what a node or a container account has that carries this package's mark and belongs to none of the given stacks. It only lists, unless --delete names one.",
  )
  .argument("[states...]", "files that `pulumi stack export` wrote, of all stacks; - for stdin")
  .option(
    "--node <id>",
    "look at this node, and only where such options say; repeatable",
    several,
    [] as string[],
  )
  .option(
    "--rent-order <id>",
    "look at nodes under this rental order too; repeatable",
    several,
    [] as string[],
  )
  .option(
    "--region <name>",
    "look at this region of the container platform; repeatable",
    several,
    [] as string[],
  )
  .option("--json", "print JSON")
  .option("--delete <id>", "delete this one, which must be among those that are listed")
  .addHelpText(
    "after",
    "\nExit codes: 0 nothing was found, or what was named is deleted; 1 something was found; 2 a mistake, a place that could not be looked at, or a delete that failed.\nSettings come from the environment, as the provider's do: DBC_ENDPOINT, DBC_WALLET_SEED, DBC_CONTAINER_ACCESS_KEY, …",
  )
  .exitOverride((end) => process.exit(end.exitCode === 0 ? 0 : EXIT.trouble))
  .action(async (files: string[], flags: Flags) => {
    process.exitCode = await search(files, flags);
  })
  .parseAsync()
  .catch((error: unknown) => {
    tell(`pulumi-dbc-orphans: ${sentence(error)}`);
    process.exitCode = EXIT.trouble;
  });
