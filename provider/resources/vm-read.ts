import type { TaskDetail } from "../api/dbc/types";
import type { Values } from "../core/check";
import { isRemote } from "../core/errors";
import type { Context } from "../core/resource";
import { rentalEnded } from "./rental";
import type { Site } from "./site";
import type { VmArgs } from "./vm";
import { isGone } from "./vm-delete";
import { findRecorded, isLost } from "./vm-legacy-search";
import { accountOf, nameOf, RENTAL_ENDED, refOf, stateOf, toState, toValues } from "./vm-state";

/** How old a list may be that answers a refresh; nothing of ours was written since. */
const LIST_AGE_MS = 60_000;

/** The arguments of a VM that was not made here, as far as its node shows them. */
const seenArgs = (nodeId: string, detail: TaskDetail): VmArgs => ({
  nodeId,
  image: "",
  os: detail.os.includes("win") ? "windows" : "linux",
  interfaceModel: "virtio",
  ...(detail.networkName !== undefined && { lan: detail.networkName }),
  cpuCores: detail.cpuCores,
  memoryGib: Math.round(detail.memoryGib),
  gpuCount: detail.gpuCount,
  vncPort: detail.vncPort ?? 0,
  ...(detail.sshPort !== undefined && { sshPort: detail.sshPort }),
  ...(detail.rdpPort !== undefined && { rdpPort: detail.rdpPort }),
  restartMode: "guest",
  allowStop: false,
  waitFor: "running",
  deletionProtection: false,
});

/** What a VM is like now; `undefined` only when it is proven gone. */
export const readVm = async (
  context: Context<Site>,
  id: string,
  values: Values | undefined,
): Promise<Values | undefined> => {
  const state = values && toState(values);
  const ref = refOf(id, state?.rentOrder ?? context.site.rentOrder);
  try {
    const account = await accountOf(context, ref, state?.__account);
    const there = await findRecorded(context, id, state, ref.rentOrder);
    // nobody knows whether it was made: that is not to be forgotten
    if (!there) return values;
    const { nodeId, taskId, rentOrder } = there;
    const tasks = await context.site.tasks(nodeId, rentOrder).recent(LIST_AGE_MS);
    const listed = tasks.some((task) => task.taskId === taskId);
    if (!listed && (await isGone(context, there))) return undefined;
    const detail = await context.site.client.getTask(nodeId, taskId, { rentOrder });
    if (!state) return toValues(stateOf(seenArgs(ref.nodeId, detail), ref, detail, "ready", account));
    // one that its node made after all is finished, not replaced
    const isMade = state.phase === "failed" && ["running", "closed"].includes(detail.status);
    const phase = isLost(state) || isMade ? "creating" : state.phase;
    return toValues(stateOf(state, there, detail, phase, account));
  } catch (error) {
    if (!state || !isRemote(error, "rental-over") || !(await rentalEnded(context, ref, error))) throw error;
    context.warn(
      `the rental of node ${ref.nodeId.slice(0, 8)}… is over: ${nameOf(ref)} can't be reached any more.`,
    );
    return toValues({ ...state, status: RENTAL_ENDED });
  }
};
