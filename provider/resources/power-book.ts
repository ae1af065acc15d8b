import type { Values } from "../core/check";
import type { Clock } from "../core/effects";
import { isUnknown } from "../core/unknown";
import { PowerSessions } from "./power-session";
import { RENTAL_ENDED } from "./vm-state";

/** What is known of a VM that decides about its power, and about the calls that what stands on it makes. */
export interface VmFacts {
  /** The user's consent to power it off while it runs. */
  readonly allowStop: boolean;
  readonly powerState: string | undefined;
  /** As recorded before this run, so not what an interrupted change has left. */
  readonly status: string | undefined;
  readonly rentOrder: string | undefined;
  /** Made in this run, or never seen to run: nobody works on it yet. */
  readonly fresh: boolean;
  /** About to be replaced or deleted: what stands on it goes with it. */
  readonly condemned: boolean;
}

const word = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Whether a VM that is recorded so was never made whole, nor seen to run: nobody can have worked on it. */
export const isUntouched = ({
  phase,
  status,
}: {
  readonly phase?: unknown;
  readonly status?: unknown;
}): boolean =>
  ["creating", "unknown", "failed"].includes(word(phase) ?? "") &&
  !["running", "closed", RENTAL_ENDED].includes(word(status) ?? "");

/** The facts in a VM's inputs and recorded outputs. */
export const factsIn = (
  { allowStop, powerState, rentOrder }: Values,
  recorded: Values,
  now: { readonly fresh?: boolean; readonly condemned?: boolean } = {},
): VmFacts => ({
  // not known yet in a preview: an up asks again
  allowStop: allowStop === true || isUnknown(allowStop),
  powerState: word(powerState),
  status: word(recorded.status),
  rentOrder: word(rentOrder),
  fresh: now.fresh ?? isUntouched(recorded),
  condemned: now.condemned ?? false,
});

/** Whether a VM is meant to run: by its state, not by what is found; `undefined` when nothing is recorded. */
export const isToRun = ({ powerState, status }: VmFacts): boolean | undefined => {
  if (powerState !== undefined) return powerState === "running";
  return status === undefined ? undefined : status !== "closed";
};

/** Of every VM of a provider process: what is known of it, and its power sessions. VMs go by their Pulumi ids. */
export class PowerBook {
  readonly #facts = new Map<string, VmFacts>();
  readonly #owed = new Set<string>();
  readonly #told = new Map<string, Values>();
  readonly #sessions = new Map<string, PowerSessions>();

  constructor(private readonly clock: Clock) {}

  /** Remembers what is known of a VM now. */
  note(id: string, facts: VmFacts): void {
    this.#facts.set(id, facts);
  }

  /** This run deletes the VM. */
  condemn(id: string): void {
    const facts = this.#facts.get(id) ?? factsIn({}, {});
    this.#facts.set(id, { ...facts, condemned: true });
  }

  /** An earlier run left the VM off for a change, whatever a refresh has recorded of it since. */
  oweStart(id: string): void {
    this.#owed.add(id);
  }

  isStartOwed(id: string): boolean {
    return this.#owed.has(id);
  }

  /** What this run's program says of the VM to what stands on it, whether or not the Vm's own step is part of the run. */
  tell(id: string, vm: Values): void {
    this.#told.set(id, vm);
  }

  told(id: string): Values | undefined {
    return this.#told.get(id);
  }

  facts(id: string): VmFacts | undefined {
    return this.#facts.get(id);
  }

  /** The ids of the VMs that this run replaces or deletes. */
  get leaving(): readonly string[] {
    return [...this.#facts].flatMap(([id, { condemned }]) => (condemned ? [id] : []));
  }

  sessions(id: string): PowerSessions {
    let sessions = this.#sessions.get(id);
    if (!sessions) {
      sessions = new PowerSessions(this.clock);
      this.#sessions.set(id, sessions);
    }
    return sessions;
  }
}
