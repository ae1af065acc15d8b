import type { CreateTask } from "../api/dbc/types";
import type { Values } from "../core/check";
import { closedSentence, UserError } from "../core/errors";
import { rootOf, taskIdOf } from "../core/key";
import { sendOnce, Unsettled } from "../core/once";
import { type Context, PartialState } from "../core/resource";
import type { Site } from "./site";
import type { VmArgs } from "./vm";
import { adoptVm } from "./vm-adopt";
import { removeVm } from "./vm-delete";
import { finishVm } from "./vm-finish";
import { refuseUnevenCores, waitForLan } from "./vm-preflight";
import {
  accountOf,
  bareState,
  CREATE_ERROR,
  filterText,
  findVm,
  idOf,
  nameOf,
  portMapTexts,
  toValues,
  type VmRef,
  type VmState,
} from "./vm-state";
import { limitOf } from "./vm-wait";

const orderOf = (args: VmArgs, taskId: string): CreateTask => ({
  taskId,
  image: args.image,
  os: args.os,
  bios: args.bios,
  description: args.description,
  gpuCount: args.gpuCount,
  cpuCores: args.cpuCores,
  memoryGib: args.memoryGib,
  // the node wants a size even where a file is the data disk, and does not use it then
  diskGib: args.bios === "pxe" ? undefined : (args.dataDiskGib ?? 1),
  sshPort: args.sshPort,
  rdpPort: args.rdpPort,
  vncPort: args.vncPort,
  publicIp: args.publicIp,
  customPorts: args.portMaps?.flatMap(portMapTexts),
  dataFile: args.dataFile?.name,
  networkName: args.lan,
  multicast: args.multicast,
  networkFilters: args.networkFilters?.map(filterText),
  // the node refuses its own default when it is written out
  interfaceModel: args.interfaceModel === "virtio" ? undefined : args.interfaceModel,
});

/**
 * The task id to use, past any zombie, and whether a VM of ours is there under it. A VM of this key that failed while
 * nobody watched is cleared away first, unless a file of the user's would go with it.
 */
const claim = async (
  context: Context<Site>,
  key: string,
  args: VmArgs,
  rentOrder: string | undefined,
): Promise<{ ref: VmRef; there: boolean }> => {
  const listed = (await context.site.tasks(args.nodeId, rentOrder).fresh()).filter(({ taskId }) =>
    taskId.startsWith(rootOf(key)),
  );
  const refTo = (taskId: string): VmRef => ({ nodeId: args.nodeId, taskId, rentOrder });
  const alive = listed.find(({ status }) => status !== CREATE_ERROR);
  if (alive) return { ref: refTo(alive.taskId), there: true };
  for (let number = 0; ; number++) {
    const ref = refTo(taskIdOf(key, number));
    if (!listed.some(({ taskId }) => taskId === ref.taskId)) return { ref, there: false };
    if (args.dataFile) return { ref, there: true };
    if ((await removeVm(context, ref, limitOf(args.timeouts, "delete"))) === "gone")
      return { ref, there: false };
    context.warn(
      `${nameOf(ref)} failed to come up and can't be removed; it holds its GPUs until the node restarts. A new VM is made beside it.`,
    );
  }
};

/** Sends the create of a VM that was seen not to be there, once, and waits until it is up. */
export const sendVm = async (
  context: Context<Site>,
  ref: VmRef,
  args: VmArgs,
  account: string,
): Promise<VmState> => {
  const { site, clock } = context;
  const watch = site.tasks(ref.nodeId, ref.rentOrder);
  try {
    const { clear } = await sendOnce({
      clock,
      repeatable: true,
      look: () => findVm(context, ref),
      send: () => {
        watch.forget();
        return site.client
          .createTask(ref.nodeId, orderOf(args, ref.taskId), { rentOrder: ref.rentOrder })
          .finally(() => watch.forget());
      },
      isAlreadyThere: ({ said }) => said.startsWith("task id already existed"),
      unsure: () => context.progress("no clear answer: looking whether the VM was made"),
    });
    return await finishVm(context, ref, args, account, { found: !clear, mayStop: true });
  } catch (error) {
    if (!(error instanceof Unsettled)) throw error;
    const state = bareState(args, ref, "unknown", "unknown", account);
    throw new PartialState(
      idOf(ref),
      toValues(state),
      `nobody knows whether ${nameOf(ref)} was made: ${closedSentence(error.last)} It is recorded; run \`pulumi up\` again to go on with it.`,
    );
  }
};

/** Makes a VM, or goes on with the one that an interrupted run began. */
export const createVm = async (
  context: Context<Site>,
  args: VmArgs,
): Promise<{ id: string; state: Values }> => {
  if (args.adoptTaskId !== undefined) return adoptVm(context, args, args.adoptTaskId);
  const key = context.hidden.__key;
  if (key === undefined) throw new UserError("this Vm has no key: make it with the class Vm of pulumi-dbc.");
  const rentOrder = args.rentOrder ?? context.site.rentOrder;
  const account = await accountOf(context, { nodeId: args.nodeId, taskId: key, rentOrder });
  const { ref, there } = await claim(context, key, args, rentOrder);
  if (there) {
    context.warn(
      `${nameOf(ref)} was begun by a run that did not end: going on with it. If Pulumi goes on to warn of pending operations, \`pulumi refresh --clear-pending-creates\` settles that.`,
    );
    return {
      id: idOf(ref),
      state: toValues(await finishVm(context, ref, args, account, { found: true, mayStop: true })),
    };
  }
  await refuseUnevenCores(context, args);
  if (args.lan !== undefined) await waitForLan(context, args.nodeId, args.lan);
  return { id: idOf(ref), state: toValues(await sendVm(context, ref, args, account)) };
};
