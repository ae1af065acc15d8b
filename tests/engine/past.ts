/** States of the past: what a release has stored of every kind of resource, and the world that it stands for. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { profiles, ScaledClock, type Simulator, startSimulator } from "../../simulator";
import { ACCOUNT } from "../container/platform";
import { TOKEN } from "../interconnect/lab";
import { repositoryRoot } from "./pins";
import { aliceAt } from "./site";
import { Workspace } from "./workspace";

const SPEED = 60;
const FOLDER = join(repositoryRoot, "tests", "states");
/** The export names its stack. */
const STACK = "past";

/** The files of a release: the program, the stack's export, and the simulated systems at that moment. */
const FILES = { program: "program.js", state: "stack.json", world: "world.json" } as const;

/** The releases of which there is a state. */
export const releases = (): Promise<string[]> => readdir(FOLDER);

const start = (time?: number): Promise<Simulator> =>
  startSimulator({ clock: new ScaledClock(SPEED, time), profile: profiles.fast });

const environment = (simulator: Simulator) => ({
  ...aliceAt(simulator, SPEED),
  DBC_CONTAINER_ENDPOINT: `${simulator.url}/container`,
  DBC_CONTAINER_LOGIN_ENDPOINT: `${simulator.url}/container`,
  DBC_CONTAINER_REGION: "11112",
  DBC_CONTAINER_USER: ACCOUNT.user,
  DBC_CONTAINER_ACCESS_KEY: ACCOUNT.accessKey,
  DBC_CONTAINER_SECRET_KEY: ACCOUNT.secretKey,
  DBC_INTERCONNECT_ENDPOINT: `${simulator.url}/interconnect`,
  DBC_INTERCONNECT_TOKEN: TOKEN,
});

/** Runs `work` in a stack of a program, on simulated systems. */
const inStack = async <T>(
  program: string,
  simulator: Simulator,
  work: (lab: {
    readonly simulator: Simulator;
    readonly stack: Awaited<ReturnType<Workspace["stack"]>>;
    readonly workspace: Workspace;
  }) => Promise<T>,
): Promise<T> => {
  const workspace = await Workspace.create({ files: { "index.js": program }, env: environment(simulator) });
  try {
    return await work({ simulator, workspace, stack: await workspace.stack(STACK) });
  } finally {
    await workspace.dispose();
    await simulator.close();
  }
};

/** Writes down what this release stores. */
export const record = async (release: string, program: string): Promise<void> => {
  const simulator = await start();
  const { container, interconnect, clock } = simulator;
  for (const node of Object.keys(simulator.world.nodes))
    await simulator.addImage(node, { name: "own.qcow2", sizeGib: 1 });
  await inStack(program, simulator, async ({ stack }) => {
    const made = await stack.up();
    if (made.code !== 0) throw new Error(made.output);
    // where on this machine the program stood is nobody's business
    const { text } = await stack.state();
    const state: unknown = JSON.parse(text, (name, value: unknown) =>
      name === "sourcePosition" || name === "stackTrace" ? undefined : value,
    );
    const world = {
      time: clock.time(),
      // a node forgets those when it restarts, too
      node: { ...simulator.world, nonces: {} },
      container: container.world,
      interconnect: interconnect.world,
    };
    const folder = join(FOLDER, release);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, FILES.program), program);
    await writeFile(join(folder, FILES.state), `${JSON.stringify(state, undefined, 1)}\n`);
    await writeFile(join(folder, FILES.world), `${JSON.stringify(world, undefined, 1)}\n`);
  });
};

/** Runs `work` in the stack of a release, as that release has left it. */
export const resume = async (release: string, work: Parameters<typeof inStack<void>>[2]): Promise<void> => {
  const text = (name: string) => readFile(join(FOLDER, release, name), "utf8");
  const { time, node, container, interconnect } = JSON.parse(await text(FILES.world));
  const simulator = await start(time);
  simulator.engine.world = node;
  simulator.container.world = container;
  simulator.interconnect.world = interconnect;
  simulator.engine.resume();
  simulator.container.settle();
  await inStack(await text(FILES.program), simulator, async (lab) => {
    await lab.workspace.write({ "stack.json": await text(FILES.state) });
    const imported = await lab.stack.run(["stack", "import", "--file", "stack.json"]);
    if (imported.code !== 0) throw new Error(imported.output);
    await work(lab);
  });
};
