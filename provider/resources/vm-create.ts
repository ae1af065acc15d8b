import type { CreateTask, TaskDetail } from "../api/dbc/types";
import type { Values } from "../core/check";
import { closedSentence, isRemote, sentence, UserError } from "../core/errors";
import { taskIdOf } from "../core/key";
import { sendOnce, Unsettled } from "../core/once";
import { type Context, PartialState } from "../core/resource";
import type { Site } from "./site";
import type { VmArgs } from "./vm";
import { adoptVm } from "./vm-adopt";
import { applyChanges } from "./vm-apply";
import { removeVm } from "./vm-delete";
import { powerOff, powerOn } from "./vm-power";
import { refuseUnevenCores, waitForLan } from "./vm-preflight";
import {
  accountOf,
  bareState,
  filterText,
  findVm,
  idOf,
  isSettled,
  nameOf,
  type Phase,
  portMapTexts,
  stateOf,
  toValues,
  type VmRef,
  type VmState,
} from "./vm-state";
import { limitOf, WaitEnded, waitForStatus } from "./vm-wait";

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
  const family = key.slice(0, 20);
  const listed = (await context.site.tasks(args.nodeId, rentOrder).fresh()).filter(({ taskId }) =>
    taskId.startsWith(family),
  );
  const refTo = (taskId: string): VmRef => ({ nodeId: args.nodeId, taskId, rentOrder });
  const alive = listed.find(({ status }) => status !== "create error");
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

const ADDRESS_WITHIN_MS = 60_000;

/** Details of a running VM, with its address unless the node has none to tell. */
const detailWithAddress = async (context: Context<Site>, ref: VmRef, args: VmArgs): Promise<TaskDetail> => {
  const begun = context.clock.now();
  for (;;) {
    try {
      const detail = await context.site.client.getTask(ref.nodeId, ref.taskId, { rentOrder: ref.rentOrder });
      const port = args.os === "windows" ? detail.rdpPort : detail.sshPort;
      const isReachable = args.bios === "pxe" || (detail.address !== undefined && port !== undefined);
      // a list that was ahead of its node: both must say so
      if (isReachable && isSettled(detail.status)) return detail;
      if (context.clock.now() - begun >= ADDRESS_WITHIN_MS) {
        if (!isSettled(detail.status))
          throw new UserError(
            `the node lists ${nameOf(ref)} as running, and describes it as "${detail.status}"; run \`pulumi up\` again to go on with it.`,
          );
        context.warn(
          `${nameOf(ref)} runs, but its node does not tell the address; \`pulumi refresh\` asks again.`,
        );
        return detail;
      }
    } catch (error) {
      if (!isRemote(error, "unavailable", "not-sent") || context.clock.now() - begun >= ADDRESS_WITHIN_MS)
        throw error;
    }
    await context.clock.sleep(5_000);
  }
};

const waitForSsh = async (context: Context<Site>, ref: VmRef, state: VmState): Promise<void> => {
  const { address, port } = state;
  if (address === undefined || port === undefined)
    throw new UserError(`${nameOf(ref)} runs, but its node tells no address to try SSH on.`);
  const begun = context.clock.now();
  const limitMs = limitOf(state.timeouts, "create");
  for (;;) {
    context.progress("waiting for SSH");
    try {
      if ((await context.site.effects.greet(address, port, 10_000)).startsWith("SSH-")) return;
    } catch {
      // not up yet
    }
    if (context.clock.now() - begun >= limitMs)
      throw new UserError(
        `${nameOf(ref)} runs, but no SSH server answers at ${address}:${port}: look at its console (VNC), its firewall rules and getVmLogs.`,
      );
    await context.clock.sleep(5_000);
  }
};

const setLogin = async (context: Context<Site>, ref: VmRef, args: VmArgs): Promise<void> => {
  if (args.login)
    await context.site.client.setPassword(ref.nodeId, ref.taskId, args.login, { rentOrder: ref.rentOrder });
};

/** Waits for a VM that was sent to the node, and finishes it. Every error is partial state. */
export const finishVm = async (
  context: Context<Site>,
  ref: VmRef,
  args: VmArgs,
  account: string,
  adopted: boolean,
): Promise<VmState> => {
  let state = bareState(args, ref, "creating", "creating", account);
  try {
    const status = await waitForStatus(context, ref, {
      doing: "creating",
      reached: (status) => status === "running" || (adopted && status === "closed"),
      limitMs: limitOf(args.timeouts, "create"),
    });
    // only an adopted one can be off: an interrupted run was about to start it
    if (status === "closed" && args.powerState !== "stopped") await powerOn(context, ref, args);
    state = stateOf(args, ref, await detailWithAddress(context, ref, args), "creating", account);
    // an earlier run began it, perhaps with other arguments
    if (adopted) state = await applyChanges(context, ref, state, args, true);
    if (args.login && state.status === "running") await setLogin(context, ref, args);
    if (args.powerState === "stopped") await powerOff(context, ref, args);
    if (args.waitFor === "ssh" && state.status === "running") await waitForSsh(context, ref, state);
    if (args.login || args.powerState === "stopped") {
      const detail = await context.site.client.getTask(ref.nodeId, ref.taskId, { rentOrder: ref.rentOrder });
      state = stateOf(args, ref, detail, "creating", account);
    }
    if (state.password === undefined && args.bios !== "pxe" && !args.login)
      context.warn(
        `${nameOf(ref)} runs, but its node could not set a password in it: set \`login\`, or use the console (VNC).`,
      );
    return { ...state, phase: "ready" };
  } catch (error) {
    if (error instanceof PartialState) throw error;
    const phase: Phase =
      error instanceof WaitEnded && error.why === "error-status"
        ? "failed"
        : error instanceof WaitEnded && error.why === "vanished"
          ? "unknown"
          : "creating";
    const status = error instanceof WaitEnded ? error.status : state.status;
    throw new PartialState(idOf(ref), toValues({ ...state, status, phase }), sentence(error));
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
    return await finishVm(context, ref, args, account, !clear);
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
    return { id: idOf(ref), state: toValues(await finishVm(context, ref, args, account, true)) };
  }
  await refuseUnevenCores(context, args);
  if (args.lan !== undefined) await waitForLan(context, args.nodeId, args.lan);
  return { id: idOf(ref), state: toValues(await sendVm(context, ref, args, account)) };
};
