/** What a person sees at a terminal of 80 columns, and what a log of CI keeps, while twenty VMs come up. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultWorld, labNodes, profiles, type Simulator, startSimulator } from "../../simulator";
import { run } from "./command";
import type { PulumiStack } from "./pulumi";
import { aliceAt } from "./site";
import { systemProgram } from "./system-program";
import { until, Workspace } from "./workspace";

jest.setTimeout(900_000); // twenty VMs one after another, and twice over, on a machine of any speed

const VMS = 20;
const SPEED = 30;
/** Two nodes with ten VMs each. */
const PROGRAM = `
const dbc = require("pulumi-dbc");
const nodes = ${JSON.stringify([labNodes.alice1, labNodes.alice2])};
for (let n = 0; n < ${VMS}; n++)
  new dbc.Vm("trainer-" + String(n + 1).padStart(2, "0"), {
    nodeId: nodes[n % 2],
    image: "ubuntu.qcow2",
    cpuCores: 1,
    memoryGib: 2,
    dataDiskGib: 10,
    sshPort: 20_100 + n,
    vncPort: 5_910 + n,
  });
`;

let simulator: Simulator;
let workspace: Workspace;
let stack: PulumiStack;

beforeAll(async () => {
  systemProgram("tmux");
  simulator = await startSimulator({
    speed: SPEED,
    // two minutes a VM, and one after another on each node
    profile: { ...profiles.fast, define: [120_000, 120_000] },
  });
  workspace = await Workspace.create({ files: { "index.js": PROGRAM }, env: aliceAt(simulator, SPEED) });
  stack = await workspace.stack("dev");
});
afterAll(async () => {
  await tmux("kill-server").catch(() => undefined);
  await workspace?.dispose();
  await simulator?.close();
});

/** A server of tmux of this test's own. */
const tmux = async (...words: string[]): Promise<string> => {
  const done = await run("tmux", ["-S", join(workspace.folder, "tmux"), "-f", "/dev/null", ...words], {
    env: { PATH: process.env.PATH, TERM: "xterm-256color", LANG: "C.UTF-8" },
  });
  if (done.code !== 0) throw new Error(`tmux ${words[0]} ended with ${done.code}: ${done.output}`);
  return done.stdout;
};

/** Begins a command in a terminal of 80 columns, and answers how to look at it. */
const inTerminal = async (command: string) => {
  const { engine, project, env } = stack.place;
  const file = join(workspace.folder, "run.sh");
  const variables = Object.entries({ ...env, PULUMI_STACK: "dev", TERM: "xterm-256color" })
    .map(([name, value]) => `export ${name}='${String(value).replaceAll("'", "'\\''")}'`)
    .join("\n");
  await writeFile(
    file,
    `${variables}\ncd '${project}'\n'${engine.command}' ${command}\necho "ended with $?"\nsleep 3600\n`,
  );
  await tmux("new-session", "-d", "-x", "80", "-y", "50", "-s", "t", "sh", file);
  return {
    screen: () => tmux("capture-pane", "-p", "-t", "t"),
    /** All that has scrolled by as well, with the terminal's broken lines joined. */
    all: () => tmux("capture-pane", "-p", "-J", "-S", "-", "-t", "t"),
    press: (key: string) => tmux("send-keys", "-t", "t", key),
    close: () => tmux("kill-session", "-t", "t"),
  };
};

test("twenty VMs on a terminal of 80 columns: every row says what it waits for, and Ctrl-C once what is safe", async () => {
  const terminal = await inTerminal("up --yes --skip-preview --parallel 64");
  const seen: string[] = [];
  /** Looks until the screen shows this; a command that ends before has not shown it. */
  const shows = (pattern: RegExp) =>
    until(async () => {
      const screen = await terminal.screen();
      seen.push(screen);
      if (!pattern.test(screen) && screen.includes("ended with "))
        throw new Error(`${pattern} was never seen:\n${screen}`);
      return pattern.test(screen);
    });
  await shows(/trainer-\d\d +creating \(\d+s\)\.* +\d+(st|nd|rd|th) /);
  await terminal.press("C-c");
  await shows(/pulumi:pulumi:Stack +test-dev .* safe:/);
  await shows(/^ended with /m);
  // a row's place never changes once it is there, and none is broken by the terminal's width
  const rows = (screen: string) => screen.match(/dbc:Vm +trainer-\d\d/g) ?? [];
  for (const [n, screen] of seen.entries()) {
    for (const line of screen.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    const before = rows(seen[n - 1] ?? "");
    if (rows(screen).length >= VMS && before.length >= VMS) expect(rows(screen)).toEqual(before);
  }
  const end = await terminal.all();
  expect(end.replaceAll(/\s+/g, " ")).toMatch(
    /safe: the \d+ operations under way will be finished and recorded, and nothing new is begun;/,
  );
  await terminal.close();
  const state = await stack.state();
  expect(state.pending).toBe(0);
  const vms = () =>
    [labNodes.alice1, labNodes.alice2].flatMap((node) => Object.keys(simulator.requireNode(node).tasks));
  expect(state.resources.filter(({ type }) => type.endsWith(":Vm"))).toHaveLength(vms().length);
});

test("in a log of CI twenty VMs are a few lines each", async () => {
  await simulator.seed(defaultWorld);
  const { place } = await workspace.stack("ci");
  const { code, output } = await run(
    place.engine.command,
    ["up", "--yes", "--skip-preview", "--non-interactive", "--parallel", "64"],
    {
      cwd: place.project,
      env: { ...place.env, PULUMI_STACK: place.stack, CI: "true" },
    },
  );
  expect([code, output]).toEqual([0, expect.any(String)]);
  const lines = output.split("\n").filter((line) => line.includes("trainer-"));
  expect(lines.length).toBeGreaterThanOrEqual(VMS);
  expect(lines.length).toBeLessThanOrEqual(VMS * 8);
});
