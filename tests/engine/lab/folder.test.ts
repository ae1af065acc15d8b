import { execFileSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../temporary";
import { LabFolder, neutral } from "./folder";

const root = join(temporaryFolder(), "with a space and a 'quote'");
mkdirSync(root);
const folder = new LabFolder(root);
const engine = { command: "/opt/the engine/pulumi", bin: "/opt/the engine", version: "3.246.0" };

/** What a shell's environment is after sourcing the lab's twice. */
const sourced = (): Record<string, string> => {
  const script = '. "$1"; . "$1"; exec env';
  const env = { PATH: process.env.PATH, PULUMI_CONFIG_PASSPHRASE: "another" };
  const text = execFileSync("/bin/sh", ["-c", script, "sh", folder.envFile], { env, encoding: "utf8" });
  return Object.fromEntries(text.split("\n").map((line) => line.split(/=(.*)/s).slice(0, 2)));
};

test("its env leads a shell to this lab, whatever is in the paths", () => {
  folder.writeEnv(engine, "simulator", { DBC_ENDPOINT: "http://127.0.0.1:1", ODD: `$HOME "x" 'y'` });
  const env = sourced();
  expect(env).toMatchObject({
    PULUMI_HOME: join(root, "pulumi"),
    PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
    PULUMI_STACK: "simulator",
    DBC_ENDPOINT: "http://127.0.0.1:1",
    ODD: `$HOME "x" 'y'`,
  });
  expect(env.PATH).toBe(`/opt/the engine:${process.env.PATH}`);
  expect(env.PULUMI_CONFIG_PASSPHRASE).toBeUndefined();
});

test("only its owner reads its env and its passphrase, which is made once", () => {
  const file = folder.passphrase();
  const { mtimeMs, mode } = statSync(file);
  expect(statSync(folder.passphrase()).mtimeMs).toBe(mtimeMs);
  expect([mode & 0o77, statSync(folder.envFile).mode & 0o77]).toEqual([0, 0]);
});

test("knows the stacks that Pulumi keeps in it", () => {
  expect(folder.stacks()).toEqual([]);
  mkdirSync(join(folder.state, ".pulumi/stacks/pulumi-dbc-lab/a.json"), { recursive: true });
  mkdirSync(join(folder.state, ".pulumi/stacks/pulumi-dbc-lab/a.json.bak"));
  expect(folder.stacks()).toEqual(["a"]);
});

test("the caller's own Pulumi and accounts are kept out, consents are not", () => {
  const env = { PATH: "/bin", PULUMI_STACK: "mine", DBC_WALLET_SEED: "mine", DBC_ALLOW_STOP: "1" };
  expect(neutral(env)).toEqual({ PATH: "/bin", DBC_ALLOW_STOP: "1" });
});
