/** A simulated platform and a client of it, which share one virtual clock. */
import { type ContainerClientOptions, createContainerClient } from "../../provider/api/container/client";
import type {
  ContainerClient,
  ContainerCredentials,
  ContainerOrder,
} from "../../provider/api/container/types";
import { createSend } from "../../provider/api/http";
import { RemoteError } from "../../provider/core/errors";
import { VirtualClock } from "../../simulator/clock";
import {
  type ContainerSimulator,
  type ContainerSimulatorOptions,
  startContainerSimulator,
} from "../../simulator/container/simulator";
import { countingRandom } from "../api/fakes";

export const ACCOUNT: Extract<ContainerCredentials, { kind: "accessKey" }> = {
  kind: "accessKey",
  user: "bob",
  accessKey: "85f96a42b13f4d2c8b760d2775bbcca8",
  secretKey: "simulated-secret-key",
};

export const IMAGE = "10.0.35.26:5000/gpu/admin/base/jupyter:4.4-py3.7-gpu";

export const ORDER: ContainerOrder = {
  name: "trainer-abcd1234",
  taskType: "jupyter",
  acceleratorType: "gpu",
  image: IMAGE,
  resourceGroup: "TeslaM40",
  cpuCores: 3,
  acceleratorCount: 1,
  ramMib: 15_360,
  containers: 1,
  timeLimit: "unlimited",
  startScriptScope: "all",
  mounts: [],
  ports: [{ port: 18_888, protocol: "http" }],
};

/** Options of a client; of the effects only those that differ. */
export type ClientOptions = Partial<Omit<ContainerClientOptions, "effects">> & {
  readonly effects?: Partial<ContainerClientOptions["effects"]>;
};

export interface Platform {
  readonly clock: VirtualClock;
  readonly simulator: ContainerSimulator;
  client(options?: ClientOptions): ContainerClient;
  /** Runs until `work` is done, in virtual time. */
  run<T>(work: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export const startPlatform = async (options: ContainerSimulatorOptions = {}): Promise<Platform> => {
  const clock = new VirtualClock();
  const simulator = await startContainerSimulator({ ...options, clock });
  const send = clock.track(createSend());
  return {
    clock,
    simulator,
    client: ({ effects, ...more } = {}) =>
      createContainerClient({
        loginEndpoint: simulator.url,
        endpoint: simulator.url,
        credentials: ACCOUNT,
        region: "11112",
        effects: { clock, random: countingRandom(), send, ...effects },
        ...more,
      }),
    run: (work) => clock.runUntil(work, 30 * 24 * 3_600_000),
    close: () => simulator.close(),
  };
};

/** The RemoteError that work must end with. */
export const failureOf = async (work: Promise<unknown>): Promise<RemoteError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RemoteError) return error;
  throw new Error(`expected a RemoteError, got ${String(error)}`);
};
