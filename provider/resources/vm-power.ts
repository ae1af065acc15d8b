import { sentence } from "../core/errors";
import type { Context } from "../core/resource";
import type { Site } from "./site";
import type { VmArgs } from "./vm";
import { nameOf, type VmRef } from "./vm-state";
import { command, limitOf } from "./vm-wait";

const limit = (args: VmArgs) => limitOf(args.timeouts, "update");
const options = ({ rentOrder }: VmRef) => ({ rentOrder });

/** Starts a VM and proves that it runs. */
export const powerOn = (context: Context<Site>, ref: VmRef, args: VmArgs): Promise<void> =>
  command(context, ref, {
    doing: "starting",
    send: () => context.site.client.startTask(ref.nodeId, ref.taskId, options(ref)),
    alreadyDone: /^task is running/,
    reached: (status) => status === "running",
    limitMs: limit(args),
  });

/** Powers a VM off. The node's "shutdown" is a hard power-off too, so there is only this one. */
export const powerOff = (context: Context<Site>, ref: VmRef, args: VmArgs): Promise<void> =>
  command(context, ref, {
    doing: "powering off",
    send: () => context.site.client.poweroffTask(ref.nodeId, ref.taskId, options(ref)),
    alreadyDone: /^task is shut_off/,
    reached: (status) => status === "closed",
    limitMs: limit(args),
  });

/** Restarts a running VM in the way that `restartMode` says. */
export const restart = (context: Context<Site>, ref: VmRef, args: VmArgs): Promise<void> => {
  const { client } = context.site;
  return command(context, ref, {
    doing: "restarting",
    send: () =>
      args.restartMode === "reset"
        ? client.resetTask(ref.nodeId, ref.taskId, options(ref))
        : client.restartTask(ref.nodeId, ref.taskId, {
            ...options(ref),
            force: args.restartMode === "force",
          }),
    reached: (status) => status === "running",
    limitMs: limit(args),
    repeatable: false,
  });
};

/** The VM was powered off for a change and could not be started again. */
export class NotRestored extends Error {
  override readonly name = "NotRestored";
}

/**
 * Does `work` while the VM is off, and starts it again whether or not the work went well. An error of the work is
 * thrown after the start; a failed start is {@link NotRestored}.
 */
export const withVmOff = async (
  context: Context<Site>,
  ref: VmRef,
  args: VmArgs,
  work: () => Promise<void>,
): Promise<void> => {
  await powerOff(context, ref, args);
  const failure = await work().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  try {
    await powerOn(context, ref, args);
  } catch (error) {
    const also = failure ? ` Before that, the change itself failed: ${sentence(failure.error)}` : "";
    throw new NotRestored(
      `${nameOf(ref)} is off for a change and could not be started again: ${sentence(error)}${also} The next up only starts it.`,
    );
  }
  if (failure) throw failure.error;
};
