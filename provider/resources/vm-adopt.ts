import { isDeepStrictEqual } from "node:util";
import type { Values } from "../core/check";
import { isRemote, UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { Site } from "./site";
import type { VmArgs } from "./vm";
import { accountOf, idOf, nameOf, stateOf, toValues, type VmRef } from "./vm-state";

/** Takes over a VM that exists: what the node shows must agree with the arguments, the rest is taken on trust. */
export const adoptVm = async (
  context: Context<Site>,
  args: VmArgs,
  taskId: string,
): Promise<{ id: string; state: Values }> => {
  const ref: VmRef = { nodeId: args.nodeId, taskId, rentOrder: args.rentOrder ?? context.site.rentOrder };
  const account = await accountOf(context, ref);
  const detail = await context.site.client
    .getTask(ref.nodeId, taskId, { rentOrder: ref.rentOrder })
    .catch((error: unknown) => {
      if (isRemote(error, "not-found"))
        throw new UserError(
          `there is no ${nameOf(ref)} to adopt: mend adoptTaskId or nodeId, or use the account that made it.`,
        );
      throw error;
    });
  const seen = stateOf(args, ref, detail, "ready", account);
  const compared: readonly (readonly [string, unknown, unknown])[] = [
    ["os", args.os, detail.os.includes("win") ? "windows" : "linux"],
    ["lan", args.lan, detail.networkName],
    ...(["cpuCores", "memoryGib", "gpuCount", "vncPort", "sshPort", "rdpPort"] as const).map(
      (field) => [field, args[field], seen[field]] as const,
    ),
  ];
  const different = compared.filter(([, wanted, found]) => !isDeepStrictEqual(wanted, found));
  if (different.length > 0)
    throw new UserError(
      `can't adopt ${nameOf(ref)}: ${different.map(([field, wanted, found]) => `${field} is ${String(found)}, not ${String(wanted)}`).join("; ")}; write down what is there, and change it in a later up.`,
    );
  context.warn(
    `adopted ${nameOf(ref)}; its image, firmware, port maps and filters can't be seen, so they are taken as written down.`,
  );
  return { id: idOf(ref), state: toValues(seen) };
};
