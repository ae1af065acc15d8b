import type { Problem, Values } from "../core/check";
import type { Change } from "../core/diff";
import type { Plan } from "../core/resource";
import { ledgerOf } from "./data-disk-ledger";
import type { Site } from "./site";
import { refuseRunning, settlePart } from "./vm-part";
import { peerName } from "./vm-power";

/** Plans that would lose data. */
export const refuse = async (
  _site: Site,
  olds: Values,
  changes: readonly Change[],
  news: Values,
): Promise<Problem[]> => {
  const [from, to] = [olds.sizeGib, news.sizeGib];
  const replaced = changes.some(({ cost }) => cost === "replace");
  return !replaced && typeof from === "number" && typeof to === "number" && to < from
    ? [
        {
          field: "sizeGib",
          reason: `sizeGib can't shrink: the disk has ${from} GiB; make a new DataDisk for a smaller one.`,
        },
      ]
    : [];
};

const nothing = Promise.resolve([]);

/** Plans that would stop a machine without consent. */
export const preflight = (site: Site, news: Values, changes: readonly Change[]): Promise<Problem[]> => {
  const makes = changes.some(({ cost }) => cost === "replace");
  // to take over a disk, its VM needn't be off
  if (makes) return news.adoptFile === undefined ? refuseRunning(site, news, "adding a disk") : nothing;
  return changes.some(({ cost }) => cost === "needsStop")
    ? refuseRunning(site, news, "a change of sizeGib")
    : nothing;
};

/** Whether the VM is known to have been off when the last run looked. */
export const isVmOff = (vm: unknown): boolean =>
  typeof vm === "object" && vm !== null && (vm as Values).status === "closed";

/** Remembers whose file a disk is, and that nobody needs to wait for one that stays as it is. */
export const planDataDisk = (site: Site, _id: string, state: Values, news: Values, plan: Plan): void => {
  const name = peerName(typeof news.__urn === "string" ? news.__urn : undefined);
  if (typeof state.vmId === "string")
    ledgerOf(site, state.vmId).know(name, typeof state.file === "string" ? state.file : undefined);
  settlePart(site, state, news, plan);
};
