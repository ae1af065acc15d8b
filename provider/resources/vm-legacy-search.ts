import type { TaskDetail, TaskSummary } from "../api/dbc/types";
import { isRemote, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { Site } from "./site";
import type { VmArgs } from "./vm";
import { refOf, type VmRef, type VmState } from "./vm-state";

/** A create was sent to a node of the older generation, and no VM of it has been seen. */
export type LostVm = VmState & { readonly __before: readonly string[] };

export const isLost = (state: VmState): state is LostVm =>
  state.phase === "unknown" && state.__before !== undefined && state.taskId === "";

/** "a VM with sshPort 20022 and vncPort 5901 on node 58fb618a…": it has no other name before its id is known. */
export const pairName = ({ nodeId, sshPort, vncPort }: VmArgs): string =>
  `the VM with sshPort ${sshPort} and vncPort ${vncPort} on node ${nodeId.slice(0, 8)}…`;

/** The details of those VMs of a node that `before` does not name. */
export const detailsBut = async (
  { site }: Context<Site>,
  nodeId: string,
  before: readonly string[],
): Promise<{ tasks: readonly TaskSummary[]; details: readonly TaskDetail[] }> => {
  const tasks = await site.tasks(nodeId, undefined).fresh();
  const details: TaskDetail[] = [];
  for (const { taskId } of tasks) {
    if (before.includes(taskId)) continue;
    try {
      details.push(await site.client.getTask(nodeId, taskId));
    } catch (error) {
      // deleted since the list was asked for
      if (!isRemote(error, "not-found")) throw error;
    }
  }
  return { tasks, details };
};

/**
 * The VM that a create of ours has made: one that was not there before, with our pair of ports. A node of old has
 * neither an id of ours nor a description to know it by.
 */
export const searchVm = async (
  context: Context<Site>,
  args: VmArgs,
  before: readonly string[],
): Promise<TaskDetail | undefined> => {
  const { details } = await detailsBut(context, args.nodeId, before);
  const ours = details.filter(({ sshPort, vncPort }) => sshPort === args.sshPort && vncPort === args.vncPort);
  if (ours.length > 1)
    throw new UserError(
      `there are ${ours.length} new VMs like ${pairName(args)} (${ours.map(({ taskId }) => taskId).join(", ")}), and nothing tells which this program made: delete the other.`,
    );
  return ours[0];
};

/** Where a recorded VM is by its state; its id names its key where a node of old gave it another later. */
export const whereIs = (id: string, state: VmState | undefined, rentOrder: string | undefined): VmRef => {
  const ref = refOf(id, rentOrder);
  return state === undefined || state.taskId === "" ? ref : { ...ref, taskId: state.taskId };
};

/** Where a recorded VM is; `undefined` while nobody knows. */
export const findRecorded = async (
  context: Context<Site>,
  id: string,
  state: VmState | undefined,
  rentOrder: string | undefined,
): Promise<VmRef | undefined> => {
  const ref = whereIs(id, state, rentOrder);
  if (state === undefined || !isLost(state)) return ref;
  const found = await searchVm(context, state, state.__before);
  return found && { ...ref, taskId: found.taskId };
};
