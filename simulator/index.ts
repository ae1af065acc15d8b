import { join } from "node:path";
import { ScaledClock, type SimulatorClock, VirtualClock } from "./clock";
import { ContainerSimulator } from "./container/simulator";
import { Dice } from "./dice";
import { Engine } from "./engine";
import { Faults } from "./fault";
import { InterconnectSimulator } from "./interconnect/simulator";
import { defaultInterconnectWorld } from "./interconnect/world";
import type { SimulatorOptions } from "./options";
import { profiles } from "./profile";
import { RequestLog } from "./request-log";
import { signaturesReady } from "./signature";
import { Simulator } from "./simulator";
import { type SavedState, StateFile } from "./state-file";
import { defaultWorld } from "./world/default-world";
import { worldFromSeed } from "./world/seed";

export { ScaledClock, type SimulatorClock, VirtualClock } from "./clock";
export {
  ContainerSimulator,
  type ContainerSimulatorOptions,
  startContainerSimulator,
} from "./container/simulator";
export { ControlError } from "./control/control";
export { type ArmedFault, type FaultKind, type FaultOrder, faultKinds } from "./fault";
export {
  InterconnectSimulator,
  type InterconnectSimulatorOptions,
  startInterconnectSimulator,
} from "./interconnect/simulator";
export type { SimulatorOptions } from "./options";
export { type Profile, type ProfileName, profiles } from "./profile";
export type { LoggedRequest } from "./request-log";
export { Simulator } from "./simulator";
export { alice, bob, defaultWorld, developmentPhrase, labNodes } from "./world/default-world";
export type { NodeSeed, WorldSeed } from "./world/seed";

/** The clock that the options ask for; a world that was saved goes on where it was, or where real time has got to. */
function clockFor(options: SimulatorOptions, saved: SavedState | undefined): SimulatorClock {
  if (typeof options.clock === "object") return options.clock;
  if (options.speed === undefined) return new VirtualClock(saved?.time);
  if (saved === undefined) return new ScaledClock(options.speed);
  const passed = Math.max(0, Date.now() - saved.realTime) * options.speed;
  return new ScaledClock(options.speed, saved.time + passed);
}

/** Where on its address the container platform and the interconnection platform are. */
const containerPath = "/container";
const interconnectPath = "/interconnect";

/**
 * Starts a simulator of a DBC client node and the nodes behind it, on 127.0.0.1; the container platform and the
 * interconnection platform are served beside it, on the same clock, under `/container` and `/interconnect`.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  await signaturesReady();
  const stateFile = options.state === undefined ? undefined : await StateFile.open(options.state);
  const saved = await stateFile?.load();
  const clock = clockFor(options, saved);
  const number = options.randomSeed ?? 20_260_101;
  const world = saved?.world ?? worldFromSeed(options.seed ?? defaultWorld, clock.time(), number);
  const profile = typeof options.profile === "object" ? options.profile : profiles[options.profile ?? "fast"];
  const dice = new Dice(saved?.dice ?? number);
  const faults = saved?.faults ?? new Faults();
  const engine = new Engine(world, clock, dice, profile, faults, new RequestLog(), stateFile);
  const { state } = options;
  const container = new ContainerSimulator({
    clock,
    stateFile: state === undefined ? undefined : join(state, "container.json"),
    randomSeed: number,
  });
  const interconnect = new InterconnectSimulator({
    clock,
    stateFile: state === undefined ? undefined : join(state, "interconnect.json"),
    randomSeed: number,
    // the one that answers something
    world: defaultInterconnectWorld("draft"),
  });
  const simulator = new Simulator(engine, options.idleMs, container, interconnect);
  simulator.mount(containerPath, container);
  simulator.mount(interconnectPath, interconnect);
  await simulator.listen(options.port ?? 0);
  return simulator;
}
