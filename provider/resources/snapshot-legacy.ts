import type { LegacySnapshot } from "../api/dbc/legacy/types";
import type { Problem, Values } from "../core/check";
import { spoken } from "../core/duration";
import { isRemote, sentence, UserError } from "../core/errors";
import { sendOnce, Unsettled } from "../core/once";
import { type Context, PartialState } from "../core/resource";
import { isKnown } from "../core/unknown";
import { lacking, olderNode, vmNode } from "./legacy";
import type { Site } from "./site";
import type { SnapshotArgs } from "./snapshot";
import {
  described,
  idOf,
  nameOf,
  nameTaken,
  type SnapshotPhase,
  type SnapshotState,
  toState,
  toValues,
} from "./snapshot-state";
import { accountAt, limitMsOf } from "./transfer-fields";
import { placeOf, refuseRunning, whileVmOff } from "./vm-part";
import { NotRestored } from "./vm-power";
import type { VmRef } from "./vm-state";

const MADE_WITHIN_MS = 21_600_000;
const SWITCHED_WITHIN_MS = 1_800_000;
const LOOK_EVERY_MS = 5_000;

/** What libvirt calls the state of a snapshot that is made; the node puts the text of an error in the same place. */
const MADE = /^(nostate|running|blocked|paused|shutdown|shutoff|crashed|pmsuspended|disk-snapshot)$/;

/** Whether one is ours, by the mark at the end of its description. */
export const isOurs = ({ description }: LegacySnapshot, key: unknown): boolean =>
  typeof key === "string" && description.endsWith(`[${key}]`);

/** The node of a VM's id, as far as it is known. */
export const nodeOf = ({ vmId }: Values): unknown => vmNode(vmId);

/** What a snapshot on an older node can't have. */
export const legacySnapshotPreflight = async (site: Site, news: Values): Promise<Problem[]> => {
  const { vmId, name, __key: key, __vm: vm } = news;
  const node = nodeOf(news);
  const problems = [
    ...lacking(news, "imageServer", "a snapshot stays there, in files of its own beside the VM's", node),
    ...(name === "create" || name === "delete"
      ? [{ field: "name", reason: `name must be neither "create" nor "delete" here: ${olderNode(node)}.` }]
      : []),
    ...(await refuseRunning(site, news, "a snapshot")),
  ];
  if (typeof vmId !== "string" || !isKnown(vmId) || typeof name !== "string") return problems;
  try {
    const ref = placeOf(site, vmId, vm);
    const items = await site.client.listLegacySnapshots(ref.nodeId, ref.taskId);
    if (items.some((item) => item.name === name && !isOurs(item, key)))
      problems.push({ field: "name", reason: nameTaken(name, ref) });
  } catch (error) {
    if (!isRemote(error)) throw error;
  }
  return problems;
};

/** A finished or failed one; `undefined` while it is in the making. */
const settled = async (
  { site }: Context<Site>,
  ref: VmRef,
  args: SnapshotArgs,
): Promise<LegacySnapshot | undefined> => {
  const found = await site.client.getLegacySnapshot(ref.nodeId, ref.taskId, args.name);
  if (found.state === "creating") return undefined;
  if (MADE.test(found.state)) return found;
  throw new UserError(
    `${nameOf(args.name, ref)} could not be made: its node says "${found.state}" (getVmLogs shows more); the next up tries again.`,
  );
};

/** Has the snapshot made while the VM is off; an order of unknown fate is safe to repeat, as names are unique. */
const make = async (
  context: Context<Site>,
  ref: VmRef,
  args: SnapshotArgs,
  key: string,
  order: { given: boolean },
): Promise<void> => {
  const { site, clock } = context;
  const look = async () => {
    const items = await site.client.listLegacySnapshots(ref.nodeId, ref.taskId);
    const mine = items.find((item) => item.name === args.name);
    if (mine && !isOurs(mine, key)) throw new UserError(nameTaken(args.name, ref));
    // one that failed is made again under the same name
    return mine && (mine.state === "creating" || MADE.test(mine.state)) ? mine : undefined;
  };
  const disks = args.disks?.map((disk) => ({ ...disk }));
  if (!(await look()))
    await sendOnce<LegacySnapshot | "ordered">({
      clock,
      repeatable: true,
      look,
      send: async () => {
        order.given = true;
        const description = described(args, key);
        await site.client.createLegacySnapshot(ref.nodeId, ref.taskId, {
          name: args.name,
          description,
          disks,
        });
        return "ordered";
      },
      isAlreadyThere: ({ said }) =>
        said === "snapshot_name is already exist" || said.startsWith("task snapshot is busy"),
      unsure: () => context.progress("no clear answer: looking whether the snapshot was begun"),
    }).catch((error: unknown) => {
      // a plain error is certain: nothing was begun
      if (!(error instanceof Unsettled)) order.given = false;
      throw error;
    });
  order.given = true;
  const begun = clock.now();
  const limitMs = limitMsOf(args.timeouts, "create") ?? MADE_WITHIN_MS;
  for (;;) {
    context.progress("making the snapshot, while the VM is off");
    try {
      if (await settled(context, ref, args)) return;
    } catch (error) {
      if (!isRemote(error, "unavailable", "not-sent")) throw error;
    }
    if (clock.now() - begun >= limitMs)
      throw new UserError(
        `gave up waiting for ${nameOf(args.name, ref)} after ${spoken(limitMs)}; the next up goes on with it.`,
      );
    await clock.sleep(LOOK_EVERY_MS);
  }
};

const have = async (
  context: Context<Site>,
  args: SnapshotArgs,
  before: SnapshotState | undefined,
): Promise<SnapshotState> => {
  const { site, hidden } = context;
  const ref = placeOf(site, args.vmId, hidden.__vm);
  const key = hidden.__key;
  if (key === undefined) throw new UserError("a Snapshot is made by the class of that name, with its key.");
  const account = await accountAt(context, { ...ref, what: nameOf(args.name, ref) }, before?.__account);
  const order = { given: before !== undefined };
  const stateOf = (phase: SnapshotPhase, found?: LegacySnapshot): SnapshotState => ({
    ...args,
    phase,
    file: found?.disks.find((disk) => disk.name === "vda")?.file,
    createdAt: found?.createdAt,
    __whole: found !== undefined,
    __older: true,
    __account: account,
  });
  try {
    await whileVmOff(context, args.vmId, limitMsOf(args.timeouts, "update") ?? SWITCHED_WITHIN_MS, () =>
      make(context, ref, args, key, order),
    );
    return stateOf("ready", await settled(context, ref, args));
  } catch (error) {
    if (!order.given) throw error instanceof Unsettled ? error.last : error;
    const phase = error instanceof NotRestored ? "restore-power" : "copying";
    const reason = sentence(error instanceof Unsettled ? error.last : error);
    throw new PartialState(idOf(args), toValues(stateOf(phase)), reason);
  }
};

/** Makes a snapshot on an older node, or goes on with one that an interrupted run began. */
export const createLegacySnapshot = async (
  context: Context<Site>,
  args: SnapshotArgs,
): Promise<{ id: string; state: Values }> => ({
  id: idOf(args),
  state: toValues(await have(context, args, undefined)),
});

export const changeLegacySnapshot = async (
  context: Context<Site>,
  values: Values,
  args: SnapshotArgs,
): Promise<Values> => toValues(await have(context, args, toState(values)));
