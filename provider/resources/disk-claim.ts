import * as z from "zod";
import { field, text } from "../core/fields";
import { newKey } from "../core/key";
import { type Context, defineResource } from "../core/resource";
import { DIRECTORY, VM_ID } from "./data-disk-fields";
import type { Site } from "./site";
import { peersOf, placeOf } from "./vm-part";

/** How old the list may be that is claimed; nothing of ours was written since. */
const LIST_AGE_MS = 10_000;

/** Arguments of a claim: those whose change makes another disk. */
export const diskClaimShape = {
  vmId: field({ cost: "replace" }, text(VM_ID, "the id of a Vm").describe("VM that is to get a disk.")),
  directory: field(
    { cost: "replace" },
    text(DIRECTORY, "a directory of the node")
      .default("/data")
      .describe("Directory that is to hold its file."),
  ),
} as const;

/** What there was before a disk was added. */
export interface Claim {
  readonly key: string;
  /** Files of the VM's disks. */
  readonly files: readonly string[];
  /** What the program declared on the VM. */
  readonly peers: readonly string[];
}

const texts = z.array(z.string());
const Passed = z.object({ key: z.string(), files: texts, peers: texts });

/** The claim that the sdk passed along, if it did. */
export const claimIn = ({ hidden }: Context<Site>): Claim | undefined => {
  const claim = Passed.safeParse(hidden.__claim);
  return claim.success ? claim.data : undefined;
};

const made = new WeakMap<Site, Set<string>>();

/** Whether this run made the claim, so that no earlier one can have begun its disk. */
export const isNew = (site: Site, { key }: Claim): boolean => made.get(site)?.has(key) === true;

/**
 * The list of a VM's disks as it was before a `DataDisk` was added, a hidden resource beside it. A disk has no name
 * and no mark: it is told from the others by not having been there. The claim is in the checkpoint before the disk's
 * create starts, so that a run after a crash finds what the earlier one has added.
 */
export const diskClaim = defineResource<typeof diskClaimShape, Site>({
  kind: "DiskClaim",
  schemaVersion: 1,
  shape: diskClaimShape,
  deleteBeforeReplace: false,
  helper: true,
  async create(context, args) {
    const { site, random, hidden } = context;
    const disks = await site.disks(placeOf(site, args.vmId, hidden.__vm)).recent(LIST_AGE_MS);
    const id = newKey(random);
    made.set(site, (made.get(site) ?? new Set()).add(id));
    return { id, state: { ...args, files: disks.map(({ file }) => file), peers: peersOf(context) } };
  },
  read: async (_context, _id, state) => state ?? {},
  delete: async () => {},
});
