/** How long a new provider process takes to answer its first `check`. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import type * as grpc from "@grpc/grpc-js";
import { kinds, providerText } from "../../provider/kinds";
import { developmentPhrase, startSimulator } from "../../simulator";
import { Workspace } from "../engine/workspace";
import { worldOf } from "./fleet";
import { nodeIdOf, vmInputs } from "./fleet-inputs";
import { type Measure, median } from "./measure";

const REPEATS = 9;

// as in provider/hosts/engine-log.ts: the SDK's own copy of gRPC
const here = createRequire(__filename);
const sdk = createRequire(here.resolve("@pulumi/pulumi/package.json"));
const { credentials } = sdk("@grpc/grpc-js") as typeof grpc;
const { ResourceProviderClient } = here("@pulumi/pulumi/proto/provider_grpc_pb") as {
  ResourceProviderClient: new (address: string, credentials: grpc.ChannelCredentials) => Client;
};
const messages = here("@pulumi/pulumi/proto/provider_pb") as {
  ConfigureRequest: new () => Request;
  CheckRequest: new () => Request;
};
const { Struct } = here("google-protobuf/google/protobuf/struct_pb.js") as {
  Struct: { fromJavaScript(value: object): unknown };
};

/** What is used of the generated messages. */
interface Request {
  setArgs(value: unknown): void;
  setOlds(value: unknown): void;
  setNews(value: unknown): void;
}

type Answer = (error: Error | null, response: unknown) => void;

interface Client {
  configure(request: Request, answer: Answer): void;
  check(request: Request, answer: Answer): void;
  close(): void;
}

const asked = (ask: (answer: Answer) => void): Promise<unknown> =>
  new Promise((resolve, reject) => {
    ask((error, response) => (error ? reject(error) : resolve(response)));
  });

/** The port that the process says first. */
const portOf = async (child: ChildProcess): Promise<string> => {
  if (!child.stdout) throw new Error("the provider process has no output");
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  return chunk.toString().trim();
};

/** Milliseconds from starting Pulumi's provider process to the answer to its first `check`. */
const firstCheck = async (
  cwd: string,
  engine: string,
  env: NodeJS.ProcessEnv,
  news: object,
): Promise<number> => {
  const program = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
  const began = performance.now();
  const child = spawn(process.execPath, [program, engine], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const client = new ResourceProviderClient(`127.0.0.1:${await portOf(child)}`, credentials.createInsecure());
  try {
    const configure = new messages.ConfigureRequest();
    configure.setArgs(Struct.fromJavaScript({}));
    await asked((answer) => client.configure(configure, answer));
    const check = new messages.CheckRequest();
    check.setOlds(Struct.fromJavaScript({}));
    check.setNews(Struct.fromJavaScript(news));
    await asked((answer) => client.check(check, answer));
    return performance.now() - began;
  } finally {
    client.close();
    child.kill("SIGKILL");
  }
};

const EMPTY = "exports.handler = () => ({ async create(inputs) { return { id: 'x', outs: inputs }; } });";

export const startup: Measure = {
  keys: ["first_check_ms_over_empty"],
  engine: true,
  async run(say) {
    const workspace = await Workspace.create({ files: { "index.js": "" } });
    // a check may ask what the node would refuse
    const simulator = await startSimulator({ seed: worldOf(1), speed: 1 });
    const env = {
      PATH: process.env.PATH,
      DBC_ENDPOINT: simulator.url,
      DBC_WALLET_SEED: `${developmentPhrase}//Alice`,
    };
    // a provider process ends when it finds no engine at this address
    const engine = createServer().listen(0, "127.0.0.1");
    await once(engine, "listening");
    const address = engine.address();
    if (address === null || typeof address === "string") throw new Error("there is no port");
    const args = vmInputs(nodeIdOf(0), 0);
    const over: number[] = [];
    const empty: number[] = [];
    try {
      const at = `127.0.0.1:${address.port}`;
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        say(`first check ${repeat + 1} of ${REPEATS}`);
        const floor = await firstCheck(workspace.program, at, env, { ...args, __provider: EMPTY });
        const ours = await firstCheck(workspace.program, at, env, {
          ...args,
          __provider: providerText(kinds.vm),
          __urn: "urn:pulumi:bench::bench::pulumi-nodejs:dynamic/dbc:Vm::vm",
        });
        empty.push(floor);
        over.push(ours - floor);
      }
    } finally {
      engine.close();
      await simulator.close();
      await workspace.dispose();
    }
    return [
      {
        key: "first_check_ms_over_empty",
        title: "first `check` answered by a new provider process, more than by one with an empty provider",
        unit: "ms",
        target: 250,
        ours: median(over),
        repeats: over,
        rivals: { "the empty one": median(empty) },
        notes: [
          "the first check of a Vm asks its node what it would refuse (sign-in, list, hardware), and for that loads axios and the wallet; DBC_PREFLIGHT=0 asks nothing",
        ],
      },
    ];
  },
};
