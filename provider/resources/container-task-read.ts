import type { ContainerTaskDetail } from "../api/container/types";
import type { Values } from "../core/check";
import type { Context } from "../core/resource";
import type { ContainerTaskArgs } from "./container-task";
import { resolveTask } from "./container-task-adopt";
import { detailOf, look } from "./container-task-apply";
import { isGone } from "./container-task-delete";
import { accountOf, linesOf, refOf, toState, toValues } from "./container-task-state";
import type { Site } from "./site";

/** How old a list may be that answers a refresh; nothing of ours was written since. */
const LIST_AGE_MS = 60_000;

const oneOf = <const T extends string>(words: readonly T[], word: string | undefined, otherwise: T): T =>
  words.find((known) => known === word) ?? otherwise;

/** The arguments of a task that was not made here, as far as the platform shows them. */
const seenArgs = (detail: ContainerTaskDetail): ContainerTaskArgs => ({
  name: detail.name.slice(0, 32),
  taskType: oneOf(["ssh", "jupyter", "codeserver", "rstudio"], detail.taskType, "ssh"),
  acceleratorType: oneOf(["mlu", "dcu", "gpu", "cpu"], detail.acceleratorType, "gpu"),
  image: detail.image,
  resourceGroup: detail.resourceGroup,
  cpuCores: detail.cpuCores,
  acceleratorCount: detail.acceleratorCount,
  ramMib: detail.ramMib,
  containers: detail.containers,
  timeLimit: detail.timeLimit,
  ...(detail.startScript !== undefined && { startScript: detail.startScript }),
  startScriptScope: oneOf(["all", "header"], detail.startScriptScope, "all"),
  mounts: detail.mounts.map(({ source, target, type }) => ({
    source,
    target: target ?? "",
    type: oneOf(["data", "path"], type, "path"),
  })),
  ports: detail.ports.map(({ port, protocol }) => ({ port, protocol })),
  ...(detail.description !== "" && { description: detail.description }),
  waitFor: "running",
  allowStop: false,
  deletionProtection: false,
});

/** A task by `<region>/<name>`, or by `<region>/<instance id>`, that nothing here has made. */
const readForeign = async (context: Context<Site>, id: string): Promise<Values | undefined> => {
  const asked = refOf(id, undefined, undefined);
  const { id: region } = await context.site.container.client.region(asked.region);
  const ref = await resolveTask(context, region, asked.name);
  if (ref === undefined) return undefined;
  const account = await accountOf(context, ref);
  const args = seenArgs(await detailOf(context, ref));
  return toValues(await look(context, ref, args, "ready", account));
};

/**
 * What a task is like now; `undefined` only when it is proven gone. One that was stopped, or whose time limit was
 * reached, is there all the same.
 */
export const readContainerTask = async (
  context: Context<Site>,
  id: string,
  values: Values | undefined,
): Promise<Values | undefined> => {
  if (values === undefined) return readForeign(context, id);
  const state = toState(values);
  const ref = refOf(id, context.hidden.__key, state.instanceId);
  const account = await accountOf(context, ref, state.__account);
  const line = linesOf(await context.site.container.tasks(ref.region).recent(LIST_AGE_MS), ref).at(-1);
  if (line === undefined && (await isGone(context, ref))) return undefined;
  const known = { ...ref, instanceId: line?.instanceId ?? ref.instanceId };
  try {
    return toValues(await look(context, known, state, state.phase, account));
  } catch (error) {
    // the list may be a minute old
    if (await isGone(context, known)) return undefined;
    throw error;
  }
};
