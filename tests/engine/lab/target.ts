import { openSite } from "../../../provider/hosts/site";
import type { Say } from "../engine";
import type { LabFolder } from "./folder";
import { LabSimulator } from "./simulator";

/** Signs for the wallet that every development chain funds; public, and of no use on a real one. */
const DEVELOPMENT_SEED = "bottom drive obey lake curtain smoke basket hold race lonely fit walk//Alice";

/** The account of the simulated container platform; public too. */
const CONTAINER_ACCOUNT = {
  DBC_CONTAINER_REGION: "11112",
  DBC_CONTAINER_USER: "bob",
  DBC_CONTAINER_ACCESS_KEY: "85f96a42b13f4d2c8b760d2775bbcca8",
  DBC_CONTAINER_SECRET_KEY: "simulated-secret-key",
};

/** The token of the simulated interconnection platform, as public. */
const INTERCONNECT_ACCOUNT = { DBC_INTERCONNECT_TOKEN: "simulated-interconnect-token" };

/** What the lab's machines are made on. */
export interface Target {
  readonly kind: "simulator" | "node";
  readonly stack: string;
  /** What the provider needs to get there, and may be written down. */
  readonly variables: NodeJS.ProcessEnv;
  /** Further variables, of the caller's own, that are only passed on. */
  readonly secrets: NodeJS.ProcessEnv;
  /** Has it ready; answers with a few words about it. */
  prepare(say: Say): Promise<string>;
}

export const SIMULATOR_STACK = "simulator";

/** The node at `DBC_ENDPOINT`, which must be meant, or the simulator. */
export const chooseTarget = (env: NodeJS.ProcessEnv, folder: LabFolder, dist: string): Target => {
  const endpoint = env.DBC_ENDPOINT;
  // a shell that has sourced .lab/env has the address of this lab's own simulator in both
  const isOwn = endpoint === env.DBC_LAB;
  return endpoint && !isOwn ? realNode(endpoint, env) : simulated(env, folder, dist);
};

const simulated = (env: NodeJS.ProcessEnv, folder: LabFolder, dist: string): Target => {
  const variables: NodeJS.ProcessEnv = {
    DBC_WALLET_SEED: DEVELOPMENT_SEED,
    ...CONTAINER_ACCOUNT,
    ...INTERCONNECT_ACCOUNT,
  };
  const wanted = speedOf(env.SPEED);
  return {
    kind: "simulator",
    stack: SIMULATOR_STACK,
    variables,
    secrets: {},
    prepare: async () => {
      const { url, speed, how } = await new LabSimulator(folder, dist).ensure(wanted);
      variables.DBC_ENDPOINT = url;
      variables.DBC_LAB = url;
      variables.DBC_CONTAINER_ENDPOINT = `${url}/container`;
      variables.DBC_CONTAINER_LOGIN_ENDPOINT = `${url}/container`;
      variables.DBC_INTERCONNECT_ENDPOINT = `${url}/interconnect`;
      variables.DBC_CLOCK_SPEED = String(speed);
      return `${url}, ${speed} times as fast as the world (${how})`;
    },
  };
};

const speedOf = (text: string | undefined): number | undefined => {
  if (!text) return undefined;
  const speed = Number(text);
  if (!(speed > 0 && speed <= 10_000))
    throw new Error(`SPEED is ${text}: it must be a number from 0 to 10000.`);
  return speed;
};

const realNode = (endpoint: string, env: NodeJS.ProcessEnv): Target => {
  const ours = Object.entries(env).filter(([name]) => name.startsWith("DBC_"));
  return {
    kind: "node",
    stack: stackFor(endpoint),
    variables: { DBC_ENDPOINT: endpoint },
    secrets: Object.fromEntries(ours),
    prepare: async (say) => {
      const nodes = await openSite({ config: () => undefined, env }).client.listNodes();
      for (const { nodeId, name, version } of nodes) say(`  ${nodeId}  ${name ?? "-"}  ${version ?? "-"}`);
      if (env.CONFIRM !== "real") {
        throw new Error(
          `DBC_ENDPOINT is set, so this would work on real machines behind ${endpoint}, which cost money: add CONFIRM=real if that is meant.`,
        );
      }
      return `${endpoint}, which knows ${nodes.length} ${nodes.length === 1 ? "node" : "nodes"}`;
    },
  };
};

/** One stack for each endpoint: the machines behind another one are not this one's to change. */
const stackFor = (endpoint: string): string => {
  if (!URL.canParse(endpoint))
    throw new Error(`DBC_ENDPOINT is ${endpoint}: it must be a URL such as http://127.0.0.1:5002.`);
  return `real-${new URL(endpoint).host.replaceAll(/[^a-z0-9.]+/gi, "-")}`;
};
