import type { Problem, Values } from "../core/check";
import type { Change } from "../core/diff";
import { isKnown } from "../core/unknown";
import { nodeName } from "./asking";
import type { Site } from "./site";
import { isTaskOf } from "./vm-room";
import type { VmRef } from "./vm-state";

/** The VM that these inputs stand for, as its node lists it. */
const listed = async (
  site: Site,
  olds: Values,
): Promise<(VmRef & { readonly status: string }) | undefined> => {
  const { nodeId } = olds;
  if (typeof nodeId !== "string") return undefined;
  const rentOrder = typeof olds.rentOrder === "string" ? olds.rentOrder : site.rentOrder;
  const tasks = await site.tasks(nodeId, rentOrder).recent(60_000);
  const ours = tasks.find(({ taskId }) => isTaskOf(olds, taskId));
  return ours && { nodeId, taskId: ours.taskId, rentOrder, status: ours.status };
};

/** How large the data disk is: the inputs of an up that failed may ask for more than it ever got. */
const diskGib = async (site: Site, olds: Values): Promise<number | undefined> => {
  const ours = await listed(site, olds);
  const disks = ours ? await site.disks(ours).recent(60_000) : [];
  return disks.find(({ name }) => name === "vdb")?.sizeGib;
};

/**
 * Those of `changes` that a running VM would be powered off for. The inputs of an up that failed may ask for what was
 * never done, so that taking them back is no change at all.
 */
const stopsFor = async (site: Site, olds: Values, changes: readonly Change[]): Promise<readonly Change[]> => {
  const ours = await listed(site, olds);
  if (ours === undefined || ours.status === "closed") return [];
  const detail = await site.client.getTask(ours.nodeId, ours.taskId, { rentOrder: ours.rentOrder });
  const now: Values = {
    cpuCores: detail.cpuCores,
    memoryGib: Math.round(detail.memoryGib),
    gpuCount: detail.gpuCount,
    vncPort: detail.vncPort,
    dataDiskGib: await diskGib(site, olds),
  };
  return changes.filter(({ field, to }) => now[field] !== to);
};

const names = (changes: readonly Change[]): string => changes.map(({ field }) => field).join(", ");

/** Plans that would lose data, or stop a machine without consent. */
export const refuse = async (
  site: Site,
  olds: Values,
  changes: readonly Change[],
  news: Values,
): Promise<Problem[]> => {
  const problems: Problem[] = [];
  const replacing = changes.filter(({ cost }) => cost === "replace");
  if (olds.deletionProtection === true && replacing.length > 0)
    problems.push({
      field: "deletionProtection",
      reason: `a change of ${names(replacing)} replaces this VM and deletes its disks, which deletionProtection forbids: set it to false in an up of its own first.`,
    });
  if (replacing.length > 0 && typeof news.adoptTaskId === "string" && news.adoptTaskId === olds.adoptTaskId)
    problems.push({
      field: "adoptTaskId",
      reason: `a change of ${names(replacing)} replaces this VM: the one that was taken over is deleted, and adoptTaskId would look for it again; leave adoptTaskId out, and a new one is made.`,
    });
  const [from, to] = [olds.dataDiskGib, news.dataDiskGib];
  if (replacing.length === 0 && typeof from === "number" && typeof to === "number" && to < from) {
    const size = (await site.asking.ask(nodeName(String(olds.nodeId)), () => diskGib(site, olds))) ?? from;
    if (to < size)
      problems.push({
        field: "dataDiskGib",
        reason: `dataDiskGib can't shrink: the disk has ${size} GiB; make a new VM for a smaller one.`,
      });
  }
  if (replacing.length === 0 && changes.some(({ field, to }) => field === "adoptTaskId" && isKnown(to)))
    problems.push({
      field: "adoptTaskId",
      reason:
        "adoptTaskId is for a Vm that is not made yet, and this one stands for a VM already: leave it out here, and give it to a Vm of another name.",
    });
  const stopping = changes.filter(({ cost }) => cost === "needsStop");
  if (
    replacing.length > 0 ||
    stopping.length === 0 ||
    problems.length > 0 ||
    news.allowStop === true ||
    site.allowStop
  )
    return problems;
  // what can't be asked now is asked again before the power-off
  const stops = await site.asking.ask(nodeName(String(olds.nodeId)), () => stopsFor(site, olds, stopping));
  if (stops !== undefined && stops.length > 0)
    problems.push({
      field: "allowStop",
      reason: `a change of ${names(stops)} needs a hard power-off, and the VM is running: set allowStop: true on it, or consent for this run with DBC_ALLOW_STOP=1.`,
    });
  return problems;
};
