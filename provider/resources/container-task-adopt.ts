import { isDeepStrictEqual } from "node:util";
import type { Values } from "../core/check";
import { UserError } from "../core/errors";
import type { Context } from "../core/resource";
import type { ContainerTaskArgs } from "./container-task";
import { detailOf, look } from "./container-task-apply";
import { accountOf, type ContainerTaskRef, idOf, nameOf, toValues } from "./container-task-state";
import type { Site } from "./site";

/** The one listed task that an instance id, or else a name, stands for. */
export const resolveTask = async (
  { site }: Context<Site>,
  region: string,
  idOrName: string,
): Promise<ContainerTaskRef | undefined> => {
  const items = await site.container.tasks(region).fresh();
  const byId = items.filter(({ instanceId }) => instanceId === idOrName);
  const found = byId.length > 0 ? byId : items.filter(({ name }) => name === idOrName);
  const [line, ...others] = found;
  if (others.length > 0)
    throw new UserError(
      `there are ${found.length} container tasks named ${idOrName} in region ${region}: use the instance id of the one that is meant, one of ${found.map(({ instanceId }) => instanceId).join(", ")}.`,
    );
  return line && { region, name: line.name || idOrName, isOurs: false, instanceId: line.instanceId };
};

/** Takes over a task that exists: what the platform shows must agree with the arguments. */
export const adoptContainerTask = async (
  context: Context<Site>,
  args: ContainerTaskArgs,
  idOrName: string,
): Promise<{ id: string; state: Values }> => {
  const { id: region } = await context.site.container.client.region(args.region);
  const ref = await resolveTask(context, region, idOrName);
  if (ref === undefined)
    throw new UserError(
      `there is no container task ${idOrName} to adopt in region ${region}: mend adoptInstance or region, or use the account that made it.`,
    );
  const account = await accountOf(context, ref);
  const detail = await detailOf(context, ref);
  const fields = [
    "taskType",
    "acceleratorType",
    "image",
    "resourceGroup",
    "cpuCores",
    "acceleratorCount",
    "ramMib",
    "containers",
    "timeLimit",
  ] as const;
  const different = fields.filter((field) => !isDeepStrictEqual(args[field], detail[field]));
  if (different.length > 0)
    throw new UserError(
      `can't adopt ${nameOf(ref)}: ${different.map((field) => `${field} is ${String(detail[field])}, not ${String(args[field])}`).join("; ")}; write down what is there, and change it in a later up.`,
    );
  context.warn(`adopted ${nameOf(ref)}; its script, mounts and ports are taken as written down.`);
  return { id: idOf(ref), state: toValues(await look(context, ref, args, "ready", account)) };
};
