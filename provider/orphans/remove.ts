import { UserError } from "../core/errors";
import type { Context } from "../core/resource";
import { removeContainerTask } from "../resources/container-task-delete";
import { refOf as containerRefOf } from "../resources/container-task-state";
import { deleteLan } from "../resources/lan-delete";
import type { Site } from "../resources/site";
import { DROPPED_WITHIN_MS, drop } from "../resources/snapshot-copy";
import { partsOf } from "../resources/snapshot-state";
import { accountAt } from "../resources/transfer-fields";
import { removeVm } from "../resources/vm-delete";
import { refOf as vmRefOf } from "../resources/vm-state";
import type { Findings } from "./find";
import { markOf, type Thing } from "./thing";

const LIMIT_MS = 1_200_000;

/** What an id stands for, if it may be deleted: it is there, carries our mark, and belongs to no state. */
export const chooseOrphan = ({ seen, orphans }: Findings, id: string): Thing => {
  const named = seen.filter((thing) => thing.id === id || thing.remoteId === id);
  const [first, ...others] = named;
  if (first === undefined)
    throw new UserError(`could not delete ${id}: none of the places that were looked at has it.`);
  if (others.length > 0)
    throw new UserError(
      `could not delete ${id}: there are ${named.length} of that name; say which by ${named
        .map(({ remoteId }) => remoteId ?? "another id")
        .join(" or ")}.`,
    );
  if (markOf(first) === undefined)
    throw new UserError(`could not delete ${id}: nothing says that pulumi-dbc has made it.`);
  if (!orphans.includes(first))
    throw new UserError(
      `could not delete ${id}: it belongs to a state that was given; use \`pulumi destroy\`.`,
    );
  return first;
};

/** Deletes one orphan, in the way in which its resource would, and returns when it is proven gone. */
export const removeOrphan = async (context: Context<Site>, thing: Thing): Promise<"gone" | "zombie"> => {
  const { site } = context;
  const { kind, id, remoteId, rentOrder } = thing;
  switch (kind) {
    case "Vm":
      return await removeVm(context, vmRefOf(id, rentOrder), LIMIT_MS);
    case "Lan": {
      const [nodeId = "", name = ""] = id.split("/");
      const __account = await accountAt(context, { nodeId, rentOrder, what: `LAN ${name}` });
      await deleteLan(context, id, { nodeId, name, __account });
      return "gone";
    }
    case "Snapshot": {
      const { vmId } = partsOf(id);
      const ref = vmRefOf(vmId, rentOrder);
      const entry =
        remoteId === undefined
          ? undefined
          : (await site.snapshots(ref).fresh()).find(({ file }) => file === remoteId);
      if (entry === undefined)
        throw new UserError(
          `could not delete snapshot ${id}: its node has no call for it; it goes with its VM.`,
        );
      await drop(context, ref, entry, DROPPED_WITHIN_MS);
      return "gone";
    }
    case "ContainerTask": {
      const ref = { ...containerRefOf(id, undefined, remoteId), isOurs: false };
      await removeContainerTask(context, ref, { resourceGroup: "of its own" }, LIMIT_MS);
      return "gone";
    }
  }
};
