/** The orphan finder as a command, beside what a killed engine has left. */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { labNodes } from "../../simulator";
import { type Finished, run } from "./command";
import { repositoryRoot } from "./pins";
import { signalProcess } from "./processes";
import type { PulumiStack } from "./pulumi";
import { aliceAt } from "./site";
import { VmLab, vmArgs } from "./vm-lab";
import { until } from "./workspace";

jest.setTimeout(600_000); // each step is several runs of a real program, on a machine of any speed

const NODE = labNodes.alice1;

let lab: VmLab;
beforeAll(async () => {
  lab = await VmLab.open();
});
afterAll(() => lab.close());

const { bin } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as {
  readonly bin: Readonly<Record<string, string>>;
};
const command = join(repositoryRoot, bin["pulumi-dbc-orphans"] ?? "");

/** Runs the command as a user would. */
const finder = (...args: string[]): Promise<Finished> =>
  run(process.execPath, [command, ...args], {
    cwd: lab.workspace.folder,
    env: { PATH: process.env.PATH, ...aliceAt(lab.simulator, 60) },
  });

const idsIn = ({ stdout }: Finished): string[] =>
  (JSON.parse(stdout) as { readonly orphans: readonly { readonly id: string }[] }).orphans.map(
    ({ id }) => id,
  );

const exportTo = async (file: string, stack: PulumiStack): Promise<void> =>
  writeFile(join(lab.workspace.folder, file), (await stack.state()).text);

test("what a killed engine began belongs to its state until the state is gone; then it is listed, and deleted", async () => {
  const stack = await lab.workspace.stack("killed");
  const kept = await lab.workspace.stack("kept");
  await lab.declare({ other: { args: vmArgs(10) } });
  await lab.up(kept);
  await exportTo("kept.json", kept);

  const before = lab.workspace.processes();
  await lab.declare({ box: { args: vmArgs() } });
  const running = stack.startUp();
  await until(() => lab.vms().length === 2);
  running.kill("SIGKILL");
  await running.finished;
  for (const pid of lab.workspace.processes().filter((each) => !before.includes(each)))
    signalProcess(pid, "SIGKILL");
  await stack.cancel(); // the lock of the dead engine
  expect((await stack.state()).pending).toBe(1);
  await exportTo("killed.json", stack);
  lab.simulator.clearRequests();

  const both = await finder("killed.json", "kept.json", "--json");
  expect(both).toMatchObject({ code: 0, stderr: "" });
  expect(idsIn(both)).toEqual([]);
  expect(JSON.parse(both.stdout)).toMatchObject({ seen: 2, looked: [`node ${NODE}`] });

  // the checkpoint is lost with all that it knew
  expect(await stack.run(["stack", "rm", "--yes", "--force"])).toMatchObject({ code: 0 });
  const [mine] = lab
    .vms()
    .filter(({ taskId }) => !readFileSync(join(lab.workspace.folder, "kept.json"), "utf8").includes(taskId));
  const id = `${NODE}/${mine?.taskId}`;
  const found = await finder("kept.json");
  expect(found.code).toBe(1);
  expect(found.stdout).toContain(`${id}  Vm`);
  expect(found.stdout).toContain("1 of 2 things in 1 places carry pulumi-dbc's mark");
  const piped = await run("sh", ["-c", '"$0" "$1" - --json < kept.json', process.execPath, command], {
    cwd: lab.workspace.folder,
    env: { PATH: process.env.PATH, ...aliceAt(lab.simulator, 60) },
  });
  expect(piped.code).toBe(1);
  expect(idsIn(piped)).toEqual([id]);
  expect(lab.writes()).toEqual([]);

  const [theirs] = lab.vms().filter(({ taskId }) => taskId !== mine?.taskId);
  expect(await finder("kept.json", "--delete", `${NODE}/${theirs?.taskId}`)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("it belongs to a state that was given; use `pulumi destroy`."),
  });
  expect(lab.writes()).toEqual([]);
  expect(await finder("kept.json", "--delete", id)).toMatchObject({ code: 0, stdout: `Deleted Vm ${id}.\n` });
  expect(lab.vms()).toEqual([{ taskId: theirs?.taskId, status: "running" }]);
  expect(await finder("kept.json")).toMatchObject({ code: 0 });
  await lab.declare({ other: { args: vmArgs(10) } });
  expect(await kept.up("--expect-no-changes")).toMatchObject({ code: 0 });
});

test.each([
  [
    "nothing to go by",
    [],
    "say where to look: give exported states, --node ID or --region NAME; --help lists all.",
  ],
  [
    "a file that is not there",
    ["nowhere.json"],
    "could not read nowhere.json: give a file that `pulumi stack export` wrote, or - for stdin.",
  ],
  [
    "a file that is no state",
    ["program/package.json"],
    "could not read program/package.json as a stack's state: it must be what `pulumi stack export` prints, of version 3 or 4.",
  ],
  [
    "a delete without states",
    ["--node", NODE, "--delete", "x"],
    "could not delete anything: give the states of all stacks, so that nothing of theirs goes.",
  ],
  ["an option that there isn't", ["--force"], "unknown option '--force'"],
])("%s is a mistake, and says so", async (_name, args, sentence) => {
  const done = await finder(...args);
  expect(done).toMatchObject({ code: 2, stdout: "" });
  expect(done.stderr).toContain(sentence);
});

test("a node that can't be looked at is trouble, not an all-clear", async () => {
  await lab.simulator.setLink(labNodes.alice2, "offline");
  const done = await finder("--node", labNodes.alice2, "--json");
  await lab.simulator.setLink(labNodes.alice2, "online");
  expect(done.code).toBe(2);
  expect(JSON.parse(done.stdout)).toMatchObject({
    orphans: [],
    looked: [],
    failed: [{ place: `node ${labNodes.alice2}`, reason: expect.stringMatching(/^could not /) }],
  });
});
