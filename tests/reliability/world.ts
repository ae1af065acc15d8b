/** The simulated systems on one address and one clock, and the provider processes that reach them. */
import { createContainerClient } from "../../provider/api/container/client";
import { createDbcClient } from "../../provider/api/dbc/client";
import type { Credentials } from "../../provider/api/dbc/types";
import { createSend } from "../../provider/api/http";
import { createInterconnectClient } from "../../provider/api/interconnect/client";
import type { Values } from "../../provider/core/check";
import type { Random } from "../../provider/core/effects";
import { hiddenOf } from "../../provider/core/lifecycle";
import type { Context } from "../../provider/core/resource";
import { ContainerSite } from "../../provider/resources/container-site";
import { Site } from "../../provider/resources/site";
import {
  defaultWorld,
  labNodes,
  profiles,
  type Simulator,
  startSimulator,
  VirtualClock,
  type WorldSeed,
} from "../../simulator";
import { ACCOUNT } from "../container/platform";
import { TOKEN } from "../interconnect/lab";
import { Seam } from "./seam";

export const NODE = labNodes.alice1;

/** `//Alice`; the seed of the development phrase by itself, because a phrase takes long to unfold. */
export const ALICE: Credentials = {
  kind: "wallet",
  seed: "0xfac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e//Alice",
};

/** Different bytes each time, the same from the same state. */
class Randomness {
  constructor(public state: number) {}

  readonly take: Random = (bytes) =>
    Uint8Array.from({ length: bytes }, () => {
      this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
      return this.state >>> 24;
    });
}

const MIB = 1024 * 1024;
/** Copies and transfers take long enough to be struck in the middle. */
const PROFILE = { ...profiles.fast, copyRate: 512 * MIB, transferRate: 64 * MIB };

/** The built-in world, with images that only the server has, or only a node, and a second data directory. */
const WORLD: WorldSeed = {
  ...defaultWorld,
  imageServers: (defaultWorld.imageServers ?? []).map((server) => ({
    ...server,
    images: [
      ...(server.images ?? []),
      { name: "tools.qcow2", sizeGib: 1, virtualGib: 20 },
      { name: "others.qcow2", sizeGib: 1, virtualGib: 20 },
    ],
  })),
  nodes: (defaultWorld.nodes ?? []).map((node) =>
    node.id === NODE
      ? {
          ...node,
          hardware: { directories: [{ path: "/data1", sizeGib: 4096 }] },
          images: [
            ...(node.images ?? []),
            { name: "own.qcow2", sizeGib: 2, virtualGib: 40 },
            { name: "spare.qcow2", sizeGib: 1, virtualGib: 40 },
          ],
        }
      : node,
  ),
};

/** How long anything may take, in virtual time. */
const LIMIT_MS = 14 * 24 * 3_600_000;

/** A world at one moment, from which others can go on. */
export interface Moment {
  readonly time: number;
  readonly random: number;
  readonly dice: number;
  readonly systems: readonly [
    Simulator["engine"]["world"],
    Simulator["container"]["world"],
    Simulator["interconnect"]["world"],
  ];
}

/** Everything outside of the provider. All of it follows from its seed, or from the moment that it goes on from. */
export class World {
  private constructor(
    readonly clock: VirtualClock,
    readonly simulator: Simulator,
    readonly randomness: Randomness,
  ) {}

  static async open(seed: number, from?: Moment): Promise<World> {
    // whoever talks to it is tracked
    const clock = new VirtualClock(from?.time, 0);
    const simulator = await startSimulator({
      clock,
      profile: PROFILE,
      randomSeed: from?.dice ?? seed,
      seed: WORLD,
    });
    const { engine, container, interconnect } = simulator;
    if (from) {
      [engine.world, container.world, interconnect.world] = structuredClone(from.systems);
      // a node forgets those when it restarts, too
      engine.world.nonces = {};
      engine.resume();
      container.settle();
    } else {
      // no step of a container's that only takes longer
      Object.assign(container.world.switches, { waitMs: 2_000, deployMs: 3_000 });
      // what the server's source does: each call writes a row
      interconnect.world.switches.mode = "strict";
    }
    return new World(clock, simulator, new Randomness(from?.random ?? seed));
  }

  /** What it is like now, to go on from more than once. */
  moment(): Moment {
    const { engine, container, interconnect } = this.simulator;
    return {
      time: this.clock.time(),
      random: this.randomness.state,
      dice: engine.dice.state,
      systems: structuredClone([engine.world, container.world, interconnect.world] as const),
    };
  }

  close(): Promise<void> {
    return this.simulator.close();
  }

  /** Runs `work` while virtual time passes. */
  run<T>(work: Promise<T>): Promise<T> {
    return this.clock.runUntil(work, LIMIT_MS);
  }

  /** A new provider process: it remembers nothing. */
  process(seam = new Seam()): Process {
    return new Process(this, seam);
  }
}

/** One provider process, which a fault in its seam may end. */
export class Process {
  readonly warnings: string[] = [];
  readonly site: Site;
  readonly #effects;

  constructor(
    world: World,
    readonly seam: Seam,
  ) {
    const effects = seam.wrap({
      clock: world.clock,
      random: world.randomness.take,
      send: world.clock.track(createSend()),
      greet: async () => "SSH-2.0-OpenSSH_8.9",
    });
    this.#effects = effects;
    const { url } = world.simulator;
    const client = createDbcClient({
      endpoint: url,
      endpointIsDefault: false,
      credentials: ALICE,
      apiGeneration: "current",
      effects,
    });
    this.site = new Site(client, effects, undefined, false, {
      container: () =>
        new ContainerSite(
          createContainerClient({
            endpoint: `${url}/container`,
            loginEndpoint: `${url}/container`,
            credentials: ACCOUNT,
            region: "11112",
            effects,
          }),
          effects,
          true,
        ),
      interconnect: () =>
        createInterconnectClient({ endpoint: `${url}/interconnect`, token: TOKEN, effects }),
    });
  }

  context(props: Values): Context<Site> {
    const { clock, random } = this.#effects;
    return {
      site: this.site,
      clock,
      random,
      hidden: hiddenOf(props),
      progress: () => undefined,
      warn: (text) => void this.warnings.push(text),
      done: () => undefined,
    };
  }

  /** What the engine gets of a call: nothing any more once the process is dead. */
  call<T>(work: () => Promise<T>): Promise<T> {
    return Promise.race([this.seam.death, work()]);
  }
}
