/** What the package weighs: in a stack's state, at import, and in memory. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { kinds, providerText } from "../../provider/kinds";
import { developmentPhrase, startSimulator } from "../../simulator";
import { run } from "../engine/command";
import { repositoryRoot } from "../engine/pins";
import { steady, worldOf } from "./fleet";
import { type Measure, median } from "./measure";

/** What a program of a peer's stores with each resource: its methods as text (study of four providers' states). */
export const providerTextBytes: Measure = {
  keys: ["provider_text_bytes"],
  async run() {
    const sizes = Object.values(kinds).map((kind) => Buffer.byteLength(providerText(kind)));
    return [
      {
        key: "provider_text_bytes",
        title: "text that names a resource's code, stored with every resource; the longest kind",
        unit: "B",
        target: 128,
        ours: Math.max(...sizes),
        rivals: {},
        notes: ["what a naive dynamic provider stores is in state_bytes_over_naive"],
      },
    ];
  },
};

const IMPORTS = 7;

const millisecondsOf = async (code: string): Promise<number> => {
  const done = await run(process.execPath, ["-e", code], { cwd: repositoryRoot, env: process.env });
  if (done.code !== 0) throw new Error(`an import failed: ${done.output}`);
  return Number(done.stdout);
};

export const importing: Measure = {
  keys: ["import_ms_over_pulumi"],
  async run(say) {
    const sdk = JSON.stringify(join(repositoryRoot, "dist/sdk"));
    const timed = (loads: string) =>
      `const t = performance.now(); ${loads}; process.stdout.write(String(performance.now() - t))`;
    const more: number[] = [];
    const alone: number[] = [];
    for (let repeat = 0; repeat < IMPORTS; repeat++) {
      say(`import ${repeat + 1} of ${IMPORTS}`);
      // the same process in both, so that the difference is that of our package and not of two Pulumis
      more.push(await millisecondsOf(`require("@pulumi/pulumi"); ${timed(`require(${sdk})`)}`));
      alone.push(await millisecondsOf(timed('require("@pulumi/pulumi")')));
    }
    return [
      {
        key: "import_ms_over_pulumi",
        title: "importing pulumi-dbc in a program that has imported @pulumi/pulumi",
        unit: "ms",
        target: 60,
        ours: median(more),
        repeats: more,
        rivals: { "@pulumi/pulumi itself": median(alone) },
      },
    ];
  },
};

/** What the process of `waiting-process.ts` says of itself. */
export interface Weighed {
  readonly idleMib: number;
  readonly waitingMib: number;
  readonly creates: number;
}

const NODES = 100;
const VMS = 10;

export const memory: Measure = {
  keys: ["rss_1000_mib"],
  async run(say) {
    const simulator = await startSimulator({ seed: worldOf(NODES), speed: 1, profile: steady(3_600) });
    const child = fork(join(__dirname, "waiting-process.js"), [String(NODES), String(VMS)], {
      env: {
        PATH: process.env.PATH,
        DBC_ENDPOINT: simulator.url,
        DBC_WALLET_SEED: `${developmentPhrase}//Alice`,
        DBC_PREFLIGHT: "0",
      },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    try {
      const heard = once(child, "message") as Promise<[Weighed]>;
      const ended = once(child, "exit").then(([code]) => {
        throw new Error(`the waiting process ended with ${code}`);
      });
      say(`${NODES * VMS} VMs waiting in one process`);
      const [{ idleMib, waitingMib, creates }] = await Promise.race([heard, ended]);
      return [
        {
          key: "rss_1000_mib",
          title: "provider process with 1,000 VMs waiting, over idle, resident",
          unit: "MiB",
          target: 60,
          ours: waitingMib - idleMib,
          rivals: {},
          notes: [
            `${waitingMib.toFixed(0)} MiB waiting, ${idleMib.toFixed(0)} MiB idle; ${creates} creates accepted`,
          ],
        },
      ];
    } finally {
      child.kill("SIGKILL");
      await simulator.close();
    }
  },
};
