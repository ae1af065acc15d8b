/** The example that brings labs up side by side, with fewer of them than it makes unless told otherwise. */
import { join } from "node:path";
import { alice, labNodes, type Simulator, startSimulator } from "../../simulator";
import { plainVm, Renter } from "../simulator/renter";
import type { Finished } from "./command";
import { exampleFiles } from "./example";
import { aliceAt } from "./site";
import { Workspace } from "./workspace";

jest.setTimeout(900_000); // each step is several runs of a real program, on a machine of any speed

const SPEED = 60;
const LABS = 4;
const NODES = [labNodes.alice1, labNodes.alice2];
const names = Array.from({ length: LABS }, (_, n) => `lab-0${n + 1}`);

let simulator: Simulator;
let workspace: Workspace;

beforeAll(async () => {
  simulator = await startSimulator({
    speed: SPEED,
    seed: {
      nodes: NODES.map((id) => ({ id, name: id, images: ["ubuntu.qcow2"], rentals: [{ renter: alice }] })),
    },
  });
  const env = { ...aliceAt(simulator, SPEED), LABS: String(LABS) };
  workspace = await Workspace.create({ files: exampleFiles("many-labs"), env });
});

afterAll(async () => {
  await workspace?.dispose();
  await simulator?.close();
});

/** The VMs on each node. */
const statuses = (): string[][] =>
  NODES.map((node) => Object.values(simulator.requireNode(node).tasks).map(({ status }) => status));

/** What was shown of a lab, in order. */
const shownOf = ({ stdout }: Finished, name: string): string[] =>
  stdout.split("\n").flatMap((line) => (line.startsWith(`${name}: `) ? [line.slice(name.length + 2)] : []));

test("up brings them up at the same time, each a stack of its own, spread over the nodes, and shows how far each is", async () => {
  const done = await workspace.node("index.js");
  expect(done).toMatchObject({ code: 0, stderr: "" });
  expect(statuses()).toEqual([
    ["running", "running"],
    ["running", "running"],
  ]);
  for (const name of names) {
    const shown = shownOf(done, name);
    expect(shown[0]).toBe("starting");
    expect(shown).toContain("create");
    expect(shown.at(-1)).toBe("ready");
    // and how to get in, once it is known
    expect(done.stdout).toMatch(new RegExp(`^${name}  ssh -p 2100\\d \\S+@\\S+$`, "m"));
    expect((await (await workspace.stack("other")).run(["stack", "ls", "--all"])).output).toContain(name);
  }
  // what the provider says of a machine while it is waited for
  expect(names.flatMap((name) => shownOf(done, name)).join("\n")).toMatch(/creating/);
  const lines = done.stdout.split("\n");
  const last = (text: string) => Math.max(...names.map((name) => lines.indexOf(`${name}: ${text}`)));
  const first = (text: string) => Math.min(...names.map((name) => lines.indexOf(`${name}: ${text}`)));
  expect(last("starting")).toBeLessThan(first("ready"));
});

test("a lab that fails leaves the others alone, and is told of", async () => {
  // what the fifth lab would ask for is somebody else's
  const taken = { ...plainVm, gpu_count: "0", ssh_port: "21002", vnc_port: "6100" };
  for (const node of NODES)
    expect(await new Renter().call(simulator, "/tasks/start", taken, { node })).toMatchObject({ errcode: 0 });
  const done = await workspace.node("index.js", [], { LABS: "5" });
  expect(done).toMatchObject({ code: 1, stderr: "1 of 5 labs failed: lab-05\n" });
  expect(shownOf(done, "lab-05").at(-1)).toMatch(/^failed: .*21002/);
  for (const name of names) expect(shownOf(done, name).at(-1)).toBe("ready");
});

test("in a terminal each lab has a line, which changes", () => {
  const { Progress } = require(join(workspace.program, "progress.js")) as {
    Progress: new (
      write: (text: string) => void,
      isTerminal: boolean,
    ) => {
      say(name: string, text: string): void;
    };
  };
  const written: string[] = [];
  const progress = new Progress((text) => written.push(text), true);
  progress.say("lab-01", "starting");
  progress.say("lab-02", "starting");
  progress.say("lab-02", "starting");
  progress.say("lab-01", "ready");
  expect(written).toEqual([
    "\u001b[2Klab-01  starting\n",
    "\u001b[1A\u001b[2Klab-01  starting\n\u001b[2Klab-02  starting\n",
    "\u001b[2A\u001b[2Klab-01  ready\n\u001b[2Klab-02  starting\n",
  ]);
});

test("down takes all down", async () => {
  const done = await workspace.node("index.js", ["down"], { LABS: "5" });
  expect(done).toMatchObject({ code: 0, stderr: "" });
  for (const name of [...names, "lab-05"]) expect(shownOf(done, name).at(-1)).toBe("gone");
  // but what is not theirs
  expect(statuses()).toEqual([["running"], ["running"]]);
});
