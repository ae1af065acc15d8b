import type { SimulatorClock } from "./clock";
import type { Profile, ProfileName } from "./profile";
import type { WorldSeed } from "./world/seed";

export interface SimulatorOptions {
  /** Port on 127.0.0.1; 0 takes any free one (default). */
  readonly port?: number | undefined;
  /** `virtual` (default): time moves only when told to; or a clock that is shared with others. */
  readonly clock?: "virtual" | SimulatorClock | undefined;
  /** Simulated seconds a real second; makes the clock run by itself. */
  readonly speed?: number | undefined;
  /** Folder that keeps the world; in memory only when absent. */
  readonly state?: string | undefined;
  /** What the world is made of, when the folder holds none yet; the built-in laboratory when absent. */
  readonly seed?: WorldSeed | undefined;
  /** How long things take (`fast`). */
  readonly profile?: ProfileName | Profile | undefined;
  /** Real milliseconds after which idle and half-sent connections are closed (30 s, as the node does). */
  readonly idleMs?: number | undefined;
  /** Makes chance repeatable. */
  readonly randomSeed?: number | undefined;
}
