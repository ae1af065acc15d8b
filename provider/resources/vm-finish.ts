import type { TaskDetail } from "../api/dbc/types";
import { isRemote, sentence, UserError } from "../core/errors";
import { type Context, PartialState } from "../core/resource";
import type { Site } from "./site";
import type { VmArgs } from "./vm";
import { applyChanges } from "./vm-apply";
import { powerOff, powerOn } from "./vm-power";
import {
  bareState,
  CREATE_ERROR,
  idOf,
  isSettled,
  nameOf,
  type Phase,
  stateOf,
  toValues,
  type VmRef,
  type VmState,
} from "./vm-state";
import { limitOf, WaitEnded, waitForStatus } from "./vm-wait";

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

/** What is known of a VM that is to be finished. */
export interface Begun {
  /** It was found, perhaps off, and perhaps made with other arguments. */
  readonly found: boolean;
  /** Nobody works on it yet: it may be powered off for what its arguments want. */
  readonly mayStop: boolean;
}

/** An error of a power change sticks to a VM that may well run; only that of a create says that it never did. */
const isPowerError = (status: string): boolean => status.endsWith("error") && status !== CREATE_ERROR;

/** Waits for a VM that was sent to the node, and finishes it. Every error is partial state. */
export const finishVm = async (
  context: Context<Site>,
  ref: VmRef,
  args: VmArgs,
  account: string,
  { found, mayStop }: Begun,
): Promise<VmState> => {
  let state = bareState(args, ref, "creating", "creating", account);
  try {
    const status = await waitForStatus(context, ref, {
      doing: "creating",
      reached: (status) => status === "running" || (found && (status === "closed" || isPowerError(status))),
      limitMs: limitOf(args.timeouts, "create"),
    });
    // only one that was found can be off: an interrupted run was about to start it
    if (status !== "running" && args.powerState !== "stopped") await powerOn(context, ref, args);
    state = stateOf(args, ref, await detailWithAddress(context, ref, args), "creating", account);
    // an earlier run began it, perhaps with other arguments
    if (found) state = await applyChanges(context, ref, state, args, mayStop);
    if (args.login && state.status !== "closed") await setLogin(context, ref, args);
    if (args.powerState === "stopped") await powerOff(context, ref, args);
    if (args.waitFor === "ssh" && state.status !== "closed") await waitForSsh(context, ref, state);
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
      error instanceof WaitEnded && error.why === "error-status" && error.status === CREATE_ERROR
        ? "failed"
        : error instanceof WaitEnded && error.why === "vanished"
          ? "unknown"
          : "creating";
    const status = error instanceof WaitEnded ? error.status : state.status;
    throw new PartialState(idOf(ref), toValues({ ...state, status, phase }), sentence(error));
  }
};
