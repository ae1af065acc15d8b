import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Finished, run, start } from "./command";
import { repositoryRoot } from "./pins";
import { commandOf, processesWith, signalProcess } from "./processes";
import { temporaryFolder } from "./temporary";
import { until } from "./workspace";

jest.setTimeout(900_000); // whole labs, on a machine of any speed

// before the folder is removed
afterAll(() => make("down"));

/** A copy of the repository, so that a lab of the developer's own stays as it is. */
const root = join(temporaryFolder(), "repository");
const lab = join(root, ".lab");

const Requests = z.looseObject({
  requests: z.array(z.looseObject({ operation: z.string(), write: z.boolean() })),
});

beforeAll(() => {
  const engines = ["tests/engine/cli", "tests/engine/language-host"];
  for (const name of ["package.json", "Pulumi.yaml", "tsconfig.json", "examples", "dist", ...engines]) {
    cpSync(join(repositoryRoot, name), join(root, name), { recursive: true, dereference: true });
  }
  symlinkSync(join(repositoryRoot, "node_modules"), join(root, "node_modules"));
});

const command = (verb: string): readonly [string, string[], { cwd: string }] => [
  process.execPath,
  [join(root, "dist/tests/engine/lab.js"), verb],
  { cwd: root },
];

/** What `make up` and `make down` run. */
const make = (verb: "up" | "down"): Promise<Finished> => run(...command(verb));

const made = async (verb: "up" | "down"): Promise<string> => {
  const { code, output } = await make(verb);
  if (code !== 0) throw new Error(`make ${verb} ended with ${code}:\n${output}`);
  return output;
};

/** By hand, as somebody does who has sourced .lab/env. */
const byHand = async (words: string): Promise<string> => {
  const { code, stdout, output } = await run("sh", ["-c", `. .lab/env && ${words}`], { cwd: root });
  if (code !== 0) throw new Error(`${words} ended with ${code}:\n${output}`);
  return stdout;
};

const ask = async (path: string): Promise<unknown> => {
  const { port } = z
    .object({ port: z.number() })
    .parse(JSON.parse(readFileSync(join(lab, "simulator.json"), "utf8")));
  return (await fetch(`http://127.0.0.1:${port}/_control/${path}`)).json();
};

const writes = async (operation?: string): Promise<string[]> =>
  Requests.parse(await ask("requests"))
    .requests.filter(
      (request) => request.write && (operation === undefined || request.operation === operation),
    )
    .map((request) => request.operation);

const World = z.looseObject({
  nodes: z.array(z.looseObject({ tasks: z.array(z.looseObject({ id: z.string(), status: z.string() })) })),
});

/** The VMs of the simulated nodes, by task id. */
const vms = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    World.parse(await ask("world")).nodes.flatMap(({ tasks }) => tasks.map(({ id, status }) => [id, status])),
  );

test("up makes a lab, a second up changes nothing, down leaves nothing", async () => {
  expect(await made("up")).toContain("ssh -p ");
  const first = await vms();
  expect(Object.keys(first).length).toBeGreaterThan(1);
  expect(new Set(Object.values(first))).toEqual(new Set(["running"]));

  const before = (await writes()).length;
  expect(await made("up")).toMatch(/\d+ unchanged/);
  expect((await writes()).length).toBe(before);

  const { ssh } = z
    .looseObject({ ssh: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await byHand("pulumi stack output --json")));
  for (const address of Object.values(ssh)) expect(address).toMatch(/^ssh -p \d+ \S+@[\d.]+$/);
  const exported = await byHand("pulumi stack export");
  const passwords = z.looseObject({ passwords: z.record(z.string(), z.string()) });
  const clear = passwords.parse(JSON.parse(await byHand("pulumi stack output --json --show-secrets")));
  for (const secret of [...Object.values(clear.passwords), "bottom drive obey lake"]) {
    expect(exported.includes(secret)).toBe(false);
  }
  const providers = exported.match(/"__provider": ".*"/g) ?? [];
  expect(providers.length).toBeGreaterThan(1);
  for (const text of providers) expect(JSON.parse(`{${text}}`).__provider.length).toBeLessThanOrEqual(128);

  // somebody who has sourced .lab/env still means this lab
  expect(await byHand(`${process.execPath} dist/tests/engine/lab.js down`)).toContain(
    "the simulator is stopped",
  );
  expect(existsSync(join(lab, "env"))).toBe(false);
});

test("an up whose `pulumi` was killed in mid-create is gone on with by the next: the same VMs, once", async () => {
  const running = start(...command("up"));
  const sent = until(async () => (await writes("tasks.create").catch(() => [])).length > 0);
  const ended = running.finished.then(({ output }) => {
    throw new Error(`make up ended before a create was sent:\n${output}`);
  });
  await Promise.race([sent, ended]);
  ended.catch(() => undefined); // it ends below
  const pulumi = processesWith(`PULUMI_HOME=${join(lab, "pulumi")}`).filter((pid) =>
    / up .*--yes/.test(commandOf(pid)),
  );
  expect(pulumi).not.toEqual([]);
  for (const pid of pulumi) signalProcess(pid, "SIGKILL");
  expect((await running.finished).code).not.toBe(0);
  const begun = Object.keys(await vms());
  expect(begun.length).toBeGreaterThan(0);

  const said = await made("up");
  expect(said).toContain("of a run that was killed");
  const all = await vms();
  expect(Object.keys(all)).toEqual(expect.arrayContaining(begun));
  expect(new Set(Object.values(all))).toEqual(new Set(["running"]));
  expect((await writes("tasks.create")).length).toBe(Object.keys(all).length);
  expect(await made("up")).toMatch(/\d+ unchanged/);
  expect(await made("down")).toContain("the simulator is stopped");
});
