import { isDeepStrictEqual } from "node:util";
import type { ModifyTask } from "../api/dbc/types";
import { isRemote, sentence, UserError } from "../core/errors";
import { type Context, PartialState } from "../core/resource";
import type { Site } from "./site";
import type { VmArgs } from "./vm";
import { growDataDisk } from "./vm-data-disk";
import { NotRestored, powerOff, powerOn, restart, withVmOff } from "./vm-power";
import { refuseUnevenCores } from "./vm-preflight";
import {
  filterText,
  findVm,
  idOf,
  nameOf,
  portMapTexts,
  RENTAL_ENDED,
  stateOf,
  toValues,
  type VmRef,
  type VmState,
} from "./vm-state";
import { limitOf } from "./vm-wait";

const differ = (state: VmState, args: VmArgs, field: keyof VmArgs): boolean =>
  !isDeepStrictEqual(state[field] ?? undefined, args[field] ?? undefined);

/** Changes that wait for the next boot. */
const hardware = (state: VmState, args: VmArgs): ModifyTask | undefined => {
  const fields = (["vncPort", "gpuCount", "cpuCores", "memoryGib"] as const).filter((field) =>
    differ(state, args, field),
  );
  if (fields.length === 0) return undefined;
  // left out, the node would take the public address away
  return { publicIp: state.publicIp, ...Object.fromEntries(fields.map((field) => [field, args[field]])) };
};

/** Changes that take effect at once. */
const network = (state: VmState, args: VmArgs): ModifyTask | undefined => {
  const fields = (["publicIp", "sshPort", "rdpPort", "portMaps", "networkFilters"] as const).filter((field) =>
    differ(state, args, field),
  );
  if (fields.length === 0) return undefined;
  const has = (field: (typeof fields)[number]) => fields.includes(field);
  return {
    publicIp: args.publicIp,
    ...(has("sshPort") && { sshPort: args.sshPort ?? 22 }),
    ...(has("rdpPort") && { rdpPort: args.rdpPort ?? 3_389 }),
    ...(has("portMaps") && { customPorts: (args.portMaps ?? []).flatMap(portMapTexts) }),
    ...(has("networkFilters") && { networkFilters: (args.networkFilters ?? []).map(filterText) }),
  };
};

/** Sends a modify; its values are absolute, so an unknown outcome is settled by sending it again. */
const modify = async ({ site, clock }: Context<Site>, ref: VmRef, changes: ModifyTask): Promise<void> => {
  for (let sent = 1; ; sent++) {
    try {
      await site.client.modifyTask(ref.nodeId, ref.taskId, changes, { rentOrder: ref.rentOrder });
      return;
    } catch (error) {
      if (!isRemote(error, "unknown") || sent >= 3) throw error;
      await clock.sleep(5_000);
    }
  }
};

/** What a VM is like now. */
export const look = async (
  context: Context<Site>,
  ref: VmRef,
  args: VmArgs,
  account: string,
): Promise<VmState> =>
  stateOf(
    args,
    ref,
    await context.site.client.getTask(ref.nodeId, ref.taskId, { rentOrder: ref.rentOrder }),
    "ready",
    account,
  );

/** The arguments among `args` that a finished step has brought about; the others stay as recorded. */
const applied = (state: VmState, args: VmArgs, fields: readonly (keyof VmArgs)[]): VmState => {
  const next: Record<string, unknown> = { ...state };
  for (const field of fields) next[field] = args[field];
  return next as unknown as VmState;
};

/**
 * Brings a settled VM from `state` to `args`, step by step, in an order in which refusals come before downtime. What
 * was done is in the partial state of any error.
 */
export const applyChanges = async (
  context: Context<Site>,
  ref: VmRef,
  from: VmState,
  args: VmArgs,
  mayStop: boolean,
): Promise<VmState> => {
  let state = from;
  // an error of an earlier power change sticks to a VM that may well run
  const isOn = ((await findVm(context, ref))?.status ?? state.status) !== "closed";
  const wantsRunning = (args.powerState ?? (state.status === "closed" ? "stopped" : "running")) === "running";
  const toHardware = hardware(state, args);
  const toNetwork = network(state, args);
  const grows = differ(state, args, "dataDiskGib") && args.dataDiskGib !== undefined;
  // an earlier change that the node took may still wait for a boot
  let owed = from.phase === "changing" && isOn;
  const needsOff = toHardware !== undefined || grows || owed;
  if (needsOff && isOn && !mayStop && !args.allowStop && !context.site.allowStop)
    throw new UserError(
      `${nameOf(ref)} runs, and this change needs a hard power-off: set allowStop: true on it, or consent for this run with DBC_ALLOW_STOP=1.`,
    );
  try {
    if (toHardware) {
      if (toHardware.cpuCores !== undefined) await refuseUnevenCores(context, args);
      context.progress("changing the hardware");
      await modify(context, ref, toHardware).catch((error: unknown) => {
        // part of it may be in place
        owed ||= isOn && isRemote(error, "unknown");
        throw error;
      });
      owed = isOn;
    }
    const hardwareFields = ["vncPort", "gpuCount", "cpuCores", "memoryGib"] as const;
    if (needsOff) {
      const work = async () => {
        owed = false;
        if (grows) await growDataDisk(context, ref, state.dataDiskGib ?? 0, args.dataDiskGib ?? 0, isOn);
        state = applied(state, args, ["dataDiskGib"]);
      };
      const terms = { limitMs: limitOf(args.timeouts, "update"), mayStop: true, runs: wantsRunning };
      if (isOn) await withVmOff(context, ref, terms, work);
      else {
        await work();
        if (wantsRunning) await powerOn(context, ref, args);
      }
      state = applied(state, args, hardwareFields);
    }
    if (toNetwork) {
      context.progress("changing ports and filters");
      await modify(context, ref, toNetwork);
      state = applied(state, args, ["publicIp", "sshPort", "rdpPort", "portMaps", "networkFilters"]);
    }
    state = await changePower(context, ref, state, args);
    if (args.login && differ(state, args, "login")) {
      context.progress("setting the password");
      await context.site.client.setPassword(ref.nodeId, ref.taskId, args.login, { rentOrder: ref.rentOrder });
    }
    return await look(context, ref, args, state.__account);
  } catch (error) {
    const before = state.phase === "changing" ? "ready" : state.phase;
    const phase = error instanceof NotRestored ? "restore-power" : owed ? "changing" : before;
    // a modify is not atomic: what the node shows now is what is so
    const tried = toNetwork && args.publicIp !== undefined ? { ...state, publicIp: args.publicIp } : state;
    const seen = await look(context, ref, tried, state.__account).catch(() => state);
    const kept = phase === "restore-power" ? { ...seen, status: state.status } : seen;
    throw new PartialState(idOf(ref), toValues({ ...kept, phase }), sentence(error));
  }
};

const changePower = async (
  context: Context<Site>,
  ref: VmRef,
  state: VmState,
  args: VmArgs,
): Promise<VmState> => {
  const status = (await findVm(context, ref))?.status;
  if (args.powerState === "stopped" && status !== "closed") await powerOff(context, ref, args);
  if (args.powerState === "running" && status !== "running") await powerOn(context, ref, args);
  // a rental that was renewed under another number takes its VMs along when they are started
  if (
    differ(state, args, "rentOrder") &&
    args.powerState === undefined &&
    status === "closed" &&
    ["running", RENTAL_ENDED].includes(state.status)
  )
    await powerOn(context, ref, args);
  if (
    args.restartTrigger !== undefined &&
    differ(state, args, "restartTrigger") &&
    args.powerState !== "stopped"
  ) {
    if (status === "closed")
      throw new UserError(
        `${nameOf(ref)} is off and can't be restarted: set powerState: "running" to start it.`,
      );
    await restart(context, ref, args);
  }
  return applied(state, args, ["powerState", "rentOrder", "restartTrigger", "restartMode"]);
};
