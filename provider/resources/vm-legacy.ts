import type { CreateTask } from "../api/dbc/types";
import type { Values } from "../core/check";
import { closedSentence, UserError } from "../core/errors";
import { sendOnce, Unsettled } from "../core/once";
import { type Context, PartialState } from "../core/resource";
import { isUntouched } from "./power-book";
import type { Site } from "./site";
import type { VmArgs } from "./vm";
import { adoptVm } from "./vm-adopt";
import { finishVm } from "./vm-finish";
import { legacyVmProblems } from "./vm-legacy-rules";
import { detailsBut, type LostVm, pairName, searchVm } from "./vm-legacy-search";
import { accountOf, bareState, idOf, toValues, type VmRef, type VmState } from "./vm-state";

const orderOf = (args: VmArgs): CreateTask => ({
  image: args.image,
  gpuCount: args.gpuCount,
  cpuCores: args.cpuCores,
  memoryGib: args.memoryGib,
  diskGib: args.dataDiskGib,
  sshPort: args.sshPort,
  vncPort: args.vncPort,
});

const making = new WeakMap<Site, Map<string, string>>();

/** Keeps two VMs of one run off one port: they could not be told apart, and the node would not object. */
const takePorts = (site: Site, { nodeId, sshPort, vncPort }: VmArgs, key: string): void => {
  const taken = making.get(site) ?? new Map<string, string>();
  making.set(site, taken);
  for (const [field, port] of Object.entries({ sshPort, vncPort })) {
    const name = `${nodeId}/${field}/${port}`;
    if ((taken.get(name) ?? key) !== key)
      throw new UserError(
        `another Vm of this program asks for ${field} ${port} of node ${nodeId.slice(0, 8)}…: give each its own.`,
      );
    taken.set(name, key);
  }
};

/** The VMs that are there before ours; refused if one has a port of ours, which the node would not look at. */
const before = async (context: Context<Site>, args: VmArgs): Promise<readonly string[]> => {
  const { tasks, details } = await detailsBut(context, args.nodeId, []);
  for (const { taskId, sshPort, vncPort } of details) {
    const same = [
      sshPort === args.sshPort ? "sshPort" : "",
      vncPort === args.vncPort ? "vncPort" : "",
    ].filter((field) => field !== "");
    if (same.length === 2)
      throw new UserError(
        `there is ${pairName(args)} already, ${taskId}, and a node of the older generation can't tell whose it is: if a run of this program that was cut off began it, or you want it managed here, set adoptTaskId: "${taskId}"; else choose other ports.`,
      );
    if (same.length > 0)
      throw new UserError(
        `VM ${taskId} on node ${args.nodeId.slice(0, 8)}… has that ${same.join()} already, and the node would not object: choose another.`,
      );
  }
  return tasks.map(({ taskId }) => taskId);
};

/** What is recorded while nobody knows whether an order was carried out. It is never given again. */
const lost = (args: VmArgs, key: string, account: string, known: readonly string[], why: unknown): never => {
  const nowhere: VmRef = { nodeId: args.nodeId, taskId: "", rentOrder: undefined };
  const state: VmState = { ...bareState(args, nowhere, "unknown", "unknown", account), __before: known };
  throw new PartialState(
    `${args.nodeId}/${key}`,
    toValues(state),
    `nobody knows whether ${pairName(args)} was made: ${closedSentence(why)} It is recorded and not ordered again, because a second order could make a second VM; the next \`pulumi up\` looks for it, and if it never shows (getVms), \`pulumi up --replace <urn>\` makes it anew.`,
  );
};

/**
 * Makes a VM on a node of the older generation, which takes neither an id nor a mark of ours: it is known by not being
 * in the list before, and by its pair of ports.
 */
export const createLegacyVm = async (
  context: Context<Site>,
  args: VmArgs,
): Promise<{ id: string; state: Values }> => {
  const { site, clock, hidden } = context;
  const [problem] = legacyVmProblems(args);
  if (problem) throw new UserError(problem.reason);
  if (args.adoptTaskId !== undefined) return adoptVm(context, args, args.adoptTaskId);
  const key = hidden.__key;
  if (key === undefined) throw new UserError("this Vm has no key: make it with the class Vm of pulumi-dbc.");
  const account = await accountOf(context, { nodeId: args.nodeId, taskId: key, rentOrder: undefined });
  takePorts(site, args, key);
  const known = await before(context, args);
  const watch = site.tasks(args.nodeId, undefined);
  try {
    const { found, clear } = await sendOnce({
      clock,
      repeatable: false,
      look: () => searchVm(context, args, known),
      send: () => {
        watch.forget();
        return site.client.createTask(args.nodeId, orderOf(args)).finally(() => watch.forget());
      },
      isAlreadyThere: () => false,
      unsure: () => context.progress("no clear answer: looking whether the VM was made"),
    });
    const ref: VmRef = { nodeId: args.nodeId, taskId: found.taskId, rentOrder: undefined };
    return {
      id: idOf(ref),
      state: toValues(await finishVm(context, ref, args, account, { found: !clear, mayStop: true })),
    };
  } catch (error) {
    if (!(error instanceof Unsettled)) throw error;
    return lost(args, key, account, known, error.last);
  }
};

/** Goes on with a VM of which only the order is known. */
export const resumeLost = async (
  context: Context<Site>,
  id: string,
  state: LostVm,
  args: VmArgs,
): Promise<VmState> => {
  const found = await searchVm(context, state, state.__before);
  if (!found)
    throw new PartialState(
      id,
      toValues(state),
      `${pairName(state)} has not shown, and is not ordered again: look with getVms, and if it is not there, \`pulumi up --replace <urn>\` makes it anew.`,
    );
  const ref: VmRef = { nodeId: state.nodeId, taskId: found.taskId, rentOrder: undefined };
  return finishVm(context, ref, args, state.__account, { found: true, mayStop: isUntouched(state) });
};
