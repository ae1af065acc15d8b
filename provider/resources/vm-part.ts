import type { Problem, Values } from "../core/check";
import type { Context, Plan } from "../core/resource";
import { isKnown } from "../core/unknown";
import { nodeName } from "./asking";
import { factsIn, isToRun, type VmFacts } from "./power-book";
import type { Site } from "./site";
import { noConsent, peerName, withVmOff } from "./vm-power";
import { findVm, idOf, refOf, type VmRef } from "./vm-state";

/** How old a list may be that says whether a VM runs, for a plan; before the power-off it is asked anew. */
const LIST_AGE_MS = 60_000;

/** What is known of the VM that something stands on: from this run, else from what the sdk passed along. */
const factsOf = (site: Site, vmId: string, vm: unknown): VmFacts | undefined => {
  const passed = isKnown(vm) && typeof vm === "object" ? (vm as Values) : undefined;
  return site.power.facts(vmId) ?? (passed && factsIn(passed, passed));
};

/** Where the VM is that something stands on, and under which rental. */
export const placeOf = (site: Site, vmId: string, vm: unknown): VmRef =>
  refOf(vmId, factsOf(site, vmId, vm)?.rentOrder ?? site.rentOrder);

/** Whether this run replaces or deletes the VM, so that what stands on it goes with it. */
export const isCondemned = (site: Site, vmId: string): boolean => site.power.facts(vmId)?.condemned === true;

/** Whether the VM is meant to run; `undefined` when nobody knows. */
export const isMeantToRun = ({ site, hidden }: Context<Site>, vmId: string): boolean | undefined => {
  const facts = factsOf(site, vmId, hidden.__vm);
  // it ran when it was powered off for a change, and is found off since
  if (site.power.isStartOwed(vmId)) return facts?.powerState !== "stopped";
  return facts && isToRun(facts);
};

/** Whether the Vm's own step is part of this run. */
export const isSeen = (site: Site, vmId: string): boolean => site.power.facts(vmId) !== undefined;

/** Whether what is known of the VM is of this run, from its step or by the program. */
export const isHeardOf = (site: Site, vmId: string): boolean =>
  isSeen(site, vmId) || site.power.told(vmId) !== undefined;

/** Remembers that what is recorded says that its VM was left off. */
export const oweStart = (site: Site, vmId: unknown, { phase, __leftOff: leftOff }: Values): void => {
  if (typeof vmId === "string" && (phase === "restore-power" || leftOff === true)) site.power.oweStart(vmId);
};

const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];

/** The names of everything that the program declares on the VM, itself included. */
export const peersOf = ({ hidden }: Context<Site>): string[] => textsIn(hidden.__peers);

/** For `planned` of what stands on a VM: nobody needs to wait for one that this run leaves as it is. */
export const settlePart = (
  site: Site,
  state: Values,
  { vmId, __urn: urn, __vm: vm }: Values,
  { changes }: Plan,
): void => {
  oweStart(site, state.vmId, state);
  // a replacement's delete comes with what was recorded
  if (typeof vmId === "string" && isKnown(vm) && typeof vm === "object" && vm !== null)
    site.power.tell(vmId, vm as Values);
  const name = peerName(typeof urn === "string" ? urn : undefined);
  if (!changes && typeof vmId === "string" && name !== undefined) site.power.sessions(vmId).settle(name);
};

/**
 * For `refuse` and `preflight` of what stands on a VM: `what` needs it off, and it runs without consent to stop it.
 * What can't be asked now is asked again before the power-off.
 */
export const refuseRunning = async (site: Site, news: Values, what: string): Promise<Problem[]> => {
  const { vmId, __vm: vm } = news;
  if (typeof vmId !== "string" || !isKnown(vmId) || site.allowStop) return [];
  const facts = factsOf(site, vmId, vm);
  if (facts && (facts.allowStop || facts.fresh || facts.condemned)) return [];
  const { nodeId, taskId, rentOrder } = placeOf(site, vmId, vm);
  const tasks = await site.asking.ask(nodeName(nodeId), () =>
    site.tasks(nodeId, rentOrder).recent(LIST_AGE_MS),
  );
  const status = tasks?.find((task) => task.taskId === taskId)?.status;
  return status === undefined || status === "closed" ? [] : [{ field: "vmId", reason: noConsent(what) }];
};

/**
 * Does `work` while the VM of a disk or snapshot is off; see the head of `power-session.ts`. `limitMs` is the
 * deadline of the power-off, and of the start. `work` must keep what it achieved where the caller finds it.
 */
export const whileVmOff = <T>(
  context: Context<Site>,
  vmId: string,
  limitMs: number,
  work: () => Promise<T>,
): Promise<T> => {
  const { site, hidden } = context;
  const facts = factsOf(site, vmId, hidden.__vm);
  const terms = {
    limitMs,
    mayStop: site.allowStop || facts?.allowStop === true || facts?.fresh === true,
    // asked for when the works are done: one that joined them may know more
    get runs() {
      return isMeantToRun(context, vmId);
    },
    peers: peersOf(context),
  };
  return withVmOff(context, placeOf(site, vmId, hidden.__vm), terms, work);
};

/** Starts a VM that an earlier run has left off for what is deleted now. */
export const startOwed = async (context: Context<Site>, ref: VmRef, limitMs: number): Promise<void> => {
  const vmId = idOf(ref);
  if (context.site.power.isStartOwed(vmId) && (await findVm(context, ref))?.status === "closed")
    await whileVmOff(context, vmId, limitMs, async () => undefined);
};
