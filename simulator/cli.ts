#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { type ProfileName, profiles, startSimulator, type WorldSeed } from "./index";

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535)
    throw new InvalidArgumentError("a port is a number from 0 to 65535");
  return number;
}

function speed(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError("a speed is a number above 0");
  return number;
}

function seed(file: string): WorldSeed {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as WorldSeed;
  } catch (error) {
    throw new InvalidArgumentError(
      `it can't be read as JSON: ${error instanceof Error ? error.message : ""}`,
    );
  }
}

interface Flags {
  readonly port: number;
  readonly speed: number;
  readonly profile: ProfileName;
  readonly state?: string;
  readonly seed?: WorldSeed;
}

async function serve(flags: Flags): Promise<void> {
  const simulator = await startSimulator(flags);
  const stop = () => {
    simulator
      .close()
      .then(() => process.exit(0))
      .catch(() => process.exit(1));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const about = `profile ${flags.profile}, speed ${flags.speed}, ${flags.state === undefined ? "in memory" : `state in ${flags.state}`}`;
  process.stdout.write(
    `DBC simulator on ${simulator.url} (control ${simulator.controlUrl}/, ${about}); container platform on ${simulator.container.url}; interconnection platform on ${simulator.interconnect.url}\n`,
  );
}

const program = new Command("pulumi-dbc-simulator")
  .description("Serves a simulated DBC client node, with GPU nodes behind it, on 127.0.0.1.")
  .option("--port <number>", "port to listen on; 0 takes any free one", port, 5002)
  .option("--state <folder>", "folder that keeps the world across restarts; in memory when left out")
  .option("--speed <n>", "simulated seconds a real second", speed, 1)
  .option("--seed <file>", "JSON file that describes the world; a small laboratory when left out", seed)
  .addOption(
    new Option("--profile <name>", "how long things take").choices(Object.keys(profiles)).default("typical"),
  )
  .action((flags: Flags) => serve(flags));

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`pulumi-dbc-simulator: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
